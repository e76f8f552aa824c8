// The API's server for the length of a test, on a database of its own.
#pragma once

#include <gtest/gtest.h>
#include <httplib.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "platform/sql_job_board.h"
#include "platform/sql_session.h"
#include "platform/token_store.h"
#include "service/api/server.h"
#include "testing/memory_uploads.h"
#include "testing/temp_dir.h"

namespace reel::testing {

inline constexpr char kPublicHost[] = "masters.example.org";
inline constexpr char kPrivateHost[] = "intranet.example.org";

class ApiService : public ::testing::Test {
 protected:
  ApiService()
      : board_(platform::OpenJobBoard(Database()).value()),
        tokens_(platform::SqlSession::OpenSqlite(Database()).value()) {
    options_.port = 0;
    options_.token_rate = options_.address_rate = {1e6, 1e6};
    backend_.board = board_.get();
    backend_.tokens = &tokens_;
    backend_.uploads = &uploads_;
    backend_.urls.resolve = Resolve;
    backend_.file_url =
        [](const std::string&, const std::string&,
           const std::string& digest) -> base::Result<std::string> {
      return "https://store.example.org/" + digest + "?signed";
    };
    backend_.estimate = [](const service::api::EstimateQuestion&)
        -> base::Result<service::api::Estimate> {
      return service::api::Estimate{7200, 1'000'000, 60};
    };
    backend_.workers = []() -> base::Result<base::Json> {
      return base::Json::array();
    };
    backend_.metrics = []() -> base::Result<std::string> {
      return "reel_jobs 1\n";
    };
    backend_.ready = []() -> base::Status { return {}; };
    backend_.event_pause = std::chrono::milliseconds(1);
    for (const auto role : {platform::Role::kViewer, platform::Role::kOperator,
                            platform::Role::kAdmin})
      secrets_.push_back(
          tokens_.Add(platform::Name(role), role).value().secret);
  }
  ~ApiService() override { Stop(); }

  std::string Database() const { return dir_.path() + "/state.db"; }

  static base::Result<std::vector<std::string>> Resolve(
      const std::string& host) {
    if (host == kPublicHost) return std::vector<std::string>{"1.1.1.1"};
    if (host == kPrivateHost)
      return std::vector<std::string>{"1.1.1.1", "10.0.0.1"};
    return base::Fail(base::Code::kNotFound, host + ": no such host");
  }

  void Start() {
    auto server = service::api::ApiServer::Open(options_, backend_);
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_.emplace(*std::move(server));
    thread_ = std::jthread(
        [this](std::stop_token stop) { EXPECT_TRUE(server_->Run(stop)); });
  }
  void Stop() { thread_ = {}; }

  const std::string& SecretOf(platform::Role role) const {
    return secrets_[static_cast<size_t>(role)];
  }

  struct Response {
    int status = 0;
    base::Json json;  // null: no JSON
    std::string text;
    httplib::Headers headers;
  };
  // As an admin, unless `headers` say who else.
  Response Send(const std::string& method, const std::string& path,
                const std::string& body = "", httplib::Headers headers = {}) {
    if (!headers.contains("Authorization")) {
      headers.emplace("Authorization",
                      "Bearer " + SecretOf(platform::Role::kAdmin));
    }
    if (!server_) Start();
    httplib::Client client(server_->address());
    client.enable_server_certificate_verification(false);
    client.set_url_encode(false);
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    request.body = body;
    const auto result = client.send(request);
    EXPECT_TRUE(result) << method << " " << path << ": "
                        << httplib::to_string(result.error());
    if (!result) return {};
    const auto json = base::ParseJson(result->body);
    return {result->status, json ? *json : base::Json(), result->body,
            result->headers};
  }
  Response Get(const std::string& path, httplib::Headers headers = {}) {
    return Send("GET", path, "", std::move(headers));
  }
  Response Post(const std::string& path, const base::Json& body,
                httplib::Headers headers = {}) {
    return Send("POST", path, base::DumpJson(body), std::move(headers));
  }
  static std::string CodeOf(const Response& response) {
    return response.json.value("error", base::Json::object()).value("code", "");
  }

  // A job that a client has submitted; its id.
  std::string Submit(const base::Json& more = base::Json::object()) {
    base::Json body = {{"source", "s3://masters/film.mov"}};
    body.update(more);
    const Response response = Post("/v1/jobs", body);
    EXPECT_EQ(response.status, 201) << response.text;
    return response.json.value("id", "");
  }
  // As an orchestrator does.
  platform::LedJob Lead(const std::string& id) {
    const auto led = board_->Lead("test", 100, std::chrono::minutes(1)).value();
    for (const platform::LedJob& job : led)
      if (job.job.id == id) return job;
    ADD_FAILURE() << "cannot lead " << id;
    return {};
  }
  void End(const std::string& id, platform::JobEvent how,
           const std::string& result = "",
           const std::optional<base::Error>& error = std::nullopt) {
    const auto status = board_->End(Lead(id), how, error, result);
    EXPECT_TRUE(status) << status.error().message;
  }

  TempDir dir_;
  std::unique_ptr<platform::JobBoard> board_;
  platform::TokenStore tokens_;
  MemoryUploads uploads_{1000};
  std::vector<std::string> secrets_;  // by role
  service::api::ApiOptions options_;
  service::api::ApiBackend backend_;
  std::optional<service::api::ApiServer> server_;
  std::jthread thread_;
};

}  // namespace reel::testing

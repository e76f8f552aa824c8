#include "cli/api_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>

#include "base/file.h"
#include "cli/fleet_options.h"
#include "platform/aws_signature.h"
#include "platform/s3_client.h"

namespace reel::cli {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;
using platform::HttpFields;
using platform::HttpRequest;
using platform::HttpResponse;

constexpr char kThisMachine[] = "http://127.0.0.1:8080";
constexpr int kMaxAttempts = 5;
constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{10'000};
constexpr int64_t kMaxTokenBytes = 4096;

Result<std::string> ReadToken(const std::string& file) {
  std::string token;
  if (!file.empty()) {
    REEL_ASSIGN(token, base::ReadTextFile(file, kMaxTokenBytes));
  } else if (const char* value = std::getenv("REEL_TOKEN")) {
    token = value;
  }
  const size_t end = token.find_last_not_of(" \t\r\n");
  token = token.substr(0, end == std::string::npos ? 0 : end + 1);
  const bool is_token =
      !token.empty() && std::ranges::all_of(token, [](unsigned char c) {
        return c > 0x20 && c < 0x7f;
      });
  if (is_token) return token;
  return Fail(Code::kInvalidArgument,
              "no token for the service: put one into REEL_TOKEN, or its file "
              "into --token-file; `reel token add` makes one");
}

void Pause(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto most =
      std::min(kFirstPause * (1 << std::min(attempt, 8)), kLongestPause);
  std::uniform_int_distribution<int64_t> jitter(most.count() / 2, most.count());
  std::this_thread::sleep_for(std::chrono::milliseconds(jitter(random)));
}

// What a service says that refuses something; anything else is none of ours.
base::Error ErrorOf(const std::string& url, const HttpResponse& response) {
  const auto json = base::ParseJson(response.text);
  const bool is_ours = json && json->is_object() && json->contains("error") &&
                       (*json)["error"].is_object();
  if (!is_ours) {
    return {
        response.status >= 500 ? Code::kUnavailable : Code::kInvalidArgument,
        fmt::format("{} answers {}, as no service of Reelwright does", url,
                    response.status)};
  }
  const Json& error = (*json)["error"];
  const std::string message = error.value("message", "");
  switch (response.status) {
    case 401:
      return {Code::kInvalidArgument,
              fmt::format("{} does not know this token", url)};
    case 403:
    case 405:
    case 413:
      return {Code::kInvalidArgument, message};
    case 429:
      return {Code::kUnavailable, message};
    default:
      return {base::CodeFromName(error.value("code", "")), message};
  }
}

}  // namespace

void AddApiOptions(CLI::App& command, ApiAddress& address) {
  AddApiOption(command, address.url);
  command
      .add_option("--token-file", address.token_file,
                  "File with the token (default: it is in REEL_TOKEN)")
      ->type_name("FILE");
}

std::string Encoded(const std::string& text) {
  return platform::EncodeUri(text, false);
}

ApiClient::ApiClient(std::string url, std::string token)
    : url_(std::move(url)),
      token_(std::move(token)),
      http_(std::make_unique<platform::HttpClient>(platform::HttpOptions{})) {}

Result<ApiClient> ApiClient::Open(const ApiAddress& address) {
  std::string url = address.url.empty() ? kThisMachine : address.url;
  while (url.ends_with('/')) url.pop_back();
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return Fail(Code::kInvalidArgument,
                fmt::format("--api {}: must be http://… or https://…", url));
  }
  REEL_ASSIGN(std::string token, ReadToken(address.token_file));
  return ApiClient(std::move(url), std::move(token));
}

HttpFields ApiClient::Headers(const HttpFields& more) const {
  HttpFields headers = more;
  headers["authorization"] = "Bearer " + token_;
  return headers;
}

Result<Json> ApiClient::Send(const HttpRequest& request) {
  REEL_ASSIGN(const HttpResponse response, http_->Send(request));
  if (response.status < 200 || response.status >= 300)
    return tl::unexpected(ErrorOf(url_, response));
  if (response.text.empty()) return Json();
  auto json = base::ParseJson(response.text);
  if (!json) {
    return Fail(
        Code::kUnavailable,
        fmt::format("{} answers as no service of Reelwright does", url_));
  }
  return json;
}

Result<Json> ApiClient::SendPatiently(const HttpRequest& request) {
  for (int attempt = 1;; ++attempt) {
    auto answer = Send(request);
    if (answer || answer.error().code != Code::kUnavailable ||
        attempt >= kMaxAttempts)
      return answer;
    Pause(attempt);
  }
}

Result<Json> ApiClient::Get(const std::string& path) {
  return Send({.method = "GET", .url = url_ + path, .headers = Headers({})});
}

Result<Json> ApiClient::Post(const std::string& path, const Json& body,
                             const HttpFields& headers) {
  const std::string text = body.is_null() ? "" : base::DumpJson(body);
  const platform::HttpBody bytes = platform::BodyOf(base::AsBytes(text));
  HttpFields all = Headers(headers);
  all["content-type"] = "application/json";
  return SendPatiently({.method = "POST",
                        .url = url_ + path,
                        .headers = std::move(all),
                        .body = &bytes});
}

Result<Json> ApiClient::Put(const std::string& path,
                            std::span<const uint8_t> bytes,
                            const HttpFields& headers) {
  const platform::HttpBody body = platform::BodyOf(bytes);
  return SendPatiently({.method = "PUT",
                        .url = url_ + path,
                        .headers = Headers(headers),
                        .body = &body});
}

Status ApiClient::Follow(const std::string& path, const EventSink& sink) {
  std::string last;
  AfterEvent after = AfterEvent::kGoOn;
  for (int attempt = 1;; ++attempt) {
    EventReader reader([&](const ApiEvent& event) {
      if (!event.id.empty()) last = event.id;
      attempt = 0;  // it is there
      return after = sink(event);
    });
    HttpFields headers;
    if (!last.empty()) headers["last-event-id"] = last;
    const auto response = http_->Send(
        {.method = "GET", .url = url_ + path, .headers = Headers(headers)},
        [&](const HttpResponse&, std::span<const uint8_t> bytes) -> Status {
          if (reader.Read(bytes) == AfterEvent::kGoOn) return {};
          return Fail(Code::kCancelled, "enough");
        });
    if (after == AfterEvent::kEnd || (response && response->status == 204))
      return {};
    const base::Error error =
        !response ? response.error()
        : response->status == 200
            ? base::Error{Code::kUnavailable, url_ + ": the stream ended early"}
            : ErrorOf(url_, *response);
    if (error.code != Code::kUnavailable || attempt >= kMaxAttempts)
      return tl::unexpected(error);
    Pause(attempt);
  }
}

AfterEvent EventReader::Read(std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    if (byte != '\n') {
      line_ += static_cast<char>(byte);
      continue;
    }
    const std::string line = std::exchange(line_, "");
    if (ReadLine(line) == AfterEvent::kEnd) return AfterEvent::kEnd;
  }
  return AfterEvent::kGoOn;
}

AfterEvent EventReader::ReadLine(const std::string& line) {
  const auto value = [&](const std::string& field) -> const char* {
    return line.starts_with(field + ": ") ? line.c_str() + field.size() + 2
                                          : nullptr;
  };
  if (const char* id = value("id")) id_ = id;
  if (const char* kind = value("event")) kind_ = kind;
  if (const char* data = value("data")) data_ = data;
  if (!line.empty() || data_.empty()) return AfterEvent::kGoOn;
  auto json = base::ParseJson(std::exchange(data_, ""));
  const ApiEvent event{std::exchange(id_, ""), std::exchange(kind_, ""),
                       json ? *std::move(json) : Json()};
  return sink_(event);
}

}  // namespace reel::cli

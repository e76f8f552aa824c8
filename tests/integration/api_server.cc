// The API's server on a database of its own, for api_test.py: prints one line
// of JSON and serves until standard input ends. What an orchestrator would do
// to jobs is done once, before.
#include <fmt/format.h>

#include <cstdio>
#include <stop_token>
#include <thread>

#include "base/json.h"
#include "platform/sql_job_board.h"
#include "platform/token_store.h"
#include "service/api/server.h"
#include "testing/memory_uploads.h"
#include "testing/temp_dir.h"

namespace reel {
namespace {

using base::Json;
using platform::Role;

constexpr char kResult[] = R"({"report": {"title": "film"},
  "files": {"master.m3u8": {"digest": "d1", "size_bytes": 10}}, "page": null})";

// One job that is done and one that has failed; their ids.
Json MakeJobs(platform::JobBoard& board) {
  platform::NewJob job;
  job.source = "s3://masters/film.mov";
  job.trace = std::string(32, '0');
  job.deadline_ms = 1;
  Json ids;
  for (const char* name : {"done", "failed"}) {
    job.title = name;
    ids[name] = board.Submit(job).value().job.id;
  }
  const auto all = board.Lead("test", 10, std::chrono::minutes(1)).value();
  for (const auto& led : all) {
    const bool fails = led.job.id == ids["failed"];
    REEL_CHECK(board.End(
        led, fails ? platform::JobEvent::kFail : platform::JobEvent::kFinish,
        fails ? std::optional(base::Error{base::Code::kIo, "disk is gone"})
              : std::nullopt,
        fails ? "" : kResult));
  }
  return ids;
}

int Main() {
  const testing::TempDir dir;
  const std::string database = dir.path() + "/state.db";
  const auto board = platform::OpenJobBoard(database).value();
  const auto tokens = platform::OpenTokenStore(database).value();
  testing::MemoryUploads uploads(1000);
  service::api::ApiBackend backend;
  backend.board = board.get();
  backend.tokens = tokens.get();
  backend.uploads = &uploads;
  backend.file_url = [](const std::string&, const std::string& path,
                        const std::string&) -> base::Result<std::string> {
    return "https://store.example.org/" + path;
  };
  backend.estimate = [](const service::api::EstimateQuestion&)
      -> base::Result<service::api::Estimate> {
    return service::api::Estimate{7200, 1'000'000, 60};
  };
  backend.workers = []() -> base::Result<Json> {
    return Json::array({{{"worker", "w1"}}});
  };
  backend.metrics = []() -> base::Result<std::string> { return "reel 1\n"; };
  backend.ready = []() -> base::Status { return {}; };
  service::api::ApiOptions options;
  options.port = 0;
  options.token_rate = options.address_rate = {1e6, 1e6};
  auto server = service::api::ApiServer::Open(options, backend);
  REEL_CHECK(server.has_value());
  Json started = {{"address", server->address()}, {"jobs", MakeJobs(*board)}};
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin})
    started[Name(role)] = tokens->Add(Name(role), role).value().secret;
  fmt::print("{}\n", base::DumpJson(started));
  std::fflush(stdout);
  std::jthread serving(
      [&](std::stop_token stop) { REEL_CHECK(server->Run(stop)); });
  while (std::getchar() != EOF) {
  }
  return 0;
}

}  // namespace
}  // namespace reel

int main() { return reel::Main(); }

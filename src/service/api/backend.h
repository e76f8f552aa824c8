// What stands behind the API.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "platform/job_board.h"
#include "platform/token_store.h"
#include "platform/upload_store.h"
#include "service/api/url_check.h"

namespace reel::service::api {

// What is asked before a job is submitted.
struct EstimateQuestion {
  std::string source;
  std::string recipe;  // TOML
  std::string recipe_name;
};
struct Estimate {
  double cpu_seconds = 0;
  int64_t size_bytes = 0;  // of the finished title
  // Until it is finished by the workers that there are, if they do nothing
  // else; nullopt: there are none.
  std::optional<double> seconds;
};

// Owns nothing: all of it outlives the server, and is safe from several
// threads.
struct ApiBackend {
  platform::JobBoard* board = nullptr;
  platform::TokenStore* tokens = nullptr;
  platform::UploadStore* uploads = nullptr;  // null: files are not taken
  UrlPolicy urls;
  // A URL by which anybody who has it may get that file of a finished title for
  // a while.
  std::function<base::Result<std::string>(const std::string& job_id,
                                          const std::string& path,
                                          const std::string& digest)>
      file_url;
  // None: the service gives no estimates.
  std::function<base::Result<Estimate>(const EstimateQuestion&)> estimate;
  // The last sign of life of each worker: an array of beats
  // (docs/formats/fleet-messages.md).
  std::function<base::Result<base::Json>()> workers;
  std::function<base::Result<std::string>()> metrics;  // Prometheus' text
  std::string metrics_token;            // that /metrics asks for; "": none
  std::function<base::Status()> ready;  // whether all servers are reached
  // How often event streams look for news.
  std::chrono::milliseconds event_pause = std::chrono::seconds(1);
};

}  // namespace reel::service::api

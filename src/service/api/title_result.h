// What the orchestrator of a job keeps in it (platform::FleetJob::result).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace reel::service::api {

struct TitleFile {
  std::string digest;  // of the artifact
  int64_t size_bytes = 0;
};

struct TitleResult {
  base::Json report;                       // report.json; null: none yet
  base::Json inspection;                   // of the source; null: none yet
  std::map<std::string, TitleFile> files;  // of the finished title, by path
  base::Json page;                         // where it plays, or null
};

// Nothing of "". Errors: kCorruptInput.
base::Result<TitleResult> ParseTitleResult(const std::string& text);

}  // namespace reel::service::api

// All that a fleet keeps in its store, whoever put it there: for sweeping.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/s3_url.h"

namespace reel::platform {

struct StoredFile {
  std::string path;  // below the store: "objects/ab…", "titles/JOB/master.m3u8"
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;  // by the clock of the store
};

// Safe from several threads. Errors of every call: kUnavailable, kIo,
// kInvalidArgument (no permission).
class StoredFiles {
 public:
  virtual ~StoredFiles() = default;

  // Those in that folder ("objects", "titles", "uploads") whose paths follow
  // `after`, in order of path, up to `limit`.
  virtual base::Result<std::vector<StoredFile>> List(const std::string& folder,
                                                     const std::string& after,
                                                     int limit) = 0;
  // Deleting what is not there is fine.
  virtual base::Status Delete(const std::string& path) = 0;
  // What somebody began to write before then, and never ended: how many.
  virtual base::Result<int> RemoveUnfinished(int64_t before_ms) = 0;
  // By which a job would name it as its source.
  virtual std::string UrlOf(const std::string& path) const = 0;
};

// Of the same URL as OpenObjectStore. Errors: kInvalidArgument.
base::Result<std::unique_ptr<StoredFiles>> OpenStoredFiles(
    const std::string& url,
    const Environment& environment = ProcessEnvironment);

}  // namespace reel::platform

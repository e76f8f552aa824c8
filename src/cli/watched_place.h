// A directory, or a prefix of a bucket, in which sources appear.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "cli/watch_folder.h"

namespace reel::cli {

class WatchedPlace {
 public:
  using Sink =
      std::function<void(const std::string& name, const SourceVersion&)>;
  virtual ~WatchedPlace() = default;

  // Tells all that may be sources. Errors: kIo, kNotFound, those of S3Client.
  virtual base::Status List(const Sink& sink) = 0;
  // An absolute path, or a URL.
  virtual std::string SourceOf(const std::string& name) const = 0;
  // Errors: kConflict when it is gone or has changed.
  virtual base::Status CheckUnchanged(const WatchFolder::Source& source) = 0;
  // Puts the report of a rejected source where people will find both. Done
  // again after a crash, it goes on. Errors: as CheckUnchanged; kIo and others.
  virtual base::Status Reject(const WatchFolder::Source& source,
                              const base::Json& report) = 0;
  // Whether sources grow here; objects appear whole.
  virtual bool grows() const = 0;
};

//   place  a directory or s3://bucket/prefix, with the environment's server
// Errors: kNotFound, kInvalidArgument.
base::Result<std::unique_ptr<WatchedPlace>> OpenWatchedPlace(
    const std::string& place);

}  // namespace reel::cli

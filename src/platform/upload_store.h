// Files that clients send in parts, and may go on sending after an
// interruption.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "base/result.h"

namespace reel::platform {

struct Upload {
  std::string id;
  std::string name;  // of the file, for people
  int64_t size_bytes = 0;
  int64_t part_bytes = 0;  // of every part but the last
  // SHA-256 of those that are there, by number, from 1.
  std::map<int, std::string> parts = {};
  bool is_complete = false;
  std::string source = {};  // where a job finds it: "s3://bucket/key"

  int part_count() const {
    return static_cast<int>((size_bytes + part_bytes - 1) / part_bytes);
  }
  int64_t BytesOfPart(int number) const {
    return number < part_count() ? part_bytes
                                 : size_bytes - (number - 1) * part_bytes;
  }
};

// Safe from several threads and processes. Errors of every call: kNotFound for
// an id that is none, and those of the database and the store behind.
class UploadStore {
 public:
  virtual ~UploadStore() = default;

  // kInvalidArgument: empty, or larger than parts can be.
  virtual base::Result<Upload> Begin(const std::string& name,
                                     int64_t size_bytes) = 0;
  virtual base::Result<Upload> Find(const std::string& id) = 0;
  // Replaces a part that is there. `digest` is the SHA-256 of `bytes`.
  // kInvalidArgument: no such part, or not of its size; kConflict: complete.
  virtual base::Status PutPart(const std::string& id, int number,
                               std::span<const uint8_t> bytes,
                               const std::string& digest) = 0;
  // Makes one object of the parts; once more does no harm. kConflict: some are
  // missing.
  virtual base::Result<Upload> Complete(const std::string& id) = 0;
  // Forgets it, and deletes what has come. The object of a complete one stays:
  // jobs may need it.
  virtual base::Status Abandon(const std::string& id) = 0;
  // Abandons those that were begun before that time and are not complete: a
  // store keeps the parts of an unfinished upload for ever. Their number.
  virtual base::Result<int> AbandonOlder(int64_t before_ms) = 0;
};

}  // namespace reel::platform

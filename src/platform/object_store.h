// The first seam: artifacts, the bytes that tasks leave for each other.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace reel::platform {

struct Object {
  std::string digest;  // SHA-256 of its bytes: its name
  int64_t size_bytes = 0;
};

// An object as a local file, for reading only: it may be the store's own. It
// stays for as long as this, and all copies of it, do.
struct LocalObject {
  std::string path;
  std::shared_ptr<const void> hold = nullptr;
};

enum class PutFrom { kCopy, kMove };  // kMove: the file is the store's now

// Immutable objects named by their content. An object appears whole or not at
// all, and putting one twice is harmless. Safe from several threads, and from
// several processes on one store.
//
// What is read is checked: an object whose bytes no longer give its name is
// removed and reported as kCorruptInput. Whoever made it can make it again, so
// nothing is lost (workflow/ runs its producer once more).
//
// Errors of every call: kInvalidArgument (not a digest; no permission),
// kNotFound, kCorruptInput, kIo, kResourceExhausted (full), kUnavailable.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  virtual base::Result<Object> PutFile(const std::string& path,
                                       PutFrom from) = 0;
  virtual base::Result<Object> PutBytes(std::span<const uint8_t> bytes) = 0;
  // The objects one after the other, as a new one, without their bytes passing
  // through the caller.
  virtual base::Result<Object> Compose(
      std::span<const std::string> digests) = 0;

  virtual base::Result<bool> Exists(const std::string& digest) = 0;
  // kResourceExhausted if it has more than `max_bytes`.
  virtual base::Result<std::vector<uint8_t>> Get(const std::string& digest,
                                                 int64_t max_bytes = int64_t{1}
                                                                     << 30) = 0;
  // Fewer bytes than asked for only at the end of the object.
  virtual base::Result<std::vector<uint8_t>> GetRange(const std::string& digest,
                                                      int64_t offset,
                                                      int64_t size_bytes) = 0;
  virtual base::Result<LocalObject> Fetch(const std::string& digest) = 0;

  // Up to `limit` objects whose names follow `after`, in order of name.
  virtual base::Result<std::vector<Object>> List(const std::string& after,
                                                 int limit) = 0;
  // Deleting what is not there is fine.
  virtual base::Status Delete(const std::string& digest) = 0;
};

}  // namespace reel::platform

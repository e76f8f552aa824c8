// Objects in a directory (docs/formats/state-directory.md).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "platform/object_store.h"

namespace reel::platform {

// objects/ab/cdef…, read-only files. Fetch gives the file itself, no copy.
class DirectoryStore : public ObjectStore {
 public:
  // `temporary` must be on the same file system. Both are made if need be.
  // Errors: kInvalidArgument (not writable), kIo, kResourceExhausted.
  static base::Result<std::unique_ptr<DirectoryStore>> Open(
      const std::string& objects, const std::string& temporary);

  base::Result<Object> PutFile(const std::string& path, PutFrom from) override;
  base::Result<Object> PutBytes(std::span<const uint8_t> bytes) override;
  base::Result<Object> Compose(std::span<const std::string> digests) override;
  base::Result<bool> Exists(const std::string& digest) override;
  base::Result<std::vector<uint8_t>> Get(const std::string& digest,
                                         int64_t max_bytes) override;
  base::Result<std::vector<uint8_t>> GetRange(const std::string& digest,
                                              int64_t offset,
                                              int64_t size_bytes) override;
  base::Result<LocalObject> Fetch(const std::string& digest) override;
  base::Result<std::vector<Object>> List(const std::string& after,
                                         int limit) override;
  base::Status Delete(const std::string& digest) override;

 private:
  // What changes when anybody writes to a file: an object that this process has
  // checked is hashed again only when one of these is another.
  struct FileVersion {
    int64_t inode, size_bytes, changed_ns;
    bool operator==(const FileVersion&) const = default;
  };

  DirectoryStore(std::string objects, std::string temporary);
  std::string PathOf(const std::string& digest) const;
  // Renames a finished file to the name of its content.
  base::Result<Object> Adopt(const std::string& path);
  // Path of the object, once its bytes have been checked.
  base::Result<std::string> Checked(const std::string& digest);
  static base::Result<FileVersion> VersionOf(const std::string& path);
  void Remember(const std::string& digest, const FileVersion& version);
  bool Remembers(const std::string& digest, const FileVersion& version);

  std::string objects_;
  std::string temporary_;
  std::mutex mu_;  // checked_
  std::map<std::string, FileVersion> checked_;
};

}  // namespace reel::platform

// Finished titles: files by their paths, for players and for what stands
// between them and us.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/object_store.h"
#include "platform/s3_client.h"

namespace reel::platform {

// TITLE/PATH. Unlike objects these have names of their own, and what is put
// again replaces what was there. Safe from several threads.
// Errors of every call: those of ObjectStore.
class TitleStore {
 public:
  virtual ~TitleStore() = default;

  // A file with the bytes of an object of the store beside it, without their
  // passing through the caller.
  //   type  its media type, "video/mp4"
  virtual base::Status PutObject(const std::string& title,
                                 const std::string& path, const Object& object,
                                 const std::string& type) = 0;
  virtual base::Status PutBytes(const std::string& title,
                                const std::string& path,
                                std::span<const uint8_t> bytes,
                                const std::string& type) = 0;
  // Fewer bytes than asked for only at the end of the file. kNotFound.
  virtual base::Result<std::vector<uint8_t>> GetRange(const std::string& title,
                                                      const std::string& path,
                                                      int64_t offset,
                                                      int64_t size_bytes) = 0;
  // kNotFound.
  virtual base::Result<int64_t> Size(const std::string& title,
                                     const std::string& path) = 0;
  // Where anybody who has the address may GET the file for so long; "" where
  // the store has no addresses.
  virtual std::string Url(const std::string& title, const std::string& path,
                          std::chrono::seconds lifetime) = 0;
};

// PREFIX/titles/TITLE/PATH beside PREFIX/objects/… of an S3Store.
std::unique_ptr<TitleStore> MakeS3TitleStore(const S3Options& options,
                                             const std::string& prefix);
// DIRECTORY/titles/TITLE/PATH, hard links to `objects` where that works.
// `objects` outlives it.
std::unique_ptr<TitleStore> MakeDirectoryTitleStore(
    const std::string& directory, ObjectStore& objects);

}  // namespace reel::platform

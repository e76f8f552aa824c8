// Objects in a bucket of an S3 server: PREFIX/objects/DIGEST.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/local_cache.h"
#include "platform/object_store.h"
#include "platform/s3_client.h"

namespace reel::platform {

struct S3StoreOptions {
  S3Options s3;
  std::string prefix;           // of all keys; "" or "some/folder"
  std::string cache_directory;  // this process's own
  int64_t cache_bytes = int64_t{1} << 30;
  // Larger objects are sent in parts of this size; 5 MiB at least.
  int64_t part_bytes = int64_t{16} << 20;
};

// What is sent is checked by the server against its digest, what comes is
// checked here. A range of an object is as right as its connection: it has no
// digest of its own.
//
// Compose reads the objects once, for the digest of the whole and because what
// is read is checked; the server then copies what is 5 MiB or more.
class S3Store : public ObjectStore {
 public:
  // Asks the server for the bucket.
  // Errors: kInvalidArgument (no such bucket, keys refused), kUnavailable, and
  // those of the cache's directory.
  static base::Result<std::unique_ptr<S3Store>> Open(S3StoreOptions options);

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
  // A URL that anybody who has it may GET for so long, at most 7 days. The
  // object need not be there.
  std::string PresignGet(const std::string& digest,
                         std::chrono::seconds lifetime);

 private:
  S3Store(S3StoreOptions options, std::unique_ptr<LocalCache> cache);
  std::string KeyOf(const std::string& digest) const;
  // Its size, once its name has been checked.
  base::Result<Object> Find(const std::string& digest);
  // All its bytes into what `begin` gives. If they do not give its name, once
  // more from the beginning; then it is removed.
  base::Status GetChecked(const Object& object,
                          const std::function<base::Result<ByteSink>()>& begin);
  base::Status Put(const Object& object, const HttpBody& body);
  base::Status PutInParts(const Object& object, const HttpBody& body);
  // Makes part `number`, from 1, of an upload.
  using MakePart = std::function<base::Result<S3Part>(const std::string& upload,
                                                      int number)>;
  // An object in so many parts, or nothing of it.
  base::Status Upload(const std::string& key, int parts, const MakePart& make);

  S3StoreOptions options_;
  S3Client s3_;
  std::unique_ptr<LocalCache> cache_;
};

}  // namespace reel::platform

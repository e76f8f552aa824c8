// A remote object, read as if it were here.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "base/byte_source.h"
#include "platform/block_cache.h"
#include "platform/read_ahead.h"
#include "platform/remote_object.h"

namespace reel::platform {

// What is read comes through a cache of blocks, which several sources may
// share. Every byte is of the version that was there when it was opened.
class RemoteSource : public base::ByteSource {
 public:
  // The cache outlives it. Errors: those of RemoteObject::Describe.
  //   name  of the object, without secrets
  static base::Result<std::unique_ptr<RemoteSource>> Open(
      std::unique_ptr<RemoteObject> object, const std::string& name,
      BlockCache& cache);

  base::Result<int64_t> Size() const override { return facts_.size_bytes; }
  std::string version() const override { return facts_.version; }
  // Errors: those of RemoteObject::Fetch and of the cache.
  base::Result<size_t> ReadAt(int64_t offset,
                              std::span<uint8_t> into) const override;

 private:
  RemoteSource(std::unique_ptr<RemoteObject> object, RemoteFacts facts,
               std::string cache_name, BlockCache& cache);
  BlockKey KeyOf(int64_t block) const { return {cache_name_, block}; }
  int64_t BytesOf(int64_t block) const;
  // Of one block.
  base::Status ReadBlock(int64_t block, int64_t offset,
                         std::span<uint8_t> into) const;
  // fetch_mu_ is held. From `first` on into the cache; of `first` also what is
  // wanted into `into`, for the cache may have dropped it by then.
  base::Status Fetch(int64_t first, int64_t count, int64_t offset,
                     std::span<uint8_t> into) const;

  std::unique_ptr<RemoteObject> object_;
  RemoteFacts facts_;
  std::string cache_name_;
  BlockCache* cache_;
  mutable std::mutex fetch_mu_;  // read_ahead_; one request at a time
  mutable ReadAhead read_ahead_;
};

}  // namespace reel::platform

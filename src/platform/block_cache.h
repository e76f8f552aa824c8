// Blocks of remote objects on a local disk, as many as there is room for.
#pragma once

#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace reel::platform {

struct BlockKey {
  std::string object;  // any name but ""; other bytes, other name
  int64_t index = 0;
  auto operator<=>(const BlockKey&) const = default;
};

// One file without a name, gone with the process however it ends. Where there
// is no room, the block that was used least recently makes some. Safe from
// several threads.
class BlockCache {
 public:
  // Makes the directory if need be. Errors: kInvalidArgument (not writable),
  // kIo, kResourceExhausted.
  //   block_bytes     of every block but an object's last
  //   capacity_bytes  at least one block
  static base::Result<std::unique_ptr<BlockCache>> Open(
      const std::string& directory, int64_t capacity_bytes,
      int64_t block_bytes = int64_t{256} << 10);

  int64_t block_bytes() const { return block_bytes_; }
  // How many there is room for.
  int64_t capacity() const { return capacity_; }
  bool Has(const BlockKey& key) const;
  // Fills `into` from the block's byte `offset` on, all of which must be in it.
  // False if the block is not there. Errors: kIo.
  base::Result<bool> Read(const BlockKey& key, int64_t offset,
                          std::span<uint8_t> into);
  // At most block_bytes(). Errors: kResourceExhausted, kIo.
  base::Status Put(const BlockKey& key, std::span<const uint8_t> bytes);

 private:
  struct Block {
    BlockKey key;      // without a name: nothing is there
    int64_t slot = 0;  // where in the file
  };
  BlockCache(base::File writer, base::File reader, int64_t capacity,
             int64_t block_bytes);

  base::File writer_;
  base::File reader_;
  int64_t capacity_;
  int64_t block_bytes_;
  mutable std::mutex mu_;    // the file's bytes, and all below
  std::list<Block> blocks_;  // used most recently first
  std::map<BlockKey, std::list<Block>::iterator> by_key_;
};

}  // namespace reel::platform

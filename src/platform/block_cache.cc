#include "platform/block_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <iterator>
#include <utility>

namespace reel::platform {

using base::Result;
using base::Status;

namespace {

Status WriteAt(const base::File& file, int64_t offset,
               std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(file.descriptor(), bytes.data(), bytes.size(), offset);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0)
      return tl::unexpected(
          base::FromErrno(errno, "keep blocks of a remote source"));
    offset += put;
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return {};
}

}  // namespace

BlockCache::BlockCache(base::File writer, base::File reader, int64_t capacity,
                       int64_t block_bytes)
    : writer_(std::move(writer)),
      reader_(std::move(reader)),
      capacity_(capacity),
      block_bytes_(block_bytes) {}

Result<std::unique_ptr<BlockCache>> BlockCache::Open(
    const std::string& directory, int64_t capacity_bytes, int64_t block_bytes) {
  static std::atomic<int> counter{0};
  REEL_TRY(base::MakeDirectories(directory));
  const std::string path =
      fmt::format("{}/blocks-{}-{}", directory, ::getpid(), counter++);
  REEL_ASSIGN(base::File writer, base::File::Create(path));
  auto reader = base::File::OpenForReading(path);
  ::unlink(path.c_str());
  if (!reader) return tl::unexpected(reader.error());
  return std::unique_ptr<BlockCache>(new BlockCache(
      std::move(writer), *std::move(reader),
      std::max<int64_t>(1, capacity_bytes / block_bytes), block_bytes));
}

bool BlockCache::Has(const BlockKey& key) const {
  const std::lock_guard lock(mu_);
  return by_key_.contains(key);
}

Result<bool> BlockCache::Read(const BlockKey& key, int64_t offset,
                              std::span<uint8_t> into) {
  const std::lock_guard lock(mu_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return false;
  blocks_.splice(blocks_.begin(), blocks_, found->second);
  REEL_ASSIGN(
      const size_t got,
      reader_.ReadAt(found->second->slot * block_bytes_ + offset, into));
  if (got == into.size()) return true;
  return base::Fail(base::Code::kIo,
                    "a block of a remote source was cut short");
}

Status BlockCache::Put(const BlockKey& key, std::span<const uint8_t> bytes) {
  const std::lock_guard lock(mu_);
  if (by_key_.contains(key)) return {};
  if (std::ssize(blocks_) < capacity_)
    blocks_.push_back({{}, std::ssize(blocks_)});
  const auto block = std::prev(blocks_.end());  // used least recently
  by_key_.erase(block->key);
  block->key = {};
  REEL_TRY(WriteAt(writer_, block->slot * block_bytes_, bytes));
  block->key = key;
  blocks_.splice(blocks_.begin(), blocks_, block);
  by_key_[key] = block;
  return {};
}

}  // namespace reel::platform

#include "platform/remote_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>
#include <vector>

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

// The longest request: as long as a fast server takes for its answer's first
// byte, some more bytes do not matter.
constexpr int64_t kMostAheadBytes = int64_t{8} << 20;

// A run must not push out what it began with, nor another reader's.
int64_t MostBlocks(const BlockCache& cache) {
  return std::clamp<int64_t>(cache.capacity() / 4, 1,
                             kMostAheadBytes / cache.block_bytes());
}

// Where nothing tells one version from another, nothing is shared.
std::string CacheName(const std::string& name, const std::string& version) {
  static std::atomic<int> counter{0};
  return version.empty() ? fmt::format("{}\n{}", name, counter++)
                         : fmt::format("{}\n\"{}", name, version);
}

// Cuts what comes into blocks.
class BlockWriter {
 public:
  using Take = std::function<Status(int64_t block, std::span<const uint8_t>)>;
  BlockWriter(int64_t first, int64_t block_bytes, Take take)
      : block_(first),
        block_bytes_(static_cast<size_t>(block_bytes)),
        take_(std::move(take)) {
    bytes_.reserve(block_bytes_);
  }
  Status Add(std::span<const uint8_t> bytes) {
    while (!bytes.empty()) {
      const size_t size = std::min(bytes.size(), block_bytes_ - bytes_.size());
      bytes_.insert(bytes_.end(), bytes.begin(),
                    bytes.begin() + static_cast<ptrdiff_t>(size));
      bytes = bytes.subspan(size);
      if (bytes_.size() == block_bytes_) REEL_TRY(Flush());
    }
    return {};
  }
  // What is left, the end of the object.
  Status Flush() {
    if (bytes_.empty()) return {};
    REEL_TRY(take_(block_++, bytes_));
    bytes_.clear();
    return {};
  }

 private:
  int64_t block_;
  size_t block_bytes_;
  Take take_;
  std::vector<uint8_t> bytes_;
};

}  // namespace

RemoteSource::RemoteSource(std::unique_ptr<RemoteObject> object,
                           RemoteFacts facts, std::string cache_name,
                           BlockCache& cache)
    : object_(std::move(object)),
      facts_(std::move(facts)),
      cache_name_(std::move(cache_name)),
      cache_(&cache),
      read_ahead_(MostBlocks(cache)) {}

Result<std::unique_ptr<RemoteSource>> RemoteSource::Open(
    std::unique_ptr<RemoteObject> object, const std::string& name,
    BlockCache& cache) {
  REEL_ASSIGN(RemoteFacts facts, object->Describe());
  std::string cache_name = CacheName(name, facts.version);
  return std::unique_ptr<RemoteSource>(new RemoteSource(
      std::move(object), std::move(facts), std::move(cache_name), cache));
}

int64_t RemoteSource::BytesOf(int64_t block) const {
  const int64_t whole = cache_->block_bytes();
  return std::min(whole, facts_.size_bytes - block * whole);
}

Result<size_t> RemoteSource::ReadAt(int64_t offset,
                                    std::span<uint8_t> into) const {
  if (offset < 0 || offset >= facts_.size_bytes) return 0;
  const int64_t left = facts_.size_bytes - offset;
  into = into.first(std::min(into.size(), static_cast<size_t>(left)));
  const size_t all = into.size();
  while (!into.empty()) {
    const int64_t block = offset / cache_->block_bytes();
    const int64_t start = offset % cache_->block_bytes();
    const size_t size =
        std::min(into.size(), static_cast<size_t>(BytesOf(block) - start));
    REEL_TRY(ReadBlock(block, start, into.first(size)));
    into = into.subspan(size);
    offset += static_cast<int64_t>(size);
  }
  return all;
}

Status RemoteSource::ReadBlock(int64_t block, int64_t offset,
                               std::span<uint8_t> into) const {
  REEL_ASSIGN(bool there, cache_->Read(KeyOf(block), offset, into));
  if (there) return {};
  const std::lock_guard lock(fetch_mu_);
  // Another thread may have fetched it meanwhile.
  REEL_ASSIGN(there, cache_->Read(KeyOf(block), offset, into));
  if (there) return {};
  const int64_t blocks =
      (facts_.size_bytes + cache_->block_bytes() - 1) / cache_->block_bytes();
  const int64_t furthest = std::min(blocks, block + MostBlocks(*cache_));
  int64_t limit = block + 1;
  while (limit < furthest && !cache_->Has(KeyOf(limit))) ++limit;
  return Fetch(block, read_ahead_.Next(block, limit), offset, into);
}

Status RemoteSource::Fetch(int64_t first, int64_t count, int64_t offset,
                           std::span<uint8_t> into) const {
  BlockWriter writer(
      first, cache_->block_bytes(),
      [&](int64_t block, std::span<const uint8_t> bytes) -> Status {
        if (block == first)
          std::memcpy(into.data(), bytes.data() + offset, into.size());
        return cache_->Put(KeyOf(block), bytes);
      });
  int64_t left =
      (count - 1) * cache_->block_bytes() + BytesOf(first + count - 1);
  const Status fetched = object_->Fetch(
      facts_, first * cache_->block_bytes(), left,
      [&](std::span<const uint8_t> bytes) -> Status {
        left -= static_cast<int64_t>(bytes.size());
        if (left >= 0) return writer.Add(bytes);
        return Fail(Code::kUnsupported, "a server gave more than it was asked");
      });
  if (!fetched) return fetched;
  return writer.Flush();
}

}  // namespace reel::platform

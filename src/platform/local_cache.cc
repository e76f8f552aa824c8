#include "platform/local_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/file.h"

namespace reel::platform {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

LocalCache::LocalCache(std::string directory, int64_t capacity_bytes)
    : directory_(std::move(directory)), capacity_bytes_(capacity_bytes) {}

LocalCache::~LocalCache() {
  std::error_code ignored;  // swept at the next start
  std::filesystem::remove_all(directory_, ignored);
}

Result<std::unique_ptr<LocalCache>> LocalCache::Open(
    const std::string& directory, int64_t capacity_bytes) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  if (error) {
    return tl::unexpected(
        base::FromErrno(error.value(), "empty the cache " + directory));
  }
  REEL_TRY(base::MakeDirectories(directory));
  return std::unique_ptr<LocalCache>(new LocalCache(directory, capacity_bytes));
}

Result<LocalObject> LocalCache::Get(const Object& object,
                                    const Download& download) {
  std::unique_lock lock(mu_);
  for (;;) {
    const auto found = copies_.find(object.digest);
    if (found == copies_.end()) break;
    if (found->second.ready) return Hold(object.digest);
    changed_.wait(lock);
  }
  REEL_TRY(MakeRoom(object.size_bytes));
  Copy& copy = copies_[object.digest];
  copy.path = directory_ + "/" + object.digest;
  copy.size_bytes = object.size_bytes;
  total_bytes_ += object.size_bytes;
  const std::string path = copy.path;
  lock.unlock();
  const Status status = download(path);
  lock.lock();
  changed_.notify_all();
  if (!status) {
    Drop(copies_.find(object.digest));
    return tl::unexpected(status.error());
  }
  copies_.at(object.digest).ready = true;
  return Hold(object.digest);
}

void LocalCache::Remove(const std::string& digest) {
  const std::lock_guard lock(mu_);
  const auto found = copies_.find(digest);
  if (found != copies_.end() && found->second.ready &&
      found->second.holders == 0)
    Drop(found);
}

Status LocalCache::MakeRoom(int64_t size_bytes) {
  while (total_bytes_ + size_bytes > capacity_bytes_) {
    auto oldest = copies_.end();
    for (auto copy = copies_.begin(); copy != copies_.end(); ++copy) {
      if (!copy->second.ready || copy->second.holders > 0) continue;
      if (oldest == copies_.end() || copy->second.used < oldest->second.used)
        oldest = copy;
    }
    if (oldest == copies_.end()) {
      return Fail(
          Code::kResourceExhausted,
          fmt::format(
              "{}: {} bytes are in use, and {} more do not fit into {}; "
              "give the worker more scratch space",
              directory_, total_bytes_, size_bytes, capacity_bytes_));
    }
    Drop(oldest);
  }
  return {};
}

void LocalCache::Drop(std::map<std::string, Copy>::iterator copy) {
  ::unlink(copy->second.path.c_str());
  total_bytes_ -= copy->second.size_bytes;
  copies_.erase(copy);
}

LocalObject LocalCache::Hold(const std::string& digest) {
  Copy& copy = copies_.at(digest);
  ++copy.holders;
  copy.used = ++calls_;
  return {copy.path,
          std::shared_ptr<const void>(
              &copy, [this, digest](const void*) { Release(digest); })};
}

void LocalCache::Release(const std::string& digest) {
  const std::lock_guard lock(mu_);
  --copies_.at(digest).holders;
}

}  // namespace reel::platform

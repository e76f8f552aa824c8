#include "imf/hash_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "base/digest.h"
#include "base/file.h"

namespace reel::imf {
namespace {

constexpr size_t kBufferBytes = size_t{4} << 20;
constexpr auto kProgressInterval = std::chrono::milliseconds(100);

bool NeedsSha1(const Asset& asset) {
  return asset.packed && asset.packed->digest_kind == base::DigestKind::kSha1;
}

bool IsOf(const KnownDigest& known, const Asset& asset) {
  return known.path == asset.path && known.size_bytes == asset.size_bytes &&
         known.modified_ns == asset.modified_ns &&
         (!known.sha1.empty() || !NeedsSha1(asset));
}

// Digests files on several threads while the caller watches.
class Pool {
 public:
  explicit Pool(std::vector<std::pair<const Asset*, KnownDigest*>> jobs)
      : jobs_(std::move(jobs)) {
    for (const auto& [asset, digest] : jobs_) total_ += asset->size_bytes;
  }

  base::Status Run(const std::function<bool(double)>& progress) {
    const size_t threads = std::min<size_t>(
        jobs_.size(), std::max(1U, std::thread::hardware_concurrency()));
    running_ = threads;
    std::vector<std::jthread> workers;
    for (size_t i = 0; i < threads; ++i)
      workers.emplace_back([this] { Work(); });
    std::unique_lock lock(mu_);
    while (!done_.wait_for(lock, kProgressInterval,
                           [this] { return running_ == 0; })) {
      if (progress && !progress(Fraction())) stop_ = true;
    }
    if (error_) return tl::unexpected(*error_);
    if (stop_) return base::Fail(base::Code::kCancelled, "stopped");
    return {};
  }

 private:
  double Fraction() const {
    return static_cast<double>(read_) /
           static_cast<double>(std::max<int64_t>(total_, 1));
  }

  void Work() {
    std::vector<uint8_t> buffer(kBufferBytes);
    for (size_t i = next_++; i < jobs_.size() && !stop_; i = next_++) {
      const auto status = Digest(*jobs_[i].first, *jobs_[i].second, buffer);
      if (status) continue;
      const std::lock_guard lock(mu_);
      if (!error_) error_ = status.error();
      stop_ = true;
    }
    const std::lock_guard lock(mu_);
    --running_;
    done_.notify_one();
  }

  base::Status Digest(const Asset& asset, KnownDigest& digest,
                      std::span<uint8_t> buffer) {
    REEL_ASSIGN(base::File file, base::File::OpenForReading(asset.path));
    base::Sha256Stream sha256;
    std::optional<base::DigestStream> sha1;
    if (NeedsSha1(asset)) sha1.emplace(base::DigestKind::kSha1);
    while (!stop_) {
      REEL_ASSIGN(const size_t got, file.Read(buffer));
      if (got == 0) break;
      sha256.Update(buffer.first(got));
      if (sha1) sha1->Update(buffer.first(got));
      read_ += static_cast<int64_t>(got);
    }
    digest = {.path = asset.path,
              .size_bytes = asset.size_bytes,
              .modified_ns = asset.modified_ns,
              .sha256 = sha256.Finish(),
              .sha1 = sha1 ? sha1->Finish() : ""};
    return {};
  }

  const std::vector<std::pair<const Asset*, KnownDigest*>> jobs_;
  int64_t total_ = 0;
  std::atomic<size_t> next_ = 0;
  std::atomic<int64_t> read_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mu_;  // running_, error_
  std::condition_variable done_;
  size_t running_ = 0;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<std::vector<KnownDigest>> DigestAssets(
    const std::vector<const Asset*>& assets, std::vector<KnownDigest>& memory,
    const std::function<bool(double)>& progress) {
  std::map<std::string, const KnownDigest*> known;
  for (const KnownDigest& digest : memory) known[digest.path] = &digest;
  std::vector<KnownDigest> digests(assets.size());
  std::vector<std::pair<const Asset*, KnownDigest*>> jobs;
  for (size_t i = 0; i < assets.size(); ++i) {
    if (assets[i]->path.empty()) continue;
    const auto found = known.find(assets[i]->path);
    if (found != known.end() && IsOf(*found->second, *assets[i])) {
      digests[i] = *found->second;
    } else {
      jobs.emplace_back(assets[i], &digests[i]);
    }
  }
  REEL_TRY(Pool(std::move(jobs)).Run(progress));
  memory.clear();
  std::copy_if(digests.begin(), digests.end(), std::back_inserter(memory),
               [](const KnownDigest& digest) { return !digest.path.empty(); });
  return digests;
}

void JudgeDigest(const Asset& asset, const KnownDigest& digest,
                 model::Severity severity, FindingList& findings) {
  if (!asset.packed || asset.path.empty() || asset.packed->digest.empty() ||
      asset.packed->size_bytes != asset.size_bytes)
    return;
  const bool is_sha1 = NeedsSha1(asset);
  const std::string& found = is_sha1 ? digest.sha1 : digest.sha256;
  if (found == asset.packed->digest) return;
  findings.Add(
      "imf-hash-mismatch", severity,
      {asset.packed_in, "Asset", asset.id, asset.packed->line},
      fmt::format("{} has {} {}, not {}", asset.name,
                  is_sha1 ? "SHA-1" : "SHA-256", found, asset.packed->digest),
      "Send the file again; it was damaged on its way, or changed after the "
      "packing list was made.");
}

}  // namespace reel::imf

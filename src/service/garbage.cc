#include "service/garbage.h"

#include <map>

namespace reel::service {
namespace {

using base::Code;
using base::Result;
using base::Status;
using platform::JobState;
using platform::Need;
using platform::StoredFile;
using std::chrono::milliseconds;

constexpr int kPage = 1000;
constexpr const char* kObjects = "objects";
constexpr const char* kTitles = "titles";
constexpr const char* kUploads = "uploads";

// "objects/ab12…" in a bucket, "objects/ab/12…" on a disk.
std::string DigestOf(const StoredFile& file) {
  std::string digest = file.path.substr(file.path.find('/') + 1);
  std::erase(digest, '/');
  return digest;
}

// Of "titles/JOB/…" and "uploads/ID/…" the second name.
std::string OwnerOf(const StoredFile& file) {
  const std::string rest = file.path.substr(file.path.find('/') + 1);
  return rest.substr(0, rest.find('/'));
}

}  // namespace

bool IsGarbage(Need need, milliseconds age, const GarbageLimits& limits) {
  switch (need) {
    case Need::kNow:
      return false;
    case Need::kPast:
      return age >= limits.keep;
    case Need::kNone:
      return age >= limits.grace;
  }
  return false;
}

milliseconds GarbageCollector::AgeOf(const StoredFile& file) const {
  return milliseconds(clock_() - file.modified_ms);
}

int64_t GarbageCollector::EndedBefore() const {
  return clock_() - limits_.keep.count();
}

Result<Garbage> GarbageCollector::Collect(bool only_look) {
  only_look_ = only_look;
  Garbage garbage;
  REEL_TRY(Sweep(
      kObjects, [this](const Files& files) { return OldObjects(files); },
      garbage.objects));
  REEL_TRY(Sweep(
      kTitles, [this](const Files& files) { return OldTitles(files); },
      garbage.titles));
  REEL_TRY(Sweep(
      kUploads, [this](const Files& files) { return OldUploads(files); },
      garbage.uploads));
  if (only_look_) return garbage;
  if (seams_.uploads) {
    REEL_ASSIGN(const int abandoned,
                seams_.uploads->AbandonOlder(EndedBefore()));
    garbage.unfinished += abandoned;
  }
  REEL_ASSIGN(const int removed,
              seams_.files.RemoveUnfinished(clock_() - limits_.grace.count()));
  garbage.unfinished += removed;
  return garbage;
}

Status GarbageCollector::Sweep(const std::string& folder, const Choose& choose,
                               Swept& swept) {
  std::string after;
  for (;;) {
    REEL_ASSIGN(Files page, seams_.files.List(folder, after, kPage));
    if (page.empty()) return {};
    after = page.back().path;
    REEL_ASSIGN(Files old, choose(std::move(page)));
    if (!only_look_) {
      REEL_ASSIGN(old, Forget(folder, std::move(old)));
    }
    for (const StoredFile& file : old) {
      if (!only_look_) REEL_TRY(seams_.files.Delete(file.path));
      ++swept.files;
      swept.bytes += file.size_bytes;
    }
  }
}

Result<GarbageCollector::Files> GarbageCollector::OldObjects(
    const Files& files) {
  std::vector<std::string> digests;
  for (const StoredFile& file : files) digests.push_back(DigestOf(file));
  REEL_ASSIGN(const auto needs,
              seams_.needs.OfArtifacts(digests, EndedBefore()));
  Files old;
  for (const StoredFile& file : files) {
    if (IsGarbage(needs.at(DigestOf(file)), AgeOf(file), limits_))
      old.push_back(file);
  }
  return old;
}

Result<GarbageCollector::Files> GarbageCollector::Forget(
    const std::string& folder, Files files) {
  if (folder == kObjects && !files.empty()) {
    std::vector<std::string> digests;
    for (const StoredFile& file : files) digests.push_back(DigestOf(file));
    REEL_ASSIGN(const auto named, seams_.needs.Forget(digests, EndedBefore()));
    std::erase_if(files, [&](const StoredFile& file) {
      return named.contains(DigestOf(file));
    });
  }
  if (folder == kUploads && seams_.uploads) {
    for (const StoredFile& file : files) {
      const Status status = seams_.uploads->Abandon(OwnerOf(file));
      if (!status && status.error().code != Code::kNotFound)
        return tl::unexpected(status.error());
    }
  }
  return files;
}

// A title is written while its job runs; one that is done stays. So does one
// whose job is not known here: the tables may be a backup, or others.
Result<bool> GarbageCollector::TitleMayGo(const std::string& job_id) {
  REEL_ASSIGN(const auto job, seams_.board.Find(job_id));
  return job && (job->state == JobState::kFailed ||
                 job->state == JobState::kCancelled);
}

Result<GarbageCollector::Files> GarbageCollector::OldTitles(
    const Files& files) {
  std::map<std::string, bool> goes;
  Files old;
  for (const StoredFile& file : files) {
    if (AgeOf(file) < limits_.grace) continue;
    const auto [title, is_new] = goes.try_emplace(OwnerOf(file));
    if (is_new) {
      REEL_ASSIGN(title->second, TitleMayGo(title->first));
    }
    if (title->second) old.push_back(file);
  }
  return old;
}

Result<GarbageCollector::Files> GarbageCollector::OldUploads(
    const Files& files) {
  std::vector<std::string> urls;
  for (const StoredFile& file : files)
    urls.push_back(seams_.files.UrlOf(file.path));
  REEL_ASSIGN(const auto needed, seams_.needs.OfSources(urls, EndedBefore()));
  Files old;
  for (const StoredFile& file : files) {
    if (AgeOf(file) >= limits_.keep &&
        !needed.contains(seams_.files.UrlOf(file.path)))
      old.push_back(file);
  }
  return old;
}

}  // namespace reel::service

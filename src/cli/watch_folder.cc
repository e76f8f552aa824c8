#include "cli/watch_folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"

namespace reel::cli {
namespace {

constexpr WatchFolder::Time kLongestPause = std::chrono::minutes(5);
constexpr int kMaxDoublings = 10;

uint64_t ShortOf(const std::string& key) {
  return std::stoull(key.substr(0, 16), nullptr, 16);
}

}  // namespace

bool IsSourceName(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return !name.empty() && !name.starts_with('.') && !name.ends_with(".part") &&
         !name.ends_with(".tmp") && !name.ends_with(".rejected.json");
}

std::string JobKey(const std::string& source, const SourceVersion& version) {
  return base::Sha256(
      fmt::format("{}\n{}\n{}", source, version.size_bytes, version.changed));
}

void WatchFolder::See(const Source& source, Time now) {
  if (ended_.contains(ShortOf(source.key))) return;
  auto found = open_.find(source.name);
  if (found == open_.end()) {
    if (open_.size() >= limits_.max_open) return;
    found = open_.try_emplace(source.name).first;
  }
  Open& open = found->second;
  if (open.source.version != source.version)
    open = {.source = source, .due = now + limits_.settle};
  open.look = look_;
}

void WatchFolder::EndLook() {
  std::erase_if(open_,
                [&](const auto& one) { return one.second.look != look_; });
  ++look_;
}

std::vector<WatchFolder::Source> WatchFolder::Due(Time now) const {
  std::vector<const Open*> due;
  for (const auto& [name, open] : open_)
    if (open.due <= now) due.push_back(&open);
  std::ranges::stable_sort(due, {}, &Open::due);
  std::vector<Source> sources;
  for (const Open* open : due) sources.push_back(open->source);
  return sources;
}

void WatchFolder::Wait(const std::string& name, Time now) {
  Open& open = open_.at(name);
  open.failures = 0;
  open.due = now + limits_.interval;
}

void WatchFolder::Fail(const std::string& name, Time now) {
  Open& open = open_.at(name);
  open.failures = std::min(open.failures + 1, kMaxDoublings);
  open.due =
      now + std::min(limits_.interval * (1 << open.failures), kLongestPause);
}

void WatchFolder::End(const std::string& name) {
  const auto found = open_.find(name);
  if (ended_.size() >= limits_.max_ended) ended_.clear();
  ended_.insert(ShortOf(found->second.source.key));
  open_.erase(found);
}

}  // namespace reel::cli

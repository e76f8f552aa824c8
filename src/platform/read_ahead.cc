#include "platform/read_ahead.h"

#include <algorithm>
#include <cstddef>

namespace reel::platform {
namespace {

constexpr size_t kMostRuns = 8;

}  // namespace

int64_t ReadAhead::Next(int64_t first, int64_t limit) {
  const auto before = std::ranges::find(runs_, first, &Run::end);
  int64_t length = 1;
  if (before != runs_.end()) {
    length = before->length * 2;
    runs_.erase(before);
  }
  length = std::min({length, most_blocks_, limit - first});
  runs_.push_front({first + length, length});
  if (runs_.size() > kMostRuns) runs_.pop_back();
  return length;
}

}  // namespace reel::platform

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "base/result.h"
#include "shots/complexity.h"

namespace reel::shots {
namespace {

// What is held against each other: of pictures, and of steps between them.
constexpr size_t kOfPictures = 2, kOfSteps = 4;
using Measures = std::array<double, kOfPictures + kOfSteps>;

// Levels and lengths below this, in their units of 1/16, are all the same.
constexpr double kLittle = 4;
// Of windows that are equally typical the one in the middle is taken: this is
// what a distance of the whole range from it weighs.
constexpr double kOffCentre = 0.2;

// Sums over the frames before each.
class Sums {
 public:
  explicit Sums(std::span<const FrameComplexity> frames) {
    rows_.emplace_back();
    for (const FrameComplexity& frame : frames) {
      rows_.push_back(rows_.back());
      Row& row = rows_.back();
      if (frame.look == FrameComplexity::Look::kNone) continue;
      const auto add = [&](size_t at, uint16_t value) {
        row.sum[at] += value;
        ++row.count[at];
      };
      add(0, frame.si);
      add(1, frame.texture);
      if (frame.look != FrameComplexity::Look::kPair) continue;
      add(2, frame.ti);
      add(3, frame.motion);
      add(4, frame.still);
      add(5, frame.residual);
    }
  }

  // How far [first, end) is from `whole`: logarithms of ratios, added up. What
  // nobody looked at is as far as a factor of e.
  double Distance(size_t first, size_t end, const Measures& whole) const {
    double distance = 0;
    for (size_t at = 0; at < whole.size(); ++at) {
      const double count = Count(first, end, at);
      distance +=
          count > 0
              ? std::abs(std::log((Sum(first, end, at) / count + kLittle) /
                                  (whole[at] + kLittle)))
              : 1;
    }
    return distance;
  }

  Measures Means(size_t first, size_t end) const {
    Measures means{};
    for (size_t at = 0; at < means.size(); ++at)
      means[at] = Sum(first, end, at) / std::max(1.0, Count(first, end, at));
    return means;
  }

 private:
  struct Row {
    std::array<int64_t, kOfPictures + kOfSteps> sum{}, count{};
  };
  double Sum(size_t first, size_t end, size_t at) const {
    return static_cast<double>(rows_[end].sum[at] - rows_[first].sum[at]);
  }
  double Count(size_t first, size_t end, size_t at) const {
    return static_cast<double>(rows_[end].count[at] - rows_[first].count[at]);
  }
  std::vector<Row> rows_;
};

}  // namespace

model::FrameRange TypicalWindow(std::span<const FrameComplexity> frames,
                                model::FrameRange range, int64_t length) {
  REEL_CHECK(length >= 1 && range.first_frame >= 0 &&
             range.end_frame <= static_cast<int64_t>(frames.size()));
  if (range.frames() <= length) return range;
  const auto count = static_cast<size_t>(range.frames());
  const auto size = static_cast<size_t>(length);
  const Sums sums(
      frames.subspan(static_cast<size_t>(range.first_frame), count));
  const Measures whole = sums.Means(0, count);
  const double middle = static_cast<double>(count - size) / 2;
  size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (size_t first = 0; first + size <= count; ++first) {
    const double away = std::abs(static_cast<double>(first) - middle) /
                        static_cast<double>(count);
    const double cost =
        sums.Distance(first, first + size, whole) + kOffCentre * away;
    if (cost < least) {
      least = cost;
      best = first;
    }
  }
  const int64_t first = range.first_frame + static_cast<int64_t>(best);
  return {first, first + length};
}

}  // namespace reel::shots

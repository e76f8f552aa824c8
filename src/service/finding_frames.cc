#include "service/finding_frames.h"

#include <algorithm>
#include <tuple>

namespace reel::service {
namespace {

constexpr int64_t kFewFrames = 6;
constexpr double kRounding = 1e-3;  // seconds, of a finding's times
constexpr double kWhole = 0.95;     // of the title

bool IsAboutSound(const model::Source& source, const model::Finding& finding) {
  return std::any_of(
      source.audio.begin(), source.audio.end(),
      [&](const auto& track) { return track.index == finding.stream; });
}

// The last frame that begins at or before `time`.
int64_t FrameAt(std::span<const double> starts, double time) {
  const auto after =
      std::upper_bound(starts.begin(), starts.end(), time + kRounding);
  return std::max<int64_t>(0, after - starts.begin() - 1);
}

// Frames [first, last] of a finding that has a place.
struct Extent {
  int64_t first;
  int64_t last;
};

Extent ExtentOf(const model::Finding& finding, std::span<const double> starts) {
  const int64_t end = std::ssize(starts) - 1;
  const int64_t first = finding.first_frame >= 0
                            ? std::min(finding.first_frame, end)
                            : FrameAt(starts, finding.start);
  // A finding ends where the first good frame begins.
  const int64_t last = FrameAt(starts, finding.end - 2 * kRounding);
  return {first, std::max(first, last)};
}

class Picker {
 public:
  Picker(size_t most, int64_t frames) : most_(most), frames_(frames) {}

  void Pick(size_t finding, int64_t frame, PictureRole role) {
    if (frame < 0 || frame >= frames_) return;
    out_.capped = out_.capped || out_.picks.size() >= most_;
    if (out_.picks.size() < most_) out_.picks.push_back({finding, frame, role});
  }
  void PickAround(size_t finding, const Extent& extent,
                  model::Severity severity) {
    if (extent.last - extent.first < kFewFrames) {
      Pick(finding, extent.first - 1, PictureRole::kBefore);
      Pick(finding, extent.last + 1, PictureRole::kAfter);
    } else if (severity != model::Severity::kInfo) {
      Pick(finding, (extent.first + extent.last) / 2, PictureRole::kMiddle);
      Pick(finding, extent.last, PictureRole::kLast);
    }
  }
  FramePicks Take() {
    std::sort(out_.picks.begin(), out_.picks.end(),
              [](const FramePick& a, const FramePick& b) {
                return std::tie(a.finding, a.frame) <
                       std::tie(b.finding, b.frame);
              });
    return std::move(out_);
  }

 private:
  size_t most_;
  int64_t frames_;
  FramePicks out_;
};

}  // namespace

bool HasPlace(const model::Finding& finding) {
  return finding.first_frame >= 0 || finding.start > 0 ||
         finding.end > finding.start;
}

FramePicks PickFrames(const model::Source& source,
                      std::span<const model::Finding> findings,
                      std::span<const double> starts, size_t most) {
  if (starts.empty()) return {};
  const double whole = kWhole * (starts.back() - starts.front());
  Picker picker(most, std::ssize(starts));
  const auto each = [&](auto&& pick) {
    for (size_t i = 0; i < findings.size(); ++i) {
      const model::Finding& finding = findings[i];
      const bool sound = IsAboutSound(source, finding);
      const bool all_sound = sound && finding.end - finding.start >= whole;
      if (HasPlace(finding) && !all_sound)
        pick(i, sound, ExtentOf(finding, starts));
    }
  };
  each([&](size_t i, bool, const Extent& extent) {
    picker.Pick(i, extent.first, PictureRole::kFirst);
  });
  each([&](size_t i, bool sound, const Extent& extent) {
    if (!sound) picker.PickAround(i, extent, findings[i].severity);
  });
  return picker.Take();
}

}  // namespace reel::service

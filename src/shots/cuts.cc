#include "shots/cuts.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "shots/small_picture.h"

namespace reel::shots {
namespace {

// A frame starts a shot when all of this holds. The thresholds lie in the
// middle of the gaps between cuts and all else in the corpus and its darkened,
// noisy, flat, grey and half-rate variants: docs/shots.md has the figures. All
// arithmetic is whole-numbered, so that every machine cuts alike.

// 1. Nearly all of the picture is new, even after motion search ...
constexpr int kNovelPercent = 88;
constexpr int kLeastLive = 6;
// 2. ... so much so that it is as well described without the frame before
// (x264's test for a scene cut, after motion search at 64 x 36).
constexpr int kResidualPercent = 75;  // of texture, with a floor for noise
constexpr int kTextureFloor = kLevel;
constexpr int kLeastResidual = kLevel * 5 / 4;
// 3. ... and not only brighter or darker than before. A flat picture, such as
// black, has no shapes to tell it by.
constexpr int kReshapedPercent = 75;  // of textured blocks
constexpr int kFewTextured = 4;       // a fourth of the live blocks
// 4. It stands out of the motion around it, on one side at least: strobes,
// pans and dissolves are as restless before as after.
constexpr int kNearby = 6;
constexpr int kPeakTenths = 15;
constexpr int kRestlessFloor = kLevel / 2;
// 5. No frame shortly before looks like one shortly after: flashes pass.
constexpr int kFlashFrames = 4;
constexpr int kApartPercent = 38;  // of the change at the cut
// 6. The look changes at once: fades and dissolves take several frames.
constexpr int kStepFrames = 3;
constexpr int kStepPercent = 55;
// Of candidates closer than this, the strongest stays: a flash may frame a cut.
constexpr int64_t kLeastShotFrames = 4;

constexpr int kBlocks = FrameFeatures::kColumns * FrameFeatures::kRows;
constexpr int kChromaCells =
    FrameFeatures::kChromaColumns * FrameFeatures::kChromaRows;

template <size_t kSize>
int SumOfDifferences(const std::array<uint8_t, kSize>& a,
                     const std::array<uint8_t, kSize>& b) {
  int sum = 0;
  for (size_t i = 0; i < kSize; ++i) sum += std::abs(a[i] - b[i]);
  return sum;
}

// How differently two frames look, in 1/kBlocks of a level.
int Distance(const FrameFeatures& a, const FrameFeatures& b) {
  return SumOfDifferences(a.luma, b.luma) +
         (SumOfDifferences(a.cb, b.cb) + SumOfDifferences(a.cr, b.cr)) *
             (kBlocks / kChromaCells);
}

// One question about one frame after the other; see the constants above.
class Judge {
 public:
  Judge(std::span<const FrameFeatures> features, size_t frame)
      : features_(features),
        at_(frame),
        residual_(features[frame].residual),
        texture_(features[frame].texture + kTextureFloor) {}

  bool IsCut() const {
    return IsNew() && IsReshaped() && StandsOut() && IsNoFlash() && IsSudden();
  }
  // Grows with how much of a cut it is.
  int64_t Strength() const { return residual_ * residual_ / texture_; }

 private:
  bool IsNew() const {
    const FrameFeatures& now = features_[at_];
    return now.live >= kLeastLive &&
           now.novel * 100 >= now.live * kNovelPercent &&
           residual_ >= kLeastResidual &&
           residual_ * 100 >= texture_ * kResidualPercent;
  }

  bool IsReshaped() const {
    const FrameFeatures& now = features_[at_];
    return now.textured * kFewTextured < now.live ||
           now.reshaped * 100 >= now.textured * kReshapedPercent;
  }

  // The second largest residual of [first, end): the largest may be a cut.
  int64_t Restlessness(size_t first, size_t end) const {
    int64_t largest = 0, second = 0;
    for (size_t i = first; i < end; ++i) {
      const int64_t residual = features_[i].residual;
      second = std::max(second, std::min(largest, residual));
      largest = std::max(largest, residual);
    }
    return second + kRestlessFloor;
  }

  bool StandsOut() const {
    const auto [calmer, livelier] =
        std::minmax({Restlessness(Before(kNearby), at_),
                     Restlessness(at_ + 1, After(kNearby + 1))});
    return residual_ * 10 >= calmer * kPeakTenths &&
           residual_ * residual_ >= texture_ * livelier;
  }

  bool IsNoFlash() const {
    int nearest = std::numeric_limits<int>::max();
    ForPairs(kFlashFrames,
             [&](int distance) { nearest = std::min(nearest, distance); });
    return nearest * 100 >= Step() * kApartPercent;
  }

  bool IsSudden() const {
    int farthest = 0;
    ForPairs(kStepFrames,
             [&](int distance) { farthest = std::max(farthest, distance); });
    return Step() * 100 >= farthest * kStepPercent;
  }

  int Step() const { return Distance(features_[at_ - 1], features_[at_]); }

  // Distances between each of the `frames` frames before and after.
  template <typename F>
  void ForPairs(size_t frames, F see) const {
    for (size_t i = Before(frames); i < at_; ++i)
      for (size_t j = at_; j < After(frames); ++j)
        see(Distance(features_[i], features_[j]));
  }

  size_t Before(size_t frames) const { return at_ - std::min(at_, frames); }
  size_t After(size_t frames) const {
    return std::min(at_ + frames, features_.size());
  }

  std::span<const FrameFeatures> features_;
  size_t at_;
  int64_t residual_;
  int64_t texture_;
};

}  // namespace

std::vector<int64_t> FindCuts(std::span<const FrameFeatures> features) {
  std::vector<int64_t> cuts;
  int64_t strength = 0;  // of the last one
  for (size_t i = 1; i < features.size(); ++i) {
    const Judge judge(features, i);
    if (!judge.IsCut()) continue;
    const int64_t frame = static_cast<int64_t>(i);
    if (cuts.empty() || frame - cuts.back() >= kLeastShotFrames) {
      cuts.push_back(frame);
    } else if (judge.Strength() > strength) {
      cuts.back() = frame;
    } else {
      continue;
    }
    strength = judge.Strength();
  }
  return cuts;
}

model::Shots DetectShots(std::span<const FrameFeatures> features) {
  model::Shots shots;
  if (features.empty()) return shots;
  int64_t first = 0;
  for (const int64_t cut : FindCuts(features)) {
    shots.push_back({first, cut});
    first = cut;
  }
  shots.push_back({first, static_cast<int64_t>(features.size())});
  return shots;
}

}  // namespace reel::shots

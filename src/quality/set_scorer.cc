#include "quality/set_scorer.h"

#include <utility>

namespace reel::quality {

base::Result<SetScorer> SetScorer::Create(const media::LumaFormat& format,
                                          size_t distorted,
                                          std::vector<GainLimits> limits) {
  const Format plane{.width = format.width,
                     .height = format.height,
                     .bit_depth = format.bit_depth};
  REEL_ASSIGN(ReferenceFrame reference, ReferenceFrame::Create(plane));
  REEL_ASSIGN(Scorer scorer, Scorer::Create(plane));
  SetScorer made(std::move(reference), std::move(scorer), std::move(limits));
  for (size_t i = 0; i <= distorted; ++i) {
    REEL_ASSIGN(media::LumaScaler scaler, media::LumaScaler::Create(format));
    made.scalers_.push_back(std::move(scaler));
  }
  return made;
}

base::Result<SetFeatures> SetScorer::MotionOnly(const FrameSet& set) {
  REEL_ASSIGN(const media::Picture luma, scalers_[0].Scale(set.reference));
  std::optional<media::Picture> previous;
  if (set.previous) {
    REEL_ASSIGN(previous, scalers_[0].Scale(*set.previous));
  }
  std::optional<media::Plane> previous_plane;
  if (previous) previous_plane = previous->plane(0);
  REEL_TRY(reference_.Set(luma.plane(0), previous_plane));
  return SetFeatures{.motion = reference_.motion(), .pairs = {}};
}

base::Result<SetFeatures> SetScorer::Score(const FrameSet& set) {
  REEL_ASSIGN(SetFeatures features, MotionOnly(set));
  for (size_t i = 0; i < set.distorted.size(); ++i) {
    REEL_ASSIGN(const media::Picture luma,
                scalers_[i + 1].Scale(set.distorted[i]));
    for (const GainLimits& limits : limits_) {
      REEL_ASSIGN(const FrameFeatures pair,
                  scorer_.Score(reference_, luma.plane(0), limits));
      features.pairs.push_back(pair);
    }
  }
  return features;
}

}  // namespace reel::quality

#include "quality/set_scorer.h"

#include <utility>

namespace reel::quality {

base::Result<SetScorer> SetScorer::Create(SetScorerOptions options) {
  const media::LumaFormat format = options.format;
  const Format plane{.width = format.width,
                     .height = format.height,
                     .bit_depth = format.bit_depth};
  REEL_ASSIGN(ReferenceFrame reference, ReferenceFrame::Create(plane));
  REEL_ASSIGN(Scorer scorer, Scorer::Create(plane));
  SetScorer made(std::move(reference), std::move(scorer), std::move(options));
  for (size_t i = 0; i <= made.options_.colour.size(); ++i) {
    REEL_ASSIGN(media::LumaScaler scaler, media::LumaScaler::Create(format));
    made.scalers_.push_back(std::move(scaler));
  }
  return made;
}

base::Result<SetScorer::ReferenceLuma> SetScorer::ScaleReference(
    const FrameSet& set) {
  REEL_ASSIGN(media::Picture luma, scalers_[0].Scale(set.reference));
  ReferenceLuma scaled{std::move(luma), std::nullopt};
  if (set.previous) {
    REEL_ASSIGN(scaled.previous, scalers_[0].Scale(*set.previous));
  }
  return scaled;
}

base::Result<SetFeatures> SetScorer::MotionOnly(const FrameSet& set) {
  REEL_ASSIGN(const ReferenceLuma luma, ScaleReference(set));
  REEL_TRY(reference_.SetMotion(luma.plane(), luma.previous_plane()));
  return SetFeatures{.motion = reference_.motion(), .pairs = {}, .metrics = {}};
}

base::Result<SetFeatures> SetScorer::Score(const FrameSet& set) {
  REEL_ASSIGN(const ReferenceLuma luma, ScaleReference(set));
  REEL_TRY(reference_.Set(luma.plane(), luma.previous_plane()));
  SetFeatures features{
      .motion = reference_.motion(), .pairs = {}, .metrics = {}};
  for (size_t i = 0; i < set.distorted.size(); ++i)
    REEL_TRY(ScorePair(set, i, luma.plane(), features));
  return features;
}

base::Status SetScorer::ScorePair(const FrameSet& set, size_t distorted,
                                  const media::Plane& reference,
                                  SetFeatures& features) {
  REEL_ASSIGN(const media::Picture luma,
              scalers_[distorted + 1].Scale(set.distorted[distorted]));
  for (const GainLimits& limits : options_.limits) {
    REEL_ASSIGN(const FrameFeatures pair,
                scorer_.Score(reference_, luma.plane(0), limits));
    features.pairs.push_back(pair);
  }
  REEL_ASSIGN(
      std::vector<double> metrics,
      Measure(options_.metrics, {.reference = set.reference,
                                 .distorted = set.distorted[distorted],
                                 .reference_luma = reference,
                                 .distorted_luma = luma.plane(0),
                                 .bit_depth = options_.format.bit_depth,
                                 .colour = options_.colour[distorted]}));
  features.metrics.push_back(std::move(metrics));
  return {};
}

}  // namespace reel::quality

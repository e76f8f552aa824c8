// Scores sets of frames, one after the other: what one thread owns.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "media/luma_scaler.h"
#include "quality/frame_scorer.h"
#include "quality/frame_sets.h"
#include "quality/pair_metrics.h"

namespace reel::quality {

struct SetFeatures {
  double motion = 0;
  std::vector<FrameFeatures> pairs;  // [distorted * limits], limits vary first
  std::vector<std::vector<double>> metrics;  // [distorted][columns]
};

struct SetScorerOptions {
  media::LumaFormat format;  // to which all are brought
  std::vector<GainLimits> limits;
  std::vector<Metric> metrics;
  std::vector<bool> colour;  // [distorted] see MetricPair
};

// Not for use from several threads.
class SetScorer {
 public:
  // Errors: kInvalidArgument for a format out of bounds, kResourceExhausted.
  static base::Result<SetScorer> Create(SetScorerOptions options);

  base::Result<SetFeatures> Score(const FrameSet& set);
  // As Score, without what needs a distorted picture.
  base::Result<SetFeatures> MotionOnly(const FrameSet& set);

 private:
  SetScorer(ReferenceFrame reference, Scorer scorer, SetScorerOptions options)
      : reference_(std::move(reference)),
        scorer_(std::move(scorer)),
        options_(std::move(options)) {}
  // A set's reference frame as it is compared, and the one before it.
  struct ReferenceLuma {
    media::Picture luma;
    std::optional<media::Picture> previous;
    media::Plane plane() const { return luma.plane(0); }
    std::optional<media::Plane> previous_plane() const {
      if (!previous) return std::nullopt;
      return previous->plane(0);
    }
  };
  base::Result<ReferenceLuma> ScaleReference(const FrameSet& set);
  base::Status ScorePair(const FrameSet& set, size_t distorted,
                         const media::Plane& reference, SetFeatures& features);

  ReferenceFrame reference_;
  Scorer scorer_;
  SetScorerOptions options_;
  std::vector<media::LumaScaler> scalers_;  // the reference's, then the others'
};

}  // namespace reel::quality

// Scores sets of frames, one after the other: what one thread owns.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "media/luma_scaler.h"
#include "quality/frame_scorer.h"
#include "quality/frame_sets.h"

namespace reel::quality {

struct SetFeatures {
  double motion = 0;
  std::vector<FrameFeatures> pairs;  // [distorted * limits], limits vary first
};

// Not for use from several threads.
class SetScorer {
 public:
  // Errors: kInvalidArgument for a format out of bounds, kResourceExhausted.
  static base::Result<SetScorer> Create(const media::LumaFormat& format,
                                        size_t distorted,
                                        std::vector<GainLimits> limits);

  base::Result<SetFeatures> Score(const FrameSet& set);
  // As Score, with no pairs.
  base::Result<SetFeatures> MotionOnly(const FrameSet& set);

 private:
  SetScorer(ReferenceFrame reference, Scorer scorer,
            std::vector<GainLimits> limits)
      : reference_(std::move(reference)),
        scorer_(std::move(scorer)),
        limits_(std::move(limits)) {}

  ReferenceFrame reference_;
  Scorer scorer_;
  std::vector<GainLimits> limits_;
  std::vector<media::LumaScaler> scalers_;  // the reference's, then the others'
};

}  // namespace reel::quality

// All ways to compute VMAF's features, which must agree to the last bit: each
// is put to the same tests (vmaf_golden_test.cc, features_test.cc).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/picture.h"
#include "quality/quality.h"
#include "quality/scalar/features.h"
#include "quality/scalar/motion.h"

namespace reel::testing {

// One frame's luma; `previous` is the reference before it.
struct QualityCase {
  media::Plane reference;
  std::optional<media::Plane> previous;
  media::Plane distorted;
  int bit_depth = 8;
};

struct QualityScores {
  double motion = 0;
  quality::FrameFeatures vmaf, neg;
};

struct QualityMethod {
  std::string name;
  std::function<base::Result<QualityScores>(const QualityCase&)> score;
};

inline base::Result<QualityScores> ScoreByScalar(const QualityCase& c) {
  namespace scalar = quality::scalar;
  return QualityScores{
      .motion = c.previous
                    ? scalar::Motion(*c.previous, c.reference, c.bit_depth)
                    : 0,
      .vmaf = scalar::Features(c.reference, c.distorted, c.bit_depth, {}),
      .neg = scalar::Features(c.reference, c.distorted, c.bit_depth,
                              quality::kNegGainLimits)};
}

inline base::Result<QualityScores> ScoreByScorer(const QualityCase& c) {
  const quality::Format format{c.reference.width, c.reference.height,
                               c.bit_depth};
  REEL_ASSIGN(auto reference, quality::ReferenceFrame::Create(format));
  REEL_ASSIGN(auto scorer, quality::Scorer::Create(format));
  REEL_TRY(reference.Set(c.reference, c.previous));
  QualityScores scores{.motion = reference.motion(), .vmaf = {}, .neg = {}};
  REEL_ASSIGN(scores.vmaf, scorer.Score(reference, c.distorted, {}));
  REEL_ASSIGN(scores.neg,
              scorer.Score(reference, c.distorted, quality::kNegGainLimits));
  return scores;
}

inline std::vector<QualityMethod> QualityMethods() {
  return {{"Scalar", ScoreByScalar}, {"Scorer", ScoreByScorer}};
}

}  // namespace reel::testing

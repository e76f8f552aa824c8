// All ways to compute VMAF's features, which must agree to the last bit: each
// is put to the same tests (vmaf_golden_test.cc, features_test.cc).
#pragma once

#include <hwy/targets.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
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

// Every number, to compare and to print.
inline std::vector<double> AllValues(const QualityScores& scores) {
  std::vector<double> values{scores.motion};
  for (const auto* f : {&scores.vmaf, &scores.neg}) {
    values.push_back(f->adm2);
    for (const auto* scales :
         {&f->vif, &f->vif_num, &f->vif_den, &f->adm_num, &f->adm_den})
      values.insert(values.end(), scales->begin(), scales->end());
  }
  return values;
}

struct QualityMethod {
  std::string name;
  std::function<base::Result<QualityScores>(const QualityCase&)> score;
  // The definition takes a second for a frame of 1080 lines.
  bool slow = false;
};
inline void PrintTo(const QualityMethod& method, std::ostream* out) {
  *out << method.name;
}

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

// The scorer with each kind of vectors that this machine has.
inline std::vector<QualityMethod> QualityMethods() {
  std::vector<QualityMethod> methods{{"Scalar", ScoreByScalar, true}};
  for (int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const int64_t target = left & -left;
    if (target >= HWY_EMU128) continue;  // never compiled: see CMakeLists.txt
    methods.push_back({hwy::TargetName(target),
                       [target](const QualityCase& c) {
                         hwy::SetSupportedTargetsForTest(target);
                         auto scores = ScoreByScorer(c);
                         hwy::SetSupportedTargetsForTest(0);
                         return scores;
                       },
                       false});
  }
  return methods;
}

}  // namespace reel::testing

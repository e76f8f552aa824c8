// From the six features of a frame to its VMAF score.
//
// A model normalises the features, passes them through a regression and scales
// the result to 0..100. Three models come with the program. They are not
// libvmaf's files, whose support vectors are not ours to ship, but fits to them
// (tools/fit_fusion); docs/vmaf.md says how close. libvmaf's own JSON files can
// be read and are evaluated exactly.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "quality/frame_scorer.h"
#include "quality/gaussian_polynomial.h"
#include "quality/support_vectors.h"

namespace reel::quality {

// A value; any number of threads may score with one.
class FusionModel {
 public:
  // "v0.6.1", "neg" or "4k"; also by libvmaf's names "vmaf_v0.6.1",
  // "vmaf_v0.6.1neg", "vmaf_4k_v0.6.1".
  // Errors: kNotFound, with the names there are.
  static base::Result<FusionModel> BuiltIn(std::string_view name);
  // A model file: libvmaf's JSON, or ours (docs/formats/fusion-model.md).
  // Errors: kNotFound, kIo; those of Parse.
  static base::Result<FusionModel> Read(const std::string& path);
  // The text of a model file; `name` stands for it in errors.
  // Errors: kCorruptInput; kUnsupported for features, options, regressions and
  // transforms that this program does not compute.
  static base::Result<FusionModel> Parse(std::string_view text,
                                         const std::string& name);

  // Whether the model has a transform ("phone": viewed on a small screen),
  // which is off until enabled. Errors: kUnsupported if it has none.
  bool has_transform() const { return transform_.has_value(); }
  base::Status EnableTransform();

  const std::string& name() const { return name_; }
  // What the features must be computed with.
  const GainLimits& gain_limits() const { return gain_limits_; }

  // The score, limited as the model says (0..100). It may be NaN only if a
  // feature is.
  double Score(const VmafFeatures& features) const;
  double ScoreUnclipped(const VmafFeatures& features) const;

 private:
  friend class FusionParser;
  using Inputs = GaussianPolynomial::Point;
  struct Linear {
    double slope = 1.0;
    double intercept = 0.0;
  };
  // p[0] + p[1] score + p[2] score², and perhaps no less (no more) than score.
  struct Transform {
    std::array<double, 3> p{};
    bool at_least_input = false;
    bool at_most_input = false;
  };
  FusionModel() = default;

  std::string name_;
  GainLimits gain_limits_;
  std::array<size_t, 6> order_{};  // input i is feature order_[i]
  std::array<Linear, 6> inputs_;
  Linear score_;  // regression = slope * score + intercept
  std::variant<GaussianPolynomial, SupportVectors> regression_;
  std::optional<Transform> transform_;
  bool transform_enabled_ = false;
  std::optional<Range> clip_;
};

}  // namespace reel::quality

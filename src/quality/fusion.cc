#include "quality/fusion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "built_in_models.h"  // generated from models/*.json

namespace reel::quality {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;

constexpr int64_t kMaxModelBytes = 16 << 20;
constexpr std::string_view kOurFormat = "reelwright-fusion/1";

// In the order of VmafFeatures.
constexpr std::array<std::string_view, 6> kFeatures{
    "VMAF_integer_feature_adm2_score",
    "VMAF_integer_feature_motion2_score",
    "VMAF_integer_feature_vif_scale0_score",
    "VMAF_integer_feature_vif_scale1_score",
    "VMAF_integer_feature_vif_scale2_score",
    "VMAF_integer_feature_vif_scale3_score"};
constexpr size_t kAdm2 = 0, kVif0 = 2;

struct BuiltInModel {
  std::string_view name, alias, file;
  GainLimits limits;
};
// NEG differs from v0.6.1 in its features alone.
constexpr std::array<BuiltInModel, 3> kBuiltIn{{
    {"v0.6.1", "vmaf_v0.6.1", "vmaf_v0.6.1", {}},
    {"neg", "vmaf_v0.6.1neg", "vmaf_v0.6.1", kNegGainLimits},
    {"4k", "vmaf_4k_v0.6.1", "vmaf_4k_v0.6.1", {}},
}};

template <typename T>
Result<T> Get(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key))
    return Fail(Code::kCorruptInput, fmt::format("there is no \"{}\"", key));
  auto value = base::FromJson<T>(object[key]);
  if (!value) return base::Prefix(value.error(), fmt::format("\"{}\"", key));
  return value;
}

Result<std::vector<double>> Numbers(const Json& object, const char* key,
                                    size_t count) {
  REEL_ASSIGN(auto numbers, Get<std::vector<double>>(object, key));
  if (numbers.size() != count)
    return Fail(Code::kCorruptInput,
                fmt::format("\"{}\" has {} numbers, and needs {}", key,
                            numbers.size(), count));
  return numbers;
}

Result<Range> RangeOf(const std::vector<double>& ends, const char* key) {
  if (ends.size() != 2 || !(ends[0] < ends[1]))
    return Fail(Code::kCorruptInput,
                fmt::format("\"{}\" must be two rising numbers", key));
  return Range{ends[0], ends[1]};
}

// What must read `want`, for nothing else can be evaluated.
Status Expect(const Json& object, const char* key, std::string_view want) {
  REEL_ASSIGN(const auto value, Get<std::string>(object, key));
  if (value == want) return {};
  return Fail(Code::kUnsupported,
              fmt::format("\"{}\" is \"{}\"; only \"{}\" is supported", key,
                          value.substr(0, 60), want));
}

bool Says(const Json& object, const char* key, std::string_view text) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() &&
         found->get_ref<const std::string&>() == text;
}

}  // namespace

// Reads a model_dict into a model, member by member.
class FusionParser {
 public:
  explicit FusionParser(const Json& dict) : dict_(dict) {}

  Result<FusionModel> Official() {
    REEL_TRY(Expect(dict_, "model_type", "LIBSVMNUSVR"));
    REEL_TRY(Surroundings());
    REEL_ASSIGN(const auto text, Get<std::string>(dict_, "model"));
    auto vectors = SupportVectors::Parse(text);
    if (!vectors) return base::Prefix(vectors.error(), "\"model\"");
    model_.regression_ = *std::move(vectors);
    return std::move(model_);
  }

  Result<FusionModel> Ours() {
    REEL_TRY(Expect(dict_, "model_type", "GAUSSIAN_POLYNOMIAL"));
    REEL_TRY(Surroundings());
    REEL_TRY(Polynomial());
    return std::move(model_);
  }

 private:
  // All but the regression.
  Status Surroundings() {
    REEL_TRY(Expect(dict_, "norm_type", "linear_rescale"));
    REEL_TRY(FeatureNames());
    REEL_TRY(FeatureOptions());
    REEL_TRY(Normalisation());
    REEL_TRY(Clip());
    return ScoreTransform();
  }

  Status FeatureNames() {
    REEL_ASSIGN(names_, Get<std::vector<std::string>>(dict_, "feature_names"));
    for (const std::string& name : names_) {
      if (std::find(kFeatures.begin(), kFeatures.end(), name) !=
          kFeatures.end())
        continue;
      return Fail(
          Code::kUnsupported,
          fmt::format("the feature \"{}\" is not computed here; a model "
                      "must be of {}",
                      name.substr(0, 80), fmt::join(kFeatures, ", ")));
    }
    if (!std::is_permutation(names_.begin(), names_.end(), kFeatures.begin(),
                             kFeatures.end()))
      return Fail(Code::kUnsupported,
                  fmt::format("\"feature_names\" must be each of {} once",
                              fmt::join(kFeatures, ", ")));
    for (size_t i = 0; i < names_.size(); ++i) model_.order_[i] = FeatureOf(i);
    return {};
  }

  size_t FeatureOf(size_t input) const {
    return static_cast<size_t>(
        std::find(kFeatures.begin(), kFeatures.end(), names_[input]) -
        kFeatures.begin());
  }

  // Per feature an object of options. Only gain limits are known, and all VIF
  // scales, being computed in one go, must have the same.
  Status FeatureOptions() {
    if (!dict_.contains("feature_opts_dicts")) return {};
    const Json& options = dict_["feature_opts_dicts"];
    if (!options.is_array() || options.size() != names_.size())
      return Fail(Code::kCorruptInput,
                  "\"feature_opts_dicts\" must be an array of one object per "
                  "feature");
    std::array<GainLimits, 6> limits;  // per feature
    for (size_t i = 0; i < names_.size(); ++i)
      REEL_TRY(OptionsOf(i, options[i], limits[FeatureOf(i)]));
    model_.gain_limits_ = {limits[kVif0].vif, limits[kAdm2].adm};
    for (size_t vif = kVif0 + 1; vif < limits.size(); ++vif) {
      if (limits[vif].vif != limits[kVif0].vif)
        return Fail(Code::kUnsupported,
                    "vif_enhn_gain_limit must be the same for all VIF scales");
    }
    return {};
  }

  Status OptionsOf(size_t input, const Json& options, GainLimits& limits) {
    if (!options.is_object())
      return Fail(Code::kCorruptInput,
                  "\"feature_opts_dicts\" must be an array of objects");
    const size_t feature = FeatureOf(input);
    for (const auto& [key, value] : options.items()) {
      double* limit = nullptr;
      if (feature == kAdm2 && key == "adm_enhn_gain_limit") limit = &limits.adm;
      if (feature >= kVif0 && key == "vif_enhn_gain_limit") limit = &limits.vif;
      if (limit == nullptr)
        return Fail(Code::kUnsupported,
                    fmt::format("the option \"{}\" of {} is not supported",
                                key.substr(0, 60), names_[input]));
      if (!value.is_number() || value.get<double>() < 1.0)
        return Fail(Code::kCorruptInput,
                    fmt::format("\"{}\" must be a number of at least 1", key));
      *limit = value.get<double>();
    }
    return {};
  }

  Status Normalisation() {
    const size_t count = model_.inputs_.size() + 1;  // the score comes first
    REEL_ASSIGN(const auto slopes, Numbers(dict_, "slopes", count));
    REEL_ASSIGN(const auto intercepts, Numbers(dict_, "intercepts", count));
    if (slopes[0] == 0.0)
      return Fail(Code::kCorruptInput, "the score's slope must not be 0");
    model_.score_ = {slopes[0], intercepts[0]};
    for (size_t i = 0; i < model_.inputs_.size(); ++i)
      model_.inputs_[i] = {slopes[i + 1], intercepts[i + 1]};
    return {};
  }

  Status Clip() {
    if (!dict_.contains("score_clip")) return {};
    REEL_ASSIGN(const auto ends, Numbers(dict_, "score_clip", 2));
    REEL_ASSIGN(model_.clip_, RangeOf(ends, "score_clip"));
    return {};
  }

  Status ScoreTransform() {
    if (!dict_.contains("score_transform")) return {};
    const Json& json = dict_["score_transform"];
    if (!json.is_object())
      return Fail(Code::kCorruptInput, "\"score_transform\" must be an object");
    constexpr std::array<std::string_view, 3> kPowers{"p0", "p1", "p2"};
    FusionModel::Transform transform;
    for (const auto& [key, value] : json.items()) {
      const auto power = std::find(kPowers.begin(), kPowers.end(), key);
      if (value.is_null()) continue;
      if (power != kPowers.end() && value.is_number()) {
        transform.p[static_cast<size_t>(power - kPowers.begin())] =
            value.get<double>();
      } else if ((key != "out_gte_in" && key != "out_lte_in") ||
                 !value.is_string()) {
        return Fail(Code::kUnsupported,
                    fmt::format("\"score_transform\" with \"{}\": {} is not "
                                "supported; p0, p1, p2, out_gte_in and "
                                "out_lte_in are",
                                key.substr(0, 60),
                                base::DumpJson(value).substr(0, 60)));
      }
    }
    transform.at_least_input = Says(json, "out_gte_in", "true");
    transform.at_most_input = Says(json, "out_lte_in", "true");
    model_.transform_ = transform;
    return {};
  }

  Status Polynomial() {
    REEL_ASSIGN(const Json json, Get<Json>(dict_, "model"));
    GaussianPolynomial polynomial;
    REEL_ASSIGN(const double degree, Get<double>(json, "degree"));
    if (!(degree >= 0.0 && degree <= GaussianPolynomial::kMaxDegree) ||
        degree != std::floor(degree))
      return Fail(Code::kCorruptInput,
                  fmt::format("\"degree\" must be a whole number from 0 to {}",
                              GaussianPolynomial::kMaxDegree));
    polynomial.degree = static_cast<int>(degree);
    REEL_ASSIGN(polynomial.gamma, Get<double>(json, "gamma"));
    REEL_ASSIGN(polynomial.centre, Get<double>(json, "centre"));
    REEL_ASSIGN(polynomial.sampled, Box(json, "sampled"));
    REEL_ASSIGN(polynomial.limits, Box(json, "limits"));
    REEL_ASSIGN(polynomial.coefficients,
                Numbers(json, "coefficients",
                        GaussianPolynomial::BasisSize(polynomial.degree)));
    model_.regression_ = std::move(polynomial);
    return {};
  }

  // Ranges of the features, which the polynomial knows normalised.
  Result<std::array<Range, 6>> Box(const Json& json, const char* key) {
    using Rows = std::vector<std::vector<double>>;
    REEL_ASSIGN(const auto rows, Get<Rows>(json, key));
    std::array<Range, 6> box;
    if (rows.size() != box.size())
      return Fail(Code::kCorruptInput,
                  fmt::format("\"{}\" must be a range per feature", key));
    for (size_t i = 0; i < box.size(); ++i) {
      const auto& [slope, intercept] = model_.inputs_[i];
      REEL_ASSIGN(const Range range, RangeOf(rows[i], key));
      box[i] = {slope * range.low + intercept, slope * range.high + intercept};
      if (!(box[i].low < box[i].high))
        return Fail(Code::kCorruptInput, "\"slopes\" must be positive");
    }
    return box;
  }

  const Json& dict_;
  std::vector<std::string> names_;
  FusionModel model_;
};

Result<FusionModel> FusionModel::BuiltIn(std::string_view name) {
  std::vector<std::string_view> names;
  for (const BuiltInModel& known : kBuiltIn) {
    names.push_back(known.name);
    if (name != known.name && name != known.alias) continue;
    const auto* file = std::find_if(
        std::begin(kBuiltInModels), std::end(kBuiltInModels),
        [&known](const auto& entry) { return entry.first == known.file; });
    REEL_CHECK(file != std::end(kBuiltInModels));
    REEL_ASSIGN(FusionModel model,
                Parse(file->second, std::string(known.alias)));
    model.gain_limits_ = known.limits;
    return model;
  }
  return Fail(Code::kNotFound,
              fmt::format("there is no model \"{}\"; there are {}", name,
                          fmt::join(names, ", ")));
}

Result<FusionModel> FusionModel::Read(const std::string& path) {
  REEL_ASSIGN(const std::string text, base::ReadTextFile(path, kMaxModelBytes));
  return Parse(text, path);
}

Result<FusionModel> FusionModel::Parse(std::string_view text,
                                       const std::string& name) {
  const auto parse = [text]() -> Result<FusionModel> {
    REEL_ASSIGN(const Json json, base::ParseJson(text));
    REEL_ASSIGN(const Json dict, Get<Json>(json, "model_dict"));
    FusionParser parser(dict);
    if (!json.contains("format")) return parser.Official();
    REEL_TRY(Expect(json, "format", kOurFormat));
    return parser.Ours();
  };
  auto model = parse();
  if (!model) return base::Prefix(model.error(), "VMAF model " + name);
  model->name_ = name;
  return model;
}

Status FusionModel::EnableTransform() {
  if (!transform_)
    return Fail(Code::kUnsupported,
                fmt::format("VMAF model {} has no transform for phones; use "
                            "v0.6.1 or neg",
                            name_));
  transform_enabled_ = true;
  return {};
}

double FusionModel::ScoreUnclipped(const VmafFeatures& features) const {
  const std::array<double, 6> values{features.adm2,   features.motion2,
                                     features.vif[0], features.vif[1],
                                     features.vif[2], features.vif[3]};
  Inputs x{};
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = inputs_[i].slope * values[order_[i]] + inputs_[i].intercept;
  const double y =
      std::visit([&x](const auto& f) { return f(x); }, regression_);
  const double score = (y - score_.intercept) / score_.slope;
  if (!transform_enabled_) return score;
  const auto& [p, at_least_input, at_most_input] = *transform_;
  double out = p[0] + p[1] * score + p[2] * score * score;
  if (at_least_input) out = std::max(out, score);
  if (at_most_input) out = std::min(out, score);
  return out;
}

double FusionModel::Score(const VmafFeatures& features) const {
  const double score = ScoreUnclipped(features);
  return clip_ ? std::clamp(score, clip_->low, clip_->high) : score;
}

}  // namespace reel::quality

// Every integer feature of every frame of 21 pairs of clips, by every method,
// is bit for bit what libvmaf computes. Prints the largest differences.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "quality/quality.h"
#include "testing/quality_methods.h"
#include "testing/vmaf_corpus.h"

namespace reel {
namespace {

using testing::QualityMethod;
using testing::QualityScores;
using Values = std::map<std::string, double>;

// Of each clip, by a slow method.
constexpr size_t kSlowFrames = 3;

void AddFeatures(const quality::FrameFeatures& f, const std::string& suffix,
                 Values& values) {
  values["integer_adm2" + suffix] = f.adm2;
  for (size_t scale = 0; scale < 4; ++scale) {
    const std::string end = fmt::format("scale{}{}", scale, suffix);
    values["integer_vif_" + end] = f.vif[scale];
    values["integer_adm_" + end] = f.adm_num[scale] / f.adm_den[scale];
  }
}

// Under libvmaf's names.
Values ValuesOf(const QualityScores& scores) {
  Values values{{"integer_motion", scores.motion},
                {"VMAF_integer_feature_motion_sad_score", scores.motion}};
  AddFeatures(scores.vmaf, "", values);
  AddFeatures(scores.neg, "_egl_1", values);
  for (size_t scale = 0; scale < 4; ++scale) {
    const std::string end = fmt::format("_scale{}", scale);
    values["integer_adm_num" + end] = scores.vmaf.adm_num[scale];
    values["integer_adm_den" + end] = scores.vmaf.adm_den[scale];
    values["integer_vif_num" + end] = scores.vmaf.vif_num[scale];
    values["integer_vif_den" + end] = scores.vmaf.vif_den[scale];
  }
  return values;
}

base::Result<std::vector<Values>> Measure(const testing::VmafPair& pair,
                                          const QualityMethod& method) {
  testing::ClipReader reference, distorted;
  REEL_TRY(reference.Open(pair.reference));
  REEL_TRY(distorted.Open(pair.distorted));
  std::vector<Values> frames;
  std::vector<double> motion;
  std::optional<media::Picture> previous;
  const size_t count =
      std::min(pair.frames.size(), method.slow ? kSlowFrames : SIZE_MAX);
  for (size_t i = 0; i < count; ++i) {
    REEL_ASSIGN(media::Picture from, reference.Next());
    REEL_ASSIGN(const media::Picture to, distorted.Next());
    testing::QualityCase c{.reference = from.plane(0),
                           .previous = std::nullopt,
                           .distorted = to.plane(0),
                           .bit_depth = pair.bit_depth};
    if (previous) c.previous = previous->plane(0);
    REEL_ASSIGN(const QualityScores scores, method.score(c));
    frames.push_back(ValuesOf(scores));
    motion.push_back(scores.motion);
    previous = std::move(from);
  }
  // The last one's needs the frame after it, unless it is the clip's last.
  const std::vector<double> motion2 = quality::Motion2(motion);
  const size_t known = count == pair.frames.size() ? count : count - 1;
  for (size_t i = 0; i < known; ++i) frames[i]["integer_motion2"] = motion2[i];
  return frames;
}

// Largest difference of each feature over the frames.
Values Differences(const std::vector<Values>& frames,
                   const std::vector<base::Json>& golden) {
  Values worst;
  for (size_t i = 0; i < frames.size(); ++i) {
    for (const auto& [name, value] : frames[i]) {
      const double difference =
          std::abs(value - golden[i].at(name).get<double>());
      worst[name] = std::max(worst[name], difference);
    }
  }
  return worst;
}

using Param = std::tuple<std::string, QualityMethod>;
class VmafGoldenTest : public ::testing::TestWithParam<Param> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(VmafGoldenTest);

TEST_P(VmafGoldenTest, EveryFeatureIsLibvmafs) {
  const auto& [name, method] = GetParam();
  const auto pair = testing::LoadVmafPair(name);
  ASSERT_TRUE(pair.has_value()) << pair.error().message;
  const auto frames = Measure(*pair, method);
  ASSERT_TRUE(frames.has_value()) << frames.error().message;
  ASSERT_FALSE(frames->empty());
  for (const auto& [feature, difference] : Differences(*frames, pair->frames)) {
    fmt::print("{:16} {:8} {:38} {:.3g}\n", name, method.name, feature,
               difference);
    EXPECT_EQ(difference, 0) << name << " " << feature;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, VmafGoldenTest,
    ::testing::Combine(::testing::ValuesIn(testing::VmafPairs()),
                       ::testing::ValuesIn(testing::QualityMethods())),
    [](const auto& test) {
      return std::get<0>(test.param) + "_" + std::get<1>(test.param).name;
    });

}  // namespace
}  // namespace reel

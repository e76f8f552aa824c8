// The models that come with the program against the samples they were fitted
// to: no sample that was held back, and no real frame, is scored otherwise than
// by libvmaf's models, but for the bounds of docs/vmaf.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "fit_fusion/samples.h"
#include "quality/fusion.h"
#include "testing/vmaf_golden.h"

namespace reel {
namespace {

constexpr double kMaxErrorOfSamples = 0.005;
constexpr double kMaxErrorOfRealFrames = 0.002;

struct Fitted {
  std::string model, samples, real_column;
};
class FusionFitTest : public ::testing::TestWithParam<Fitted> {
 protected:
  static tools::SampleTable Read(const std::string& file,
                                 const std::string& column) {
    auto table =
        tools::ReadSamples((testing::VmafFolder() / file).string(), column);
    REEL_CHECK(table.has_value());
    return *std::move(table);
  }
  static tools::Errors ErrorsOf(const std::vector<tools::Sample>& samples) {
    auto model = quality::FusionModel::BuiltIn(GetParam().model);
    REEL_CHECK(model.has_value());
    const auto errors = tools::Summarise(tools::AbsoluteErrors(
        samples, [&](const auto& f) { return model->ScoreUnclipped(f); }));
    fmt::print("{} samples: max {:.6f}, p99 {:.6f}, rms {:.6f}\n",
               samples.size(), errors.max, errors.p99, errors.rms);
    return errors;
  }
};

TEST_P(FusionFitTest, HeldBackSamplesScoreAlike) {
  REEL_SKIP_WITHOUT_VMAF_GOLDENS();
  const auto split = Split(Read(GetParam().samples, "score_unclipped"));
  ASSERT_GE(split.held_back.size(), 6000u);
  EXPECT_LE(ErrorsOf(split.held_back).max, kMaxErrorOfSamples);
}

TEST_P(FusionFitTest, RealFramesScoreAlike) {
  REEL_SKIP_WITHOUT_VMAF_GOLDENS();
  const auto real =
      Read("fusion-real-frames.csv.gz", GetParam().real_column).samples;
  ASSERT_EQ(real.size(), 1944u);
  EXPECT_LE(ErrorsOf(real).max, kMaxErrorOfRealFrames);
}

INSTANTIATE_TEST_SUITE_P(
    Models, FusionFitTest,
    ::testing::Values(
        Fitted{"v0.6.1", "fusion-samples.csv.gz", "score_v061_unclipped"},
        Fitted{"4k", "fusion-samples-4k.csv.gz", "score_4k_unclipped"}),
    [](const auto& c) { return c.param.model == "4k" ? "Uhd" : "Hd"; });

}  // namespace
}  // namespace reel

#include "ladder/ladder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace reel::ladder {
namespace {

model::Source SourceOf(int width, int height, base::Rational aspect = {1, 1},
                       int rotation_degrees = 0) {
  model::Source source;
  source.video.width = width;
  source.video.height = height;
  source.video.sample_aspect = aspect;
  source.video.rotation_degrees = rotation_degrees;
  return source;
}

model::Recipe Fixed() {
  auto recipe = model::LoadRecipe("fixed");
  EXPECT_TRUE(recipe.has_value());
  return *recipe;
}

// "1280x720 240p ..." of each rung.
std::string Describe(const model::Source& source) {
  const auto rungs = FitRungs(source, Fixed());
  if (!rungs) return rungs.error().message;
  std::string text;
  for (const model::Rung& rung : *rungs) {
    text += (text.empty() ? "" : " ") + rung.id.substr(0, rung.id.find('-')) +
            ":" + std::to_string(rung.width) + "x" +
            std::to_string(rung.height);
  }
  return text;
}

struct Case {
  std::string name;
  model::Source source;
  std::string want;
};
class FitRungsTest : public testing::TestWithParam<Case> {};

TEST_P(FitRungsTest, HasTheSizesOfTheField) {
  EXPECT_EQ(Describe(GetParam().source), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Cases, FitRungsTest,
    testing::Values(
        Case{"UltraHd", SourceOf(3840, 2160),
             "2160p:3840x2160 1080p:1920x1080 720p:1280x720 480p:854x480 "
             "240p:426x240"},
        Case{"FullHd", SourceOf(1920, 1080),
             "1080p:1920x1080 720p:1280x720 480p:854x480 240p:426x240"},
        Case{"Hd", SourceOf(1280, 720),
             "720p:1280x720 480p:854x480 240p:426x240"},
        Case{"BetweenRungs", SourceOf(640, 360), "360p:640x360 240p:426x240"},
        Case{"BelowAll", SourceOf(320, 180), "180p:320x180"},
        Case{"Scope", SourceOf(1920, 804),
             "1080p:1920x804 720p:1280x536 480p:854x358 240p:426x178"},
        Case{"Battle", SourceOf(800, 332), "450p:800x332 240p:426x178"},
        Case{"Academy", SourceOf(640, 480), "480p:640x480 240p:320x240"},
        Case{"Portrait", SourceOf(720, 1280),
             "720p:720x1280 480p:480x854 240p:240x426"},
        Case{"Rotated", SourceOf(1920, 1080, {1, 1}, 90),
             "1080p:1080x1920 720p:720x1280 480p:480x854 240p:240x426"},
        Case{"Anamorphic", SourceOf(720, 480, {32, 27}),
             "480p:852x480 240p:426x240"},
        Case{"Odd", SourceOf(641, 361), "361p:640x360 240p:426x240"},
        Case{"Sliver", SourceOf(4000, 2),
             "2160p:3840x2 1080p:1920x2 720p:1280x2 480p:854x2 240p:426x2"}),
    [](const auto& c) { return c.param.name; });

TEST(FitRungsTest, CapsFollowTheRate) {
  const auto rungs = FitRungs(SourceOf(1280, 720), Fixed());
  ASSERT_TRUE(rungs.has_value());
  const model::Rung& rung = rungs->front();
  EXPECT_EQ(rung.id, "720p-h264");
  EXPECT_EQ(rung.profile, "h264-high");
  EXPECT_EQ(rung.rate_bps, 3'500'000);
  EXPECT_EQ(rung.maxrate_bps, 5'250'000);
  EXPECT_EQ(rung.buffer_bits, 7'000'000);
  EXPECT_EQ(rungs->back().profile, "h264-baseline");
}

TEST(FitRungsTest, RefusesWhatItCannotDo) {
  EXPECT_FALSE(FitRungs(SourceOf(1, 720), Fixed()).has_value());
  EXPECT_FALSE(FitRungs(SourceOf(0, 0), Fixed()).has_value());
  EXPECT_FALSE(FitRungs(SourceOf(640, 360), {}).has_value());
}

// The laws of all rungs that are fitted to a source.
void ExpectLawful(const std::vector<model::Rung>& rungs, model::Size source) {
  ASSERT_FALSE(rungs.empty());
  std::set<std::string> ids;
  const model::Rung* larger = nullptr;
  for (const model::Rung& rung : rungs) {
    ASSERT_TRUE(ids.insert(rung.id).second) << rung.id;
    ASSERT_EQ(rung.width % 2 + rung.height % 2, 0);
    ASSERT_TRUE(rung.width >= 2 && rung.width <= source.width);
    ASSERT_TRUE(rung.height >= 2 && rung.height <= source.height);
    // Each side is within one pixel of the exact scale that the other one's
    // rounding allows (but a side of two pixels cannot shrink).
    const double scale_x = double{1} * rung.width / source.width;
    const double scale_y = double{1} * rung.height / source.height;
    if (rung.width > 2 && rung.height > 2) {
      ASSERT_LE(std::abs(scale_x - scale_y),
                1.0001 / source.width + 1.0001 / source.height)
          << rung.width << "x" << rung.height;
    }
    if (larger != nullptr) {
      ASSERT_LE(rung.width, larger->width);
      ASSERT_LE(rung.height, larger->height);
      ASSERT_TRUE(rung.width < larger->width || rung.height < larger->height);
      ASSERT_LT(rung.rate_bps, larger->rate_bps);
    }
    larger = &rung;
  }
}

TEST(FitRungsTest, LawsHoldForAnySizeAspectAndRotation) {
  std::mt19937 rng(20240229);
  const model::Recipe recipe = Fixed();
  const base::Rational aspects[] = {{1, 1},   {32, 27}, {16, 15}, {4, 3},
                                    {64, 45}, {1, 2},   {0, 1},   {10, 11}};
  for (int trial = 0; trial < 20'000; ++trial) {
    const int limit = trial % 2 == 0 ? 300 : 8000;
    const auto source = SourceOf(static_cast<int>(rng() % limit) + 2,
                                 static_cast<int>(rng() % limit) + 2,
                                 aspects[rng() % std::size(aspects)],
                                 static_cast<int>(rng() % 4) * 90);
    const auto rungs = FitRungs(source, recipe);
    ASSERT_TRUE(rungs.has_value()) << rungs.error().message;
    const model::Size size = model::DisplaySize(source.video);
    SCOPED_TRACE(std::to_string(size.width) + "x" +
                 std::to_string(size.height));
    ExpectLawful(*rungs, size);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace reel::ladder

#include "model/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/temp_dir.h"

namespace reel::model {
namespace {

using ::testing::HasSubstr;

constexpr const char* kSmall =
    "[[video.rungs]]\nheight = 720\nrate_bps = 3_000_000\n"
    "profile = \"h264-high\"\n";

TEST(RecipeTest, FixedIsTheLadderOfTheField) {
  const auto recipe = LoadRecipe("fixed");
  ASSERT_TRUE(recipe.has_value()) << recipe.error().message;
  EXPECT_EQ(recipe->name, "fixed");
  EXPECT_EQ(recipe->mode, "fixed");
  EXPECT_EQ(recipe->video.preset, "medium");
  EXPECT_EQ(recipe->video.crf, 23);
  EXPECT_EQ(recipe->video.maxrate_percent, 150);
  EXPECT_EQ(recipe->video.buffer_percent, 200);
  ASSERT_EQ(recipe->video.rungs.size(), 5u);
  EXPECT_EQ(recipe->video.rungs.front().height, 2160);
  EXPECT_EQ(recipe->video.rungs.front().rate_bps, 16'000'000);
  EXPECT_EQ(recipe->video.rungs.back().height, 240);
  EXPECT_EQ(recipe->video.rungs.back().profile, "h264-baseline");
  EXPECT_EQ(recipe->audio.rate_bps, 128'000);
  EXPECT_EQ(recipe->chunks.max_segment_ms, 4000);
}

TEST(RecipeTest, SearchedLaddersAreMeasured) {
  for (const char* name : {"default", "per-title"}) {
    const auto recipe = LoadRecipe(name);
    ASSERT_TRUE(recipe.has_value()) << recipe.error().message;
    EXPECT_EQ(recipe->mode,
              name == std::string("default") ? "per-shot" : "per-title");
    EXPECT_EQ(recipe->ladder.target_vmaf, 95);
    EXPECT_TRUE(recipe->quality.measure);
  }
  EXPECT_FALSE(LoadRecipe("fixed")->quality.measure);
  const auto forced = ParseRecipe(
      std::string("mode = \"per-shot\"\n[quality]\nmeasure = false\n") + kSmall,
      "forced");
  ASSERT_TRUE(forced.has_value()) << forced.error().message;
  EXPECT_TRUE(forced->quality.measure);
}

TEST(RecipeTest, WhatIsNotSaidHasADefault) {
  const auto recipe = ParseRecipe(kSmall, "small");
  ASSERT_TRUE(recipe.has_value()) << recipe.error().message;
  EXPECT_EQ(recipe->video.crf, VideoRecipe{}.crf);
  EXPECT_EQ(recipe->video.rungs.size(), 1u);
}

TEST(RecipeTest, IsFoundByPath) {
  const testing::TempDir dir;
  const std::string path = dir.path() + "/mine.toml";
  ASSERT_TRUE(
      base::WriteFileAtomically(path, base::AsBytes(kSmall)).has_value());
  EXPECT_TRUE(LoadRecipe(path).has_value());
  const auto missing = LoadRecipe(dir.path() + "/none.toml");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, base::Code::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("fixed"));
}

struct Case {
  std::string name;
  std::string toml;
  std::string want;  // in the message
};
class BadRecipeTest : public ::testing::TestWithParam<Case> {};

TEST_P(BadRecipeTest, IsRefusedSayingWhere) {
  const auto recipe = ParseRecipe(GetParam().toml, "bad");
  ASSERT_FALSE(recipe.has_value());
  EXPECT_EQ(recipe.error().code, base::Code::kInvalidArgument);
  EXPECT_THAT(recipe.error().message, HasSubstr(GetParam().want));
}
INSTANTIATE_TEST_SUITE_P(
    Cases, BadRecipeTest,
    ::testing::Values(
        Case{"Syntax", "mode = \n", "line 1, column 8"},
        Case{"UnknownKey", std::string("modus = 1\n") + kSmall,
             "line 1, column 1: unknown key modus; known here: audio, chunks"},
        Case{"UnknownInnerKey", std::string(kSmall) + "[video.x]\n",
             "unknown key video.x"},
        Case{"UnknownRungKey", std::string(kSmall) + "crf = 1\n",
             "line 5, column 1: unknown key video.rungs.crf"},
        Case{"UnknownMode", std::string("mode = \"magic\"\n") + kSmall,
             "line 1, column 8: mode must be one of \"fixed\""},
        Case{"WrongType", std::string(kSmall) + "[audio]\nrate_bps = \"1\"\n",
             "line 6, column 12: audio.rate_bps must be a whole number"},
        Case{"NoFraction", std::string(kSmall) + "[audio]\nrate_bps = 1e5\n",
             "line 6, column 12"},
        Case{"OutOfRange", "[video]\ncrf = 52\nrungs = []\n",
             "line 2, column 7: video.crf must be a number from 0 to 51"},
        Case{"NoVideo", "mode = \"fixed\"\n", "video is missing"},
        Case{"NoRungs", "[video]\nrungs = []\n", "must be 1 to 32 tables"},
        Case{"RungsNoTables", "[video]\nrungs = [1]\n", "[[video.rungs]]"},
        Case{"VideoNoTable", "video = 1\n", "video must be a table: [video]"},
        Case{"RungIncomplete", "[[video.rungs]]\nheight = 2\n",
             "video.rungs.rate_bps is missing"},
        Case{"SameRungTwice", std::string(kSmall) + kSmall,
             "two video.rungs have height 720"},
        Case{"NoNumber", std::string(kSmall) + "[ladder]\nstep_vmaf = true\n",
             "ladder.step_vmaf must be a number from 1 to 50"},
        Case{"NotANumber", std::string(kSmall) + "[ladder]\nfloor_vmaf = nan\n",
             "ladder.floor_vmaf must be a number"},
        Case{"NoFlag", std::string(kSmall) + "[quality]\nmeasure = 1\n",
             "quality.measure must be true or false"},
        Case{"FloorAboveTarget",
             std::string(kSmall) + "[ladder]\nfloor_vmaf = 96\n",
             "ladder.floor_vmaf is above"},
        Case{"SegmentBounds",
             std::string(kSmall) +
                 "[chunks]\nmin_segment_ms = 900\nmax_segment_ms = 800\n",
             "lower it"}),
    [](const auto& c) { return c.param.name; });

TEST(RecipeTest, CutAnywhereItIsAnErrorOrARecipe) {
  const std::string whole = std::string("mode = \"fixed\"\n") + kSmall;
  for (size_t size = 0; size < whole.size(); ++size)
    (void)ParseRecipe(whole.substr(0, size), "cut");
  EXPECT_FALSE(ParseRecipe(std::string(10'000, '['), "deep").has_value());
}

}  // namespace
}  // namespace reel::model

#include "workflow/tasks/title_estimate.h"

#include <gtest/gtest.h>

namespace reel::workflow::tasks {
namespace {

using base::Code;

// A film of ten minutes at 24 frames a second, 1280x720, with sound.
model::Source Film() {
  model::Source film;
  film.bytes = 300'000'000;
  film.container_duration = {600, 1};
  film.video.index = 0;
  film.video.width = 1280;
  film.video.height = 720;
  film.video.frame_rate = {24, 1};
  film.audio.emplace_back();
  return film;
}

model::Recipe RecipeOf(const std::string& name) {
  return model::LoadRecipe(name).value();
}

TitleEstimate Estimate(const model::Source& source, const std::string& recipe) {
  return EstimateTitle(source, RecipeOf(recipe)).value();
}

TEST(TitleEstimateTest, TwiceTheFilmTakesTwiceAsMuch) {
  model::Source longer = Film();
  longer.container_duration = {1200, 1};
  longer.bytes *= 2;
  for (const char* recipe : {"default", "fixed"}) {
    const TitleEstimate once = Estimate(Film(), recipe);
    const TitleEstimate twice = Estimate(longer, recipe);
    EXPECT_NEAR(twice.cpu_seconds / once.cpu_seconds, 2, 1e-6) << recipe;
    EXPECT_NEAR(1.0 * twice.size_bytes / once.size_bytes, 2, 1e-6) << recipe;
    EXPECT_LT(twice.chain_seconds, 2 * once.chain_seconds) << recipe;
  }
}

// What docs/benchmarks.md has for 1184 frames of 1280x720: 523 CPU seconds of
// kept encodes and 239 of search.
TEST(TitleEstimateTest, IsWithinAFactorOfTwoOfTheMeasuredFilm) {
  model::Source film = Film();
  film.container_duration = {1184, 24};
  const TitleEstimate estimate = Estimate(film, "default");
  EXPECT_GT(estimate.cpu_seconds, 838.0 / 2);
  EXPECT_LT(estimate.cpu_seconds, 838.0 * 2);
  EXPECT_GT(estimate.size_bytes, 30'000'000 / 2);
  EXPECT_LT(estimate.size_bytes, 30'000'000 * 2);
}

TEST(TitleEstimateTest, ASearchTakesMoreThanAFixedLadder) {
  EXPECT_GT(Estimate(Film(), "default").cpu_seconds,
            Estimate(Film(), "fixed").cpu_seconds);
  model::Recipe exhaustive = RecipeOf("default");
  exhaustive.ladder.search = "exhaustive";
  EXPECT_GT(EstimateTitle(Film(), exhaustive).value().cpu_seconds,
            3 * Estimate(Film(), "default").cpu_seconds);
}

TEST(TitleEstimateTest, ASlowerPresetTakesMore) {
  model::Recipe slow = RecipeOf("fixed");
  slow.video.preset = "veryslow";
  EXPECT_GT(EstimateTitle(Film(), slow).value().cpu_seconds,
            2 * Estimate(Film(), "fixed").cpu_seconds);
}

TEST(TitleEstimateTest, NoNumberOfWorkersIsFasterThanTheChain) {
  const TitleEstimate estimate = Estimate(Film(), "default");
  EXPECT_GT(estimate.chain_seconds, 0);
  EXPECT_GE(SecondsOn(estimate, 1), estimate.cpu_seconds);
  EXPECT_GT(SecondsOn(estimate, 2), SecondsOn(estimate, 20));
  EXPECT_GE(SecondsOn(estimate, 1'000'000), estimate.chain_seconds);
}

TEST(TitleEstimateTest, AnUnknownFrameRateIsTakenForTheUsualOne) {
  model::Source film = Film();
  film.video.frame_rate = {0, 1};
  EXPECT_NEAR(Estimate(film, "fixed").cpu_seconds,
              Estimate(Film(), "fixed").cpu_seconds * 25 / 24,
              0.05 * Estimate(Film(), "fixed").cpu_seconds);
}

TEST(TitleEstimateTest, WithoutAPictureOrALengthThereIsNone) {
  model::Source sound = Film();
  sound.video = {};
  EXPECT_EQ(EstimateTitle(sound, RecipeOf("fixed")).error().code,
            Code::kUnsupported);
  model::Source endless = Film();
  endless.container_duration = {0, 1};
  EXPECT_EQ(EstimateTitle(endless, RecipeOf("fixed")).error().code,
            Code::kUnsupported);
}

}  // namespace
}  // namespace reel::workflow::tasks

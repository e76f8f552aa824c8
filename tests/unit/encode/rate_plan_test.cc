#include "encode/rate_plan.h"

#include <gtest/gtest.h>

#include "model/leaky_bucket.h"

namespace reel::encode {
namespace {

const model::Rung kRung{.id = "480p-h264",
                        .profile = "h264-main",
                        .preset = "medium",
                        .width = 854,
                        .height = 480,
                        .crf = 23,
                        .rate_bps = 1'500'000,
                        .maxrate_bps = 2'250'000,
                        .buffer_bits = 3'000'000};

TEST(RatePlanTest, FirstAttemptIsTheRecipesOwn) {
  const RateControl rate = PlanRate(kRung, 0, 0, 0, 1);
  EXPECT_EQ(rate.maxrate_bps, 2'250'000);
  EXPECT_EQ(rate.buffer_bits, 3'000'000);
  EXPECT_EQ(rate.initial_buffer_percent, model::kReservePercent);
}

TEST(RatePlanTest, SecondAttemptTakesTheShortfallOffTheRate) {
  // 400 kbit over 4 s: 100 kbit/s, and a quarter more.
  const RateControl rate = PlanRate(kRung, 1, 400'000, 4 * 24'000, 24'000);
  EXPECT_EQ(rate.maxrate_bps, 2'250'000 - 125'001);
  EXPECT_EQ(rate.buffer_bits, 3'000'000);
}

TEST(RatePlanTest, LastAttemptCannotSpendMoreThanTheChunkIsGiven) {
  for (int64_t seconds = 2; seconds <= 20; ++seconds) {
    const RateControl rate = PlanRate(kRung, 2, 1, seconds * 1000, 1000);
    EXPECT_LE(rate.buffer_bits * rate.initial_buffer_percent / 100 +
                  rate.maxrate_bps * seconds,
              kRung.maxrate_bps * seconds);
  }
}

TEST(RatePlanTest, AVeryShortChunkKeepsSomeRate) {
  const RateControl rate = PlanRate(kRung, 2, 1, 1, 24);
  EXPECT_EQ(rate.maxrate_bps, kRung.maxrate_bps / 5);
}

}  // namespace
}  // namespace reel::encode

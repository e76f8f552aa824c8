#include "platform/compose_plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace reel::platform {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;

TEST(ComposePlanTest, LargeObjectsAreCopied) {
  const std::vector<int64_t> sizes{6 * kMiB, 5 * kMiB, 1};
  const auto parts = PlanCompose(sizes);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_TRUE(parts[0].is_copied());
  EXPECT_TRUE(parts[1].is_copied());
  EXPECT_FALSE(parts[2].is_copied());
}

TEST(ComposePlanTest, ASmallOneTakesTheHeadOfTheNext) {
  const std::vector<int64_t> sizes{1000, 20 * kMiB};
  const auto parts = PlanCompose(sizes);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].size_bytes(), kLeastPartBytes);
  EXPECT_TRUE(parts[1].is_copied());
}

TEST(ComposePlanTest, NothingGivesNothing) {
  EXPECT_TRUE(PlanCompose({}).empty());
  EXPECT_TRUE(PlanCompose(std::vector<int64_t>{0, 0}).empty());
}

// Every byte once and in order; parts within the limits of S3.
TEST(ComposePlanTest, HoldsForAnySizes) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(0, 34);  // to 16 GiB
  for (int round = 0; round < 2000; ++round) {
    std::vector<int64_t> sizes(random() % 12);
    for (int64_t& size : sizes)
      size = random() % 8 ? static_cast<int64_t>(std::exp2(exponent(random)))
                          : static_cast<int64_t>(random() % 2) * 5 * kMiB;
    const auto parts = PlanCompose(sizes);
    size_t object = 0;
    int64_t offset = 0;
    for (size_t p = 0; p < parts.size(); ++p) {
      if (p + 1 < parts.size()) {
        ASSERT_GE(parts[p].size_bytes(), kLeastPartBytes);
      }
      ASSERT_LE(parts[p].size_bytes(), kMostPartBytes);
      if (!parts[p].is_copied()) {
        ASSERT_LT(parts[p].size_bytes(), 2 * kLeastPartBytes);
      }
      for (const ComposePiece& piece : parts[p].pieces) {
        while (object < sizes.size() && offset == sizes[object]) {
          ++object;
          offset = 0;
        }
        ASSERT_EQ(piece.object, object);
        ASSERT_EQ(piece.offset, offset);
        ASSERT_GT(piece.size_bytes, 0);
        offset += piece.size_bytes;
      }
    }
    while (object < sizes.size() && offset == sizes[object]) {
      ++object;
      offset = 0;
    }
    ASSERT_EQ(object, sizes.size());
  }
}

}  // namespace
}  // namespace reel::platform

#include <gtest/gtest.h>

#include <vector>

#include "quality/quality.h"

namespace reel::quality {
namespace {

using Values = std::vector<double>;

TEST(Motion2Test, IsTheSmallerOfItsOwnAndTheNext) {
  EXPECT_EQ(Motion2(Values{0, 5, 2, 7, 6}), (Values{0, 2, 2, 6, 6}));
}

TEST(Motion2Test, DoesNotSeeACut) {
  EXPECT_EQ(Motion2(Values{0, 1, 40, 1, 1}), (Values{0, 1, 1, 1, 1}));
}

TEST(Motion2Test, OfTheLastFrameIsItsMotion) {
  EXPECT_EQ(Motion2(Values{0, 3}), (Values{0, 3}));
}

TEST(Motion2Test, OfTheFirstFrameIsZero) {
  EXPECT_EQ(Motion2(Values{4, 3}), (Values{0, 3}));
  EXPECT_EQ(Motion2(Values{4}), Values{0});
  EXPECT_EQ(Motion2(Values{}), Values{});
}

}  // namespace
}  // namespace reel::quality

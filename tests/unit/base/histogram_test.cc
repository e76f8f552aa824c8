#include "base/histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace reel::base {
namespace {

using testing::ElementsAre;

TEST(HistogramTest, BoundsBelongToTheirBucket) {
  Histogram seconds({1, 2.5});
  for (const double value : {0.0, 1.0, 1.01, 2.5, 3.0, 1e9})
    seconds.Observe(value);
  EXPECT_THAT(seconds.counts(), ElementsAre(2, 2, 2));
  EXPECT_DOUBLE_EQ(seconds.sum(), 0 + 1 + 1.01 + 2.5 + 3 + 1e9);
}

TEST(HistogramTest, LeavesOutWhatIsNoNumber) {
  Histogram seconds({1});
  seconds.Observe(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(seconds.counts(), ElementsAre(0, 0));
  EXPECT_EQ(seconds.sum(), 0);
}

}  // namespace
}  // namespace reel::base

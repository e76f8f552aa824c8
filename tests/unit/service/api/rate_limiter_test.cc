#include "service/api/rate_limiter.h"

#include <gtest/gtest.h>

namespace reel::service::api {
namespace {

using namespace std::chrono_literals;

class RateLimiterTest : public ::testing::Test {
 protected:
  RateLimiter::Time now_{};
  RateLimiter limiter_{{.per_second = 2, .burst = 3}, [this] { return now_; }};
};

TEST_F(RateLimiterTest, ABurstIsFineThenARate) {
  for (int n = 0; n < 3; ++n) EXPECT_EQ(limiter_.Take("ann"), 0ms);
  EXPECT_EQ(limiter_.Take("ann"), 500ms);
  now_ += 400ms;
  EXPECT_EQ(limiter_.Take("ann"), 100ms);
  now_ += 100ms;
  EXPECT_EQ(limiter_.Take("ann"), 0ms);
  EXPECT_EQ(limiter_.Take("ann"), 500ms);
}

TEST_F(RateLimiterTest, OthersAreNotHeldUp) {
  for (int n = 0; n < 4; ++n) limiter_.Take("ann");
  EXPECT_EQ(limiter_.Take("bob"), 0ms);
}

TEST_F(RateLimiterTest, SilenceSavesNoMoreThanABurst) {
  limiter_.Take("ann");
  now_ += 1h;
  for (int n = 0; n < 3; ++n) EXPECT_EQ(limiter_.Take("ann"), 0ms);
  EXPECT_GT(limiter_.Take("ann"), 0ms);
}

}  // namespace
}  // namespace reel::service::api

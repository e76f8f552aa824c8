#include "workflow/heartbeat.h"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

namespace reel::workflow {
namespace {

using namespace std::chrono_literals;

TEST(HeartbeatTest, BeatsUntilDestroyed) {
  std::counting_semaphore<> beats(0);
  {
    const Heartbeat heart(
        1ms, 1h, [&] { beats.release(); }, [] { FAIL(); });
    beats.acquire();
    beats.acquire();
  }
  while (beats.try_acquire()) {
  }
  EXPECT_FALSE(beats.try_acquire_for(5ms));
}

TEST(HeartbeatTest, ExpiresOnce) {
  std::atomic<int> expired = 0;
  std::binary_semaphore done(0);
  const Heartbeat heart(
      1h, 2ms, [] {},
      [&] {
        ++expired;
        done.release();
      });
  done.acquire();
  EXPECT_EQ(expired, 1);
}

TEST(HeartbeatTest, EndsAtOnceWithoutHavingBeaten) {
  const Heartbeat heart(
      1h, 1h, [] { FAIL(); }, [] { FAIL(); });
}

}  // namespace
}  // namespace reel::workflow

#include "workflow/retry.h"

#include <gtest/gtest.h>

namespace reel::workflow {
namespace {

using base::Code;
using platform::AfterFailure;
using namespace std::chrono_literals;

constexpr RetryPolicy kPolicy{
    .max_attempts = 4, .first_delay = 1s, .max_delay = 10s};

struct Case {
  std::string name;
  int failures;
  Cause cause;
  Code code;
  AfterFailure want;
};
class AfterFailedAttemptTest : public ::testing::TestWithParam<Case> {};

TEST_P(AfterFailedAttemptTest, IsAsTheTableSays) {
  const Case& c = GetParam();
  EXPECT_EQ(AfterFailedAttempt("t", kPolicy, c.failures, c.cause, c.code).after,
            c.want);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, AfterFailedAttemptTest,
    ::testing::Values(Case{"IoMayPass", 1, Cause::kError, Code::kIo,
                           AfterFailure::kRetry},
                      Case{"CorruptInputStays", 1, Cause::kError,
                           Code::kCorruptInput, AfterFailure::kFail},
                      Case{"CrashMayPass", 1, Cause::kCrash, Code::kInternal,
                           AfterFailure::kRetry},
                      Case{"LastAttempt", 4, Cause::kCrash, Code::kInternal,
                           AfterFailure::kFail},
                      Case{"LostInputIsMadeAgain", 1, Cause::kLostInput,
                           Code::kCorruptInput, AfterFailure::kRelease},
                      Case{"ButNotForEver", 4, Cause::kLostInput,
                           Code::kCorruptInput, AfterFailure::kFail}),
    [](const auto& c) { return c.param.name; });

TEST(BackOffTest, DoublesUpToItsLimitLessUpToAHalf) {
  const std::chrono::milliseconds full[] = {1s, 2s, 4s, 8s, 10s, 10s};
  for (int failures = 1; failures <= 6; ++failures) {
    const auto delay = BackOff("task", kPolicy, failures);
    EXPECT_LE(delay, full[failures - 1]);
    EXPECT_GE(delay, full[failures - 1] / 2);
    EXPECT_EQ(delay, BackOff("task", kPolicy, failures));
  }
  EXPECT_NE(BackOff("task", kPolicy, 1), BackOff("other", kPolicy, 1));
}

}  // namespace
}  // namespace reel::workflow

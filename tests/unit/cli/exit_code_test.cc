#include "cli/exit_code.h"

#include <gtest/gtest.h>

namespace reel::cli {
namespace {

TEST(ExitCodeTest, TellsWhatTheCallerCanDo) {
  EXPECT_EQ(ExitCodeOf(base::Status()), 0);
  EXPECT_EQ(ExitCodeOf(base::Code::kInternal), 1);
  EXPECT_EQ(ExitCodeOf(base::Code::kResourceExhausted), 1);
  EXPECT_EQ(ExitCodeOf(base::Code::kNotFound), 2);
  EXPECT_EQ(ExitCodeOf(base::Code::kInvalidArgument), 2);
  EXPECT_EQ(ExitCodeOf(base::Code::kRejected), 3);
  EXPECT_EQ(ExitCodeOf(base::Code::kOutputWrong), 4);
  EXPECT_EQ(ExitCodeOf(base::Code::kUnavailable), 5);
  EXPECT_EQ(ExitCodeOf(base::Code::kCancelled), 130);
}

}  // namespace
}  // namespace reel::cli

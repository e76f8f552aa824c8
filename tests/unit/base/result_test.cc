#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace reel::base {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Fail(Code::kInvalidArgument, "odd");
  return n / 2;
}

Result<int> Quarter(int n) {
  REEL_ASSIGN(const int half, Half(n));
  REEL_TRY_DOING("second half", Half(half));
  return half / 2;
}

TEST(ResultTest, MacrosReturnTheFirstError) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(3).error().message, "odd");
  EXPECT_EQ(Quarter(6).error().message, "second half: odd");
}

TEST(ResultTest, CodeNamesRoundTrip) {
  for (int i = 0; i <= static_cast<int>(Code::kOutputWrong); ++i) {
    EXPECT_EQ(CodeFromName(CodeName(static_cast<Code>(i))),
              static_cast<Code>(i));
  }
}

TEST(ResultTest, AFullDiskMayBeTriedAgainAMissingFileMayNot) {
  EXPECT_TRUE(MayRetry(FromErrno(ENOSPC, "write").code));
  EXPECT_FALSE(MayRetry(FromErrno(ENOENT, "open").code));
}

}  // namespace
}  // namespace reel::base

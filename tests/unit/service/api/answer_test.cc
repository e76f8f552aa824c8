#include "service/api/answer.h"

#include <gtest/gtest.h>

namespace reel::service::api {
namespace {

using base::Code;

TEST(AnswerTest, EveryCodeHasAStatusOfAnError) {
  for (int code = 0; code <= static_cast<int>(Code::kOutputWrong); ++code) {
    const int status = HttpStatus(static_cast<Code>(code));
    EXPECT_GE(status, 400) << code;
    EXPECT_LT(status, 600) << code;
  }
}

TEST(AnswerTest, AnErrorSaysWhatIsWrong) {
  const Answer answer = ErrorAnswer({Code::kNotFound, "no job j1"});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body,
            "{\"error\":{\"code\":\"not-found\",\"message\":\"no job j1\"}}\n");
}

TEST(AnswerTest, WhatWentWrongInsideIsNotToldOutside) {
  const Answer answer =
      ErrorAnswer({Code::kInternal, "password=hunter2 is refused"});
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace reel::service::api

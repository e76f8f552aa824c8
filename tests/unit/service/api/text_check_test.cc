#include "service/api/text_check.h"

#include <gtest/gtest.h>

namespace reel::service::api {
namespace {

TEST(TextCheckTest, Utf8IsText) {
  for (const char* text : {"", "film", "Füße", "日本", "\xf0\x9f\x8e\xac",
                           "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(IsText(text)) << text;
}

TEST(TextCheckTest, ControlCharactersAreNot) {
  EXPECT_FALSE(IsText("a\nb"));
  EXPECT_FALSE(IsText("\x7f"));
  EXPECT_FALSE(IsText(std::string_view("\0", 1)));
}

TEST(TextCheckTest, BrokenUtf8IsNot) {
  for (const char* text :
       {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xe2\x82",
        "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xe2\x28\xa1"})
    EXPECT_FALSE(IsText(text)) << text;
}

}  // namespace
}  // namespace reel::service::api

#include "base/json.h"

#include <gtest/gtest.h>

namespace reel::base {
namespace {

TEST(JsonTest, HostileTextIsAnErrorNotAnException) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":}", "\"\xff\"", "nul"}) {
    EXPECT_EQ(ParseJson(text).error().code, Code::kCorruptInput) << text;
  }
  EXPECT_EQ(ParseJson(std::string(100'000, '[')).error().code,
            Code::kCorruptInput);
  EXPECT_EQ(ParseJson(std::string(80, '[') + std::string(80, ']')).error().code,
            Code::kCorruptInput);
}

TEST(JsonTest, EqualValuesGiveEqualBytes) {
  EXPECT_EQ(DumpJson(ParseJson("{\"b\":1, \"a\":[2]}").value()),
            DumpJson(ParseJson("{\"a\":[2],\"b\":1}").value()));
}

TEST(JsonTest, AWrongTypeIsCorruptInput) {
  EXPECT_EQ(ParseJsonAs<std::string>("17").error().code, Code::kCorruptInput);
}

}  // namespace
}  // namespace reel::base

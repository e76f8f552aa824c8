#include "audio/language.h"

#include <gtest/gtest.h>

namespace reel::audio {
namespace {

TEST(LanguageTagTest, TakesTheShortestCode) {
  EXPECT_EQ(LanguageTag("eng"), "en");
  EXPECT_EQ(LanguageTag("deu"), "de");
  EXPECT_EQ(LanguageTag("ger"), "de");
  EXPECT_EQ(LanguageTag("zul"), "zu");
  EXPECT_EQ(LanguageTag("aar"), "aa");
  EXPECT_EQ(LanguageTag("fil"), "fil");
}

TEST(LanguageTagTest, WhatIsNoCodeIsUndetermined) {
  for (const char* text : {"", "und", "e", "English", "../", "EN1"}) {
    EXPECT_EQ(LanguageTag(text), "und") << text;
  }
}

}  // namespace
}  // namespace reel::audio

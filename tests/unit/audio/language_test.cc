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

TEST(LanguageTagTest, KeepsTags) {
  EXPECT_EQ(LanguageTag("en"), "en");
  EXPECT_EQ(LanguageTag("en-US"), "en-US");
  EXPECT_EQ(LanguageTag("zh-Hant-TW"), "zh-Hant-TW");
  EXPECT_EQ(LanguageTag("deu-AT"), "de-AT");
}

TEST(LanguageTagTest, WhatIsNoCodeIsUndetermined) {
  for (const char* text : {"", "und", "e", "English", "../", "EN1", "en-",
                           "en--US", "en-../", "en-muchtoolong"}) {
    EXPECT_EQ(LanguageTag(text), "und") << text;
  }
}

}  // namespace
}  // namespace reel::audio

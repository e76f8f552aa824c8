#include "service/display.h"

#include <gtest/gtest.h>

namespace reel::service {
namespace {

using namespace std::string_view_literals;

TEST(EscapeHtmlTest, LeavesNoMarkup) {
  EXPECT_EQ(EscapeHtml("<a href='x' b=\"y\"> & "),
            "&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt; &amp; ");
}

TEST(EscapeHtmlTest, ReplacesControlCharacters) {
  EXPECT_EQ(EscapeHtml("a\0b\x1b[1m\n"sv),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD[1m\n");
}

TEST(EscapeHtmlTest, ReplacesWhatIsNoUtf8) {
  constexpr char kReplaced[] = "\xEF\xBF\xBD";
  for (const std::string_view text : {"\x80"sv, "\xC0"sv, "\xC3"sv, "\xFF"sv}) {
    EXPECT_EQ(EscapeHtml(text), kReplaced);
    EXPECT_EQ(EscapeHtml(std::string(text) + "<"),
              std::string(kReplaced) + "&lt;");
  }
  // Overlong, a surrogate, beyond Unicode, U+FFFE: one mark for each byte.
  for (const std::string_view text :
       {"\xC1\x81"sv, "\xE0\x80\xBC"sv, "\xED\xA0\x80"sv, "\xF4\x90\x80\x80"sv,
        "\xEF\xBF\xBE"sv})
    EXPECT_EQ(EscapeHtml(text).size(), 3 * text.size()) << text;
  const std::string_view sound = "Ærø 日本 \xF0\x9F\x8E\xAC \xEF\xBF\xBD";
  EXPECT_EQ(EscapeHtml(sound), sound);
}

TEST(ShortenTest, KeepsCharactersWhole) {
  EXPECT_EQ(Shorten("abc", 3), "abc");
  EXPECT_EQ(Shorten("abcd", 3), "abc…");
  EXPECT_EQ(Shorten("a×b", 2), "a…");
}

TEST(DisplayTest, ShowsWhatPeopleRead) {
  EXPECT_EQ(DisplayTime(7.9), "0:07");
  EXPECT_EQ(DisplayTime(3723), "1:02:03");
  EXPECT_EQ(DisplayTime(-1), "0:00");
  EXPECT_EQ(DisplayClock(3723.4567), "01:02:03.457");
  EXPECT_EQ(DisplayClock(-1), "00:00:00.000");
  EXPECT_EQ(DisplayBitrate(3'500'000), "3.50 Mb/s");
  EXPECT_EQ(DisplayBitrate(400'400), "400 kb/s");
  EXPECT_EQ(DisplayBytes(1'250'000'000), "1.25 GB");
  EXPECT_EQ(DisplayBytes(3'200'000), "3.2 MB");
  EXPECT_EQ(DisplayBytes(512), "0.5 kB");
  EXPECT_EQ(DisplayNumber(24000 / 1001.0, 3), "23.976");
  EXPECT_EQ(DisplayNumber(24, 3), "24");
  EXPECT_EQ(DisplayNumber(100, 0), "100");
}

}  // namespace
}  // namespace reel::service

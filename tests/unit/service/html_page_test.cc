#include "service/html_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<uint8_t> Bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

// RFC 4648, section 10.
TEST(JpegUriTest, IsBase64) {
  const std::string head = "data:image/jpeg;base64,";
  EXPECT_EQ(JpegUri({}), head);
  EXPECT_EQ(JpegUri(Bytes("f")), head + "Zg==");
  EXPECT_EQ(JpegUri(Bytes("fo")), head + "Zm8=");
  EXPECT_EQ(JpegUri(Bytes("foobar")), head + "Zm9vYmFy");
  EXPECT_EQ(JpegUri(std::vector<uint8_t>{0xFB, 0xFF, 0xFE}), head + "+//+");
}

TEST(HtmlPageTest, EscapesTextsThatItTakesAsText) {
  const std::string evil = "<script>";
  const std::string page =
      HtmlPage(evil, "",
               Badge("good", evil) + Tile(evil, evil, "warn") +
                   FactList({{evil, evil}}));
  EXPECT_THAT(page, Not(HasSubstr(evil)));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt; · Reelwright"));
}

TEST(HtmlPageTest, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(Section("Heading", ""), "");
  EXPECT_THAT(FactList({{"Name", ""}}), Not(HasSubstr("Name")));
}

}  // namespace
}  // namespace reel::service

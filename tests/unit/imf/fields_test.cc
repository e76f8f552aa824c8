#include "imf/fields.h"

#include <gtest/gtest.h>

namespace reel::imf {
namespace {

TEST(ParseUuidTest, NormalisesCase) {
  EXPECT_EQ(ParseUuid("urn:uuid:1818E811-892F-402B-A23F-0824128B2F33"),
            "1818e811-892f-402b-a23f-0824128b2f33");
  for (const char* text :
       {"", "urn:uuid:", "1818e811-892f-402b-a23f-0824128b2f33",
        "urn:uuid:1818e811892f402ba23f0824128b2f33",
        "urn:uuid:1818e811-892f-402b-a23f-0824128b2f3",
        "urn:uuid:1818e811-892f-402b-a23f-0824128b2f3g",
        "urn:uuid:1818e811-892f-402b-a23f-0824128b2f333"}) {
    EXPECT_EQ(ParseUuid(text), std::nullopt) << text;
  }
}

TEST(ParseUlTest, TakesBothSpellings) {
  const std::string label = "060e2b340401010d0401020203010801";
  EXPECT_EQ(ParseUl("urn:smpte:ul:060e2b34.0401010d.04010202.03010801"), label);
  EXPECT_EQ(ParseUl("urn:smpte:ul:060e2b34.0401.010d.04010202.03010801"),
            label);
  EXPECT_EQ(ParseUl("urn:uuid:060E2B34-0401-010d-0401-020203010801"), label);
  EXPECT_EQ(ParseUl("060e2b34.0401010d.04010202.03010801"), std::nullopt);
  EXPECT_EQ(ParseUl("urn:smpte:ul:060e2b34"), std::nullopt);
}

TEST(ParseIntegerTest, TakesWholeNumbersOnly) {
  EXPECT_EQ(ParseInteger("144"), 144);
  EXPECT_EQ(ParseInteger("-1"), -1);
  EXPECT_EQ(ParseInteger("9007199254740992"), int64_t{1} << 53);
  for (const char* text : {"", "1.5", "0x10", "12 ", "+1", "1e3",
                           "9007199254740993", "99999999999999999999"}) {
    EXPECT_EQ(ParseInteger(text), std::nullopt) << text;
  }
}

TEST(ParseRateTest, TakesEverySpelling) {
  const auto is = [](const char* text, int64_t num, int64_t den) {
    const auto rate = ParseRate(text);
    return rate && rate->num == num && rate->den == den;
  };
  EXPECT_TRUE(is("24000 1001", 24000, 1001));
  EXPECT_TRUE(is("24000/1001", 24000, 1001));
  EXPECT_TRUE(is("48 2", 24, 1));
  EXPECT_TRUE(is("24", 24, 1));
  for (const char* text :
       {"", "0 1", "24 0", "-24 1", "1 2", "2000000000 1", "24 1 1", "24,1"}) {
    EXPECT_FALSE(ParseRate(text)) << text;
  }
}

}  // namespace
}  // namespace reel::imf

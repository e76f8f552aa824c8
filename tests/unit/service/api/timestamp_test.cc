#include "service/api/timestamp.h"

#include <gtest/gtest.h>

namespace reel::service::api {
namespace {

TEST(TimestampTest, IsWrittenInUtc) {
  EXPECT_EQ(FormatTimestamp(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTimestamp(1'709'210'096'250), "2024-02-29T12:34:56.250Z");
  EXPECT_EQ(JsonTime(0), nullptr);
}

TEST(TimestampTest, IsReadInAnyZone) {
  for (const char* text :
       {"2024-02-29T12:34:56.25Z", "2024-02-29t12:34:56.25z",
        "2024-02-29 14:34:56.250999+02:00", "2024-02-28T23:34:56.250-13:00"})
    EXPECT_EQ(ParseTimestamp(text), 1'709'210'096'250) << text;
  EXPECT_EQ(ParseTimestamp("2016-12-31T23:59:60Z"),
            ParseTimestamp("2016-12-31T23:59:59Z"));
}

TEST(TimestampTest, AnythingElseIsNone) {
  for (const char* text :
       {"", "now", "2024-02-29", "2024-02-29T12:34:56", "2023-02-29T12:34:56Z",
        "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:61Z", "2024-01-01T00:00:00+24:00",
        "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
        "2024-01-01T00:00:00.Z", " 2024-01-01T00:00:00Z"})
    EXPECT_EQ(ParseTimestamp(text), std::nullopt) << text;
}

TEST(TimestampTest, ReadingUndoesWriting) {
  for (const int64_t ms :
       {int64_t{1}, int64_t{951'782'400'000}, int64_t{253'402'300'799'999}})
    EXPECT_EQ(ParseTimestamp(FormatTimestamp(ms)), ms);
}

}  // namespace
}  // namespace reel::service::api

#include "service/byte_range.h"

#include <gtest/gtest.h>

namespace reel::service {
namespace {

struct Case {
  std::string name;
  std::string header;
  int64_t size;
  int want_status;
  ByteRange want;
  std::string want_content_range;
};

class AnswerRangeTest : public ::testing::TestWithParam<Case> {};

TEST_P(AnswerRangeTest, SendsWhatTheSpecificationSays) {
  const Case& c = GetParam();
  const RangeAnswer got = AnswerRange(c.header, c.size);
  EXPECT_EQ(got.status, c.want_status);
  EXPECT_EQ(got.range, c.want);
  EXPECT_EQ(got.content_range, c.want_content_range);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, AnswerRangeTest,
    testing::Values(
        Case{"NoHeader", "", 100, 200, {0, 100}, ""},
        Case{"FirstByte", "bytes=0-0", 100, 206, {0, 1}, "bytes 0-0/100"},
        Case{"Middle", "bytes=10-19", 100, 206, {10, 20}, "bytes 10-19/100"},
        Case{"ToTheEnd", "bytes=90-", 100, 206, {90, 100}, "bytes 90-99/100"},
        Case{"Suffix", "bytes=-5", 100, 206, {95, 100}, "bytes 95-99/100"},
        Case{"LongSuffix", "bytes=-500", 100, 206, {0, 100}, "bytes 0-99/100"},
        Case{"CutToTheFile",
             "bytes=50-9223372036854775807",
             100,
             206,
             {50, 100},
             "bytes 50-99/100"},
        Case{"BehindTheEnd", "bytes=100-", 100, 416, {}, "bytes */100"},
        Case{"FarBehindTheEnd", "bytes=500-600", 100, 416, {}, "bytes */100"},
        Case{"EmptySuffix", "bytes=-0", 100, 416, {}, "bytes */100"},
        Case{"EmptyFile", "bytes=0-", 0, 416, {}, "bytes */0"},
        Case{"WholeEmptyFile", "", 0, 200, {0, 0}, ""},
        Case{"BackwardsIsIgnored", "bytes=9-3", 100, 200, {0, 100}, ""},
        Case{"TwoRangesAreIgnored", "bytes=0-1,5-6", 100, 200, {0, 100}, ""},
        Case{"OtherUnitIsIgnored", "frames=0-1", 100, 200, {0, 100}, ""},
        Case{"NoNumberIsIgnored", "bytes=-", 100, 200, {0, 100}, ""},
        Case{"SignIsIgnored", "bytes=--5", 100, 200, {0, 100}, ""},
        Case{"TooLargeIsIgnored",
             "bytes=99999999999999999999-",
             100,
             200,
             {0, 100},
             ""},
        Case{"LettersAreIgnored", "bytes=a-b", 100, 200, {0, 100}, ""}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace reel::service

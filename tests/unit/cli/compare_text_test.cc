#include "cli/compare_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

ladder::CodedLadder Coded(double factor, double cpu_seconds) {
  return {.points = {{factor * 1e6, 70, 35}, {factor * 4e6, 90, 40}},
          .cpu_seconds = cpu_seconds};
}

TEST(CompareTextTest, OneTitleNeedsNoMean) {
  const std::vector<ladder::ComparedTitle> titles{
      {"film", "dark", Coded(1, 10), Coded(0.75, 25)}};
  const std::string text =
      FormatComparison(ladder::Compare(titles), "fixed", "default");
  EXPECT_THAT(text, HasSubstr("BD-rate of default over fixed"));
  EXPECT_THAT(text, HasSubstr("-25.0 % (70 to 90)"));
  EXPECT_THAT(text, HasSubstr("-25.0 % (35 to 40)"));
  EXPECT_THAT(text, HasSubstr("25.0 s / 10.0 s = 2.50"));
  EXPECT_THAT(text, Not(HasSubstr("mean")));
}

TEST(CompareTextTest, SeveralHaveMeansOfClassesAndOfAll) {
  const std::vector<ladder::ComparedTitle> titles{
      {"a", "dark", Coded(1, 10), Coded(0.5, 10)},
      {"b", "sport", Coded(1, 10), Coded(1, 10)},
      {"c", "sport", {}, {}}};
  const std::string text =
      FormatComparison(ladder::Compare(titles), "fixed", "default");
  EXPECT_THAT(text, HasSubstr("mean of 1                dark"));
  EXPECT_THAT(text, HasSubstr("mean of 2                sport"));
  EXPECT_THAT(text, HasSubstr("mean of 3                all"));
  EXPECT_THAT(text, HasSubstr("-25.0 %"));
}

TEST(CompareTextTest, DrawsBothCurves) {
  const ladder::ComparedTitle title{"film", "dark", Coded(1, 10),
                                    Coded(0.75, 25)};
  const std::string svg = PlotComparison(title, "fixed", "default", "PSNR (dB)",
                                         &ladder::CodedLadder::Point::psnr_db);
  EXPECT_THAT(svg, HasSubstr("<svg"));
  EXPECT_THAT(svg, HasSubstr("fixed"));
  EXPECT_THAT(svg, HasSubstr("default"));
  EXPECT_THAT(svg, HasSubstr("PSNR (dB)"));
}

}  // namespace
}  // namespace reel::cli

#include "service/inspection_plots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace reel::service {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::Not;

std::string NoLink(size_t) { return ""; }

model::Finding FindingAt(const std::string& code, double start, double end,
                         model::Severity severity = model::Severity::kWarn) {
  model::Finding finding;
  finding.code = finding.message = code;
  finding.severity = severity;
  finding.start = start;
  finding.end = end;
  return finding;
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++count;
  return count;
}

inspect::SoundFacts Sound(size_t tenths) {
  inspect::SoundFacts sound;
  sound.stream = 1;
  sound.loudness.known = true;
  sound.loudness.integrated_lufs = -23;
  sound.loudness.momentary.assign(tenths, -230);
  return sound;
}

TEST(PlotFindingsTest, ALanePerCodeAndABarPerFinding) {
  const std::vector<model::Finding> findings = {
      FindingAt("black", 2, 4), FindingAt("freeze", 5, 10),
      FindingAt("black", 8, 8), FindingAt("whole", 0, 0)};
  const std::string plot = PlotFindings(
      findings, 10, [](size_t i) { return "#f" + std::to_string(i); });
  EXPECT_EQ(Count(plot, "class=\"row\""), 2u);
  EXPECT_THAT(plot, HasSubstr("href=\"#f0\" style=\"left:min(20.00%,100% - "
                              "5px);width:20.00%\""));
  EXPECT_THAT(plot, HasSubstr("href=\"#f2\" style=\"left:min(80.00%,100% - "
                              "5px);width:0.00%\""));
  EXPECT_THAT(plot, Not(HasSubstr("whole")));
}

TEST(PlotFindingsTest, ThousandsOfFindingsGiveABoundedNumberOfBars) {
  std::vector<model::Finding> findings;
  for (int i = 0; i < 50'000; ++i)
    findings.push_back(FindingAt("click", i / 5.0, i / 5.0));
  const std::string plot = PlotFindings(findings, 10'000, NoLink);
  EXPECT_THAT(Count(plot, "class=\"span"), Lt(800u));
  EXPECT_THAT(plot, HasSubstr("more)"));
}

TEST(PlotFindingsTest, EscapesAndClampsWhatItIsTold) {
  const std::vector<model::Finding> findings = {FindingAt("<b>\"", -5, 1e300),
                                                FindingAt("x", 1e18, 1e19)};
  const std::string plot = PlotFindings(findings, 10, NoLink);
  EXPECT_THAT(plot, Not(HasSubstr("<b>\"")));
  EXPECT_THAT(plot, HasSubstr("left:min(0.00%,100% - 5px);width:100.00%"));
  EXPECT_THAT(plot, HasSubstr("left:min(100.00%,100% - 5px);width:0.00%"));
}

TEST(PlotLoudnessTest, DrawsCurvesIntegratedValueAndFindings) {
  std::vector<model::Finding> findings = {FindingAt("audio-dropout", 3, 4),
                                          FindingAt("loudness", 0, 10)};
  findings[0].stream = findings[1].stream = 1;
  const std::string plot = PlotLoudness(Sound(96), 0, 10, findings);
  EXPECT_THAT(plot, HasSubstr("class=\"momentary\" d=\"M"));
  EXPECT_THAT(plot, HasSubstr("class=\"short-term\" d=\"M"));
  EXPECT_THAT(plot, HasSubstr("class=\"mean\""));
  EXPECT_EQ(Count(plot, "class=\"band"), 1u);
  EXPECT_THAT(plot, HasSubstr("x=\"360.0\" y=\"0\" width=\"120.0\""));
}

TEST(PlotLoudnessTest, ATrackOfThreeHoursIsAFewKilobytes) {
  EXPECT_THAT(PlotLoudness(Sound(108'000), 0, 10'800, {}).size(), Lt(60'000u));
}

TEST(PlotLoudnessTest, SilenceIsNoProblem) {
  inspect::SoundFacts sound = Sound(50);
  sound.loudness.known = false;
  sound.loudness.momentary.assign(50, std::numeric_limits<int>::min());
  const std::string plot = PlotLoudness(sound, 0, 5, {});
  EXPECT_THAT(plot, Not(HasSubstr("nan")));
  EXPECT_THAT(plot, Not(HasSubstr("inf")));
  EXPECT_THAT(plot, Not(HasSubstr("class=\"mean\"")));
}

TEST(PlotBitRateTest, DrawsSteps) {
  const BitRate rate{
      .step_seconds = 1, .bps = {1e6, 2e6}, .mean_bps = 1.5e6, .max_bps = 2e6};
  EXPECT_THAT(PlotBitRate(rate, 2),
              HasSubstr("d=\"M0 200V100.0H600.0V0.0H1200.0V200Z\""));
}

TEST(PlotsTest, ATitleWithoutTimeHasNone) {
  const BitRate rate{.step_seconds = 1, .bps = {1}, .max_bps = 1};
  const std::vector<model::Finding> findings = {FindingAt("black", 2, 4)};
  const std::vector<double> cuts = {0, 1};
  for (const double duration : {0.0, -1.0, double{NAN}, double{INFINITY}}) {
    EXPECT_THAT(PlotTimes(duration), IsEmpty());
    EXPECT_THAT(PlotCuts(cuts, duration), IsEmpty());
    EXPECT_THAT(PlotFindings(findings, duration, NoLink), IsEmpty());
    EXPECT_THAT(PlotLoudness(Sound(9), 0, duration, {}), IsEmpty());
    EXPECT_THAT(PlotBitRate(rate, duration), IsEmpty());
  }
  EXPECT_THAT(PlotBitRate({}, 5), IsEmpty());
  EXPECT_THAT(PlotLoudness({}, 0, 5, {}), IsEmpty());
}

TEST(PlotCutsTest, ManyShotsGiveABoundedPath) {
  std::vector<double> cuts;
  for (int i = 0; i < 100'000; ++i) cuts.push_back(i / 24.0);
  EXPECT_THAT(PlotCuts(cuts, 100'000 / 24.0).size(), Lt(40'000u));
  EXPECT_THAT(
      PlotCuts(std::vector<double>{0, 5}, 10),
      HasSubstr("d=\"M0.0 0H598.5V200H0.0ZM600.0 0H1198.5V200H600.0Z\""));
}

}  // namespace
}  // namespace reel::service

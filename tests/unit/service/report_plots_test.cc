#include "service/report_plots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::service {
namespace {

using ::testing::HasSubstr;

model::EncodedSegment Segment(int64_t start_ticks, int64_t bytes) {
  model::EncodedSegment segment;
  segment.start_ticks = start_ticks;
  segment.duration_ticks = 24;
  segment.bytes = bytes;
  return segment;
}

model::Finding FindingAt(double start) {
  model::Finding finding;
  finding.code = "odd<";
  finding.start = start;
  finding.message = "&";
  return finding;
}

// Two segments of 1 s: 1 Mb and 2 Mb.
model::VideoTrackFile Track() {
  model::VideoTrackFile track;
  track.rendition = "720p-h264";
  track.timescale_hz = 24;
  track.segments = {Segment(0, 125'000), Segment(24, 250'000)};
  return track;
}

TEST(PlotBitratesTest, StepsFromRateToRate) {
  const std::vector<model::VideoTrackFile> tracks = {Track()};
  const std::string svg = PlotBitrates(tracks);
  // 2 Mb/s is the top of the plot, 1 Mb/s halfway down.
  EXPECT_THAT(svg, HasSubstr("d=\"M84.00 131.00H520.00L520.00 12.00H956.00\""));
  EXPECT_THAT(svg, HasSubstr("2 Mb/s"));
}

TEST(PlotBitratesTest, NothingToDrawIsEmpty) {
  EXPECT_EQ(PlotBitrates({}), "");
  const std::vector<model::VideoTrackFile> tracks(1);
  EXPECT_EQ(PlotBitrates(tracks), "");
}

TEST(PlotShotsTest, DrawsShotsSegmentsAndFindings) {
  model::Report report;
  report.shots = {{.index = 0, .frames = 12, .start = 0, .duration = 0.5},
                  {.index = 1,
                   .start_frame = 12,
                   .frames = 36,
                   .start = 0.5,
                   .duration = 1.5}};
  report.inspection.findings = {FindingAt(1)};
  const std::vector<model::VideoTrackFile> tracks = {Track()};
  const std::string svg = PlotShots(report, tracks);
  EXPECT_THAT(svg, HasSubstr("Shot 2: 0.5 to 2 s, 36 frames from frame 12"));
  EXPECT_THAT(svg, HasSubstr("d=\"M0.00 66v8M480.00 66v8\""));
  EXPECT_THAT(svg, HasSubstr("cx=\"480.00\""));
  EXPECT_THAT(svg, HasSubstr("odd&lt;: &amp;"));
}

TEST(PlotShotsTest, FindingsStayInsideTheDrawing) {
  model::Report report;
  report.shots = {{.frames = 12, .start = 0, .duration = 0.5}};
  report.inspection.findings = {FindingAt(1e9)};
  EXPECT_THAT(PlotShots(report, {}), HasSubstr("cx=\"955.00\""));
}

TEST(PlotBarsTest, LongestBarIsTheLargestValue) {
  const std::string svg = PlotBars({{"a", 2, "2 s"}, {"b", 1, "1 s"}});
  EXPECT_THAT(svg, HasSubstr("width=\"260.0\""));
  EXPECT_THAT(svg, HasSubstr("width=\"130.0\""));
  EXPECT_EQ(PlotBars({}), "");
  EXPECT_EQ(PlotBars({{"a", 0, ""}}), "");
}

}  // namespace
}  // namespace reel::service

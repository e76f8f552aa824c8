#include "service/report_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

model::Finding SomeFinding(const std::string& text) {
  model::Finding finding;
  finding.code = finding.message = finding.remedy = text;
  finding.severity = model::Severity::kReject;
  return finding;
}

model::Report SomeReport() {
  model::Report report;
  report.title = "film";
  report.source.path = "/masters/film.mov";
  report.source.video.index = 0;
  report.source.video.codec = "prores";
  report.shots = {{.frames = 48, .start = 0, .duration = 2}};
  model::ReportRendition& rendition = report.renditions.emplace_back();
  rendition.id = "720p-h264";
  rendition.codec = "avc1.64001f";
  rendition.width = 1280;
  rendition.height = 720;
  rendition.frames = 48;
  rendition.duration = 2;
  rendition.average_bitrate = 3'400'000;
  report.validation.checks = {{"frames-in-order", "pass", ""}};
  report.cost.wall_seconds = 4;
  report.cost.cpu_seconds_by_stage = {{"encode", 6.5}};
  return report;
}

TEST(RenderReportHtmlTest, TellsWhatTheReportHolds) {
  const std::string page = RenderReportHtml(SomeReport(), {});
  for (const char* text :
       {"<h1>film</h1>", "/masters/film.mov", "prores", "720p-h264",
        "1280 × 720", "3.40 Mb/s", "frames-in-order", "Output verified",
        "Nothing was found", "0.5×", "6.5 s"})
    EXPECT_THAT(page, HasSubstr(text));
}

TEST(RenderReportHtmlTest, ShowsVmafOnceItIsMeasured) {
  model::Report report = SomeReport();
  EXPECT_THAT(RenderReportHtml(report, {}), HasSubstr("—"));
  report.renditions[0].vmaf = {{"mean", 95.125}};
  EXPECT_THAT(RenderReportHtml(report, {}), HasSubstr(">95.12<"));
}

TEST(RenderReportHtmlTest, EscapesWhateverTheSourceSays) {
  model::Report report = SomeReport();
  const std::string evil = "<script>alert('x')</script>";
  report.title = report.source.path = report.source.container = evil;
  report.source.video.codec = report.source.video.color.transfer = evil;
  report.source.audio = {{.codec = evil, .layout = evil, .language = evil}};
  report.renditions[0].id = report.renditions[0].codec = evil;
  report.audio.emplace_back().id = evil;
  report.inspection.findings = {SomeFinding(evil)};
  report.validation.checks = {{evil, evil, evil}};
  report.cost.cpu_seconds_by_stage = {{evil, 1}};
  model::VideoTrackFile track;
  track.rendition = evil;
  track.timescale_hz = 1;
  track.segments.emplace_back().duration_ticks = 2;
  track.segments[0].bytes = 9;
  const std::vector<model::VideoTrackFile> tracks = {track};
  EXPECT_THAT(RenderReportHtml(report, tracks), Not(HasSubstr("<script")));
}

TEST(RenderReportHtmlTest, ARejectedSourceHasNothingBeyondItsFindings) {
  model::Report report;
  report.title = "broken";
  report.inspection = {.verdict = model::Verdict::kReject,
                       .findings = {SomeFinding("Send it again.")}};
  const std::string page = RenderReportHtml(report, {});
  EXPECT_THAT(page, HasSubstr("Source rejected"));
  EXPECT_THAT(page, HasSubstr("Send it again."));
  EXPECT_THAT(page, Not(HasSubstr("Renditions")));
  EXPECT_THAT(page, Not(HasSubstr("Validation")));
}

TEST(RenderReportHtmlTest, AsksNobodyForAnything) {
  const std::string page = RenderReportHtml(SomeReport(), {});
  for (const char* text :
       {"http:", "https:", "src=", "<link", "@import", "url("})
    EXPECT_THAT(page, Not(HasSubstr(text)));
}

}  // namespace
}  // namespace reel::service

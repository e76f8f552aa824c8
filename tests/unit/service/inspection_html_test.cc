#include "service/inspection_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Lt;
using ::testing::Not;

model::Finding BlackFinding() {
  return {.code = "black",
          .severity = model::Severity::kWarn,
          .stream = 0,
          .start = 2.5,
          .end = 4,
          .first_frame = 75,
          .message = "The picture is black.",
          .remedy = "Export it again.",
          .evidence = {{"black_frames", 45}, {"level", 0.12345}}};
}

InspectionPage SomePage() {
  InspectionPage page;
  page.title = "film.mov";
  page.source.path = "/masters/film.mov";
  page.source.video.index = 0;
  page.source.video.codec = "prores";
  page.report = model::MakeInspectionReport({BlackFinding()});
  page.duration = 10;
  page.frames = 300;
  page.cuts = {0, 5};
  page.picture_size = {320, 180};
  page.pictures = {{{0, 75, PictureRole::kFirst}, 2.5, {0xFF, 0xD8, 0xFF}},
                   {{0, 97, PictureRole::kMiddle}, 3.2, {}}};
  page.bit_rate = {.step_seconds = 1,
                   .bps = std::vector<double>(10, 2e6),
                   .mean_bps = 2e6,
                   .max_bps = 2e6};
  inspect::SoundFacts& sound = page.sounds.emplace_back();
  sound.stream = 1;
  sound.loudness.known = true;
  sound.loudness.integrated_lufs = -23.04;
  sound.loudness.true_peak_dbtp = -1.5;
  sound.loudness.momentary.assign(96, -230);
  return page;
}

TEST(RenderInspectionHtmlTest, TellsWhatWasFoundAndWhere) {
  const std::string page = RenderInspectionHtml(SomePage());
  for (const char* text :
       {"<h1>film.mov</h1>", "/masters/film.mov", "prores",
        "Source accepted with warnings", "href=\"#finding-0\"",
        "id=\"finding-0\"", "00:00:02.500 to 00:00:04.000 · from frame 75",
        "The picture is black.", "Export it again.", "<b>black frames</b> 45",
        "<b>level</b> 0.123", "data:image/jpeg;base64,/9j/", "first, frame 75",
        "cannot be decoded", "-23.0 LUFS", "true peak -1.5 dBTP", "2.00 Mb/s"})
    EXPECT_THAT(page, HasSubstr(text));
}

TEST(RenderInspectionHtmlTest, WithoutADecodeFramesHaveTimesButNoNumbers) {
  InspectionPage page = SomePage();
  page.frames = 0;
  EXPECT_THAT(RenderInspectionHtml(page), HasSubstr("first, 00:00:02.500"));
}

TEST(RenderInspectionHtmlTest, AFileThatIsNoMediaHasItsFindingAlone) {
  InspectionPage input;
  input.title = "notes.mov";
  input.report.verdict = model::Verdict::kReject;
  input.report.findings.emplace_back().code = "not-media";
  const std::string page = RenderInspectionHtml(input);
  EXPECT_THAT(page, HasSubstr("Source rejected"));
  EXPECT_THAT(page, HasSubstr("not-media"));
  EXPECT_THAT(page, HasSubstr("the whole file"));
  for (const char* text : {"Timeline", "Loudness", "Bit rate", "nan", "inf%"})
    EXPECT_THAT(page, Not(HasSubstr(text)));
}

TEST(RenderInspectionHtmlTest, SaysSoWhereNothingWasFound) {
  EXPECT_THAT(RenderInspectionHtml({}), HasSubstr("Nothing was found"));
}

TEST(RenderInspectionHtmlTest, EscapesWhateverTheSourceSays) {
  const std::string evil = "<script>alert('x')</script>\"><img src=http://x>";
  InspectionPage page = SomePage();
  page.title = page.source.path = page.source.container = evil;
  model::AudioTrack& sound = page.source.audio.emplace_back();
  sound.index = 1;
  sound.codec = sound.layout = sound.language = evil;
  model::Finding& finding = page.report.findings[0];
  finding.code = finding.message = finding.remedy = evil;
  finding.evidence = {{evil, evil}, {"list", {evil}}};
  page.package.emplace();
  page.package->directory = page.package->id = evil;
  imf::CompositionListing& composition =
      page.package->compositions.emplace_back();
  composition.id = composition.title = composition.file = evil;
  imf::TrackListing& track = composition.tracks.emplace_back();
  track.kind = track.id = track.language = track.coding = evil;
  const std::string html = RenderInspectionHtml(page);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img src=http")));
}

TEST(RenderInspectionHtmlTest, AsksNobodyForAnything) {
  const std::string page = RenderInspectionHtml(SomePage());
  for (const char* text :
       {"http:", "https:", "<link", "<script", "@import", "url(", "src=\"/"})
    EXPECT_THAT(page, Not(HasSubstr(text)));
}

TEST(RenderInspectionHtmlTest, AHostileSourceGivesABoundedPage) {
  InspectionPage page = SomePage();
  model::Finding finding = BlackFinding();
  finding.message.assign(20'000, 'x');
  for (int i = 0; i < 40; ++i)
    finding.evidence["number " + std::to_string(i)] = std::string(1000, 'y');
  page.report.findings.assign(1000, finding);
  page.sounds.resize(64, page.sounds[0]);
  page.pictures_capped = true;
  const std::string html = RenderInspectionHtml(page);
  EXPECT_THAT(html.size(), Lt(3'000'000u));
  EXPECT_THAT(html, HasSubstr("700 more findings"));
  EXPECT_THAT(html, HasSubstr("56 more tracks"));
  EXPECT_THAT(html, HasSubstr("Only 2 pictures are shown"));
}

}  // namespace
}  // namespace reel::service

#include "cli/inspection_text.h"

#include <gtest/gtest.h>

namespace reel::cli {
namespace {

TEST(FormatInspectionTest, ReadsFromVerdictToRemedy) {
  model::Source source;
  source.path = "film.mp4";
  source.bytes = 3'200'000;
  source.container = "mov,mp4";
  source.container_duration = {37, 2};
  source.video.index = 0;
  source.video.codec = "h264";
  source.video.width = 640;
  source.video.height = 360;
  source.video.pixel_format = "yuv420p";
  source.video.frame_rate = {24000, 1001};
  model::Finding finding;
  finding.code = "frames-duplicated";
  finding.severity = model::Severity::kWarn;
  finding.start = 2;
  finding.end = 2.5;
  finding.first_frame = 48;
  finding.message = "12 frames repeat the frame before them.";
  finding.remedy = "Check the frame-rate conversion.";
  EXPECT_EQ(FormatInspection(source, {model::Verdict::kWarn, {finding}}),
            "film.mp4: accepted, with warnings\n"
            "  container   mov,mp4\n"
            "  size        3.2 MB\n"
            "  duration    18.5 s\n"
            "  picture     h264, 640 × 360, 8 bit, yuv420p\n"
            "  frame rate  24000/1001 /s\n"
            "\n"
            "  warn        frames-duplicated, 2 to 2.5 s, from frame 48\n"
            "              12 frames repeat the frame before them.\n"
            "              Check the frame-rate conversion.\n");
}

TEST(FormatInspectionTest, AFileThatIsNoMediaHasNoFacts) {
  model::Source source;
  source.path = "letter.mp4";
  source.bytes = 500;
  EXPECT_EQ(FormatInspection(source, {model::Verdict::kReject, {}}),
            "letter.mp4: rejected\n  size        0.5 kB\n");
}

}  // namespace
}  // namespace reel::cli

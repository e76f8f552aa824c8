#include "encode/encode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "media/fingerprinter.h"
#include "media/frame_reader.h"
#include "media/packet_scan.h"
#include "media/source_probe.h"
#include "testing/open_gop_clip.h"
#include "testing/temp_dir.h"

namespace reel::encode {
namespace {

using base::Code;
using base::Result;
using ::testing::HasSubstr;

// A small clip as inspection leaves it.
struct Inspected {
  model::Source source;
  model::PacketIndex packets;
  model::FrameTable frames;
  model::Fingerprints fingerprints;
  model::Timeline timeline;
};

Result<Inspected> Inspect(const std::string& path) {
  Inspected clip;
  REEL_ASSIGN(clip.source, media::ProbeSource(path));
  REEL_ASSIGN(auto scan, media::ScanPackets(path, clip.source, {}));
  clip.packets = std::move(scan.video);
  REEL_ASSIGN(media::FrameReader reader,
              media::FrameReader::OpenPiece(
                  path, clip.source.video, clip.packets, 0, std::nullopt,
                  media::FrameReader::Overlap::kNone));
  media::Fingerprinter fingerprinter;
  for (;;) {
    REEL_ASSIGN(const auto frame, reader.Next());
    if (!frame) break;
    const auto packet = static_cast<size_t>(frame->packet);
    clip.frames.push_back({frame->packet, clip.packets.packets[packet].pts});
    clip.fingerprints.push_back(fingerprinter.Next(frame->picture));
  }
  REEL_ASSIGN(clip.timeline,
              model::MakeTimeline(clip.frames, clip.source.video.time_base,
                                  clip.source.video.frame_rate, 0));
  return clip;
}

std::vector<model::Rung> LadderOf(const std::vector<int>& heights) {
  std::vector<model::Rung> rungs;
  for (const int height : heights) {
    rungs.push_back({.id = "rung",
                     .profile = "h264-main",
                     .preset = "medium",
                     .width = height * 16 / 9,
                     .height = height});
  }
  return rungs;
}

using Groups = std::vector<std::vector<size_t>>;

TEST(GroupRungsTest, KeepsLaddersUpTo720LinesTogether) {
  EXPECT_EQ(GroupRungs(LadderOf({720, 480, 240})), (Groups{{0, 1, 2}}));
  EXPECT_EQ(GroupRungs(LadderOf({240})), (Groups{{0}}));
  EXPECT_EQ(GroupRungs({}), Groups{});
}

TEST(GroupRungsTest, GivesNoTaskMoreThanTheLargestRungsPixels) {
  EXPECT_EQ(GroupRungs(LadderOf({1080, 720, 480, 240})),
            (Groups{{0}, {1, 2, 3}}));
  EXPECT_EQ(GroupRungs(LadderOf({2160, 1080, 720, 480, 240})),
            (Groups{{0}, {1, 2, 3, 4}}));
  EXPECT_EQ(GroupRungs(LadderOf({1080, 1080, 1080})), (Groups{{0}, {1}, {2}}));
}

class EncodeChunkTest : public ::testing::Test {
 protected:
  EncodeChunkTest() {
    EXPECT_TRUE(
        reel::testing::MakeOpenGopClip({.path = path_, .muxer = "mp4"}));
    auto clip = Inspect(path_);
    EXPECT_TRUE(clip) << clip.error().message;
    clip_ = *std::move(clip);
  }

  // Frames 20..59, in two segments.
  ChunkRequest Request() const {
    return {.source_path = path_,
            .source = clip_.source,
            .packets = clip_.packets,
            .frames = clip_.frames,
            .fingerprints = clip_.fingerprints,
            .timeline = clip_.timeline,
            .chunk = {.index = 1,
                      .range = {20, 60},
                      .segments = {{20, 40}, {40, 60}}},
            .first_segment = 1,
            .rungs = {{.id = "72p",
                       .profile = "h264-main",
                       .preset = "ultrafast",
                       .width = 128,
                       .height = 72,
                       .crf = 23,
                       .rate_bps = 1'000'000,
                       .maxrate_bps = 1'500'000,
                       .buffer_bits = 2'000'000},
                      {.id = "36p",
                       .profile = "h264-baseline",
                       .preset = "ultrafast",
                       .width = 64,
                       .height = 36,
                       .crf = 23,
                       .rate_bps = 500'000,
                       .maxrate_bps = 750'000,
                       .buffer_bits = 1'000'000}}};
  }
  Result<std::vector<EncodedRung>> Encode() const {
    return EncodeChunk(Request(), {});
  }

  reel::testing::TempDir dir_;
  std::string path_ = dir_.path() + "/clip.mp4";
  Inspected clip_;
};

TEST_F(EncodeChunkTest, MakesEveryRungInWholeSegments) {
  const auto rungs = Encode();
  ASSERT_TRUE(rungs) << rungs.error().message;
  ASSERT_EQ(rungs->size(), 2u);
  for (const EncodedRung& rung : *rungs) {
    ASSERT_EQ(rung.record.segments.size(), 2u);
    EXPECT_EQ(rung.record.range, (model::FrameRange{20, 60}));
    int64_t bytes = 0;
    for (const auto& segment : rung.record.segments) bytes += segment.bytes;
    EXPECT_EQ(bytes, std::ssize(rung.fragments));
  }
}

// However little two pictures differ, the encoders never get the wrong one.
TEST_F(EncodeChunkTest, RefusesAFrameThatInspectionSawOtherwise) {
  std::swap(clip_.fingerprints[33], clip_.fingerprints[34]);
  const auto swapped = Encode();
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.error().code, Code::kOutputWrong);
  EXPECT_THAT(swapped.error().message, HasSubstr("frame 33"));

  std::swap(clip_.fingerprints[33], clip_.fingerprints[34]);
  clip_.fingerprints[59].projection[7] += 1;
  const auto changed = Encode();
  ASSERT_FALSE(changed);
  EXPECT_THAT(changed.error().message, HasSubstr("frame 59"));
}

TEST_F(EncodeChunkTest, StopsWhenTold) {
  const auto stopped = EncodeChunk(Request(), [](double) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::kCancelled);
}

class EncodeProbesTest : public EncodeChunkTest {
 protected:
  std::vector<media::Picture> Pictures(model::FrameRange range) {
    std::vector<media::Picture> pictures;
    auto reader = media::FrameReader::OpenFrames(
        path_, clip_.source.video, clip_.packets, clip_.frames, range);
    EXPECT_TRUE(reader) << reader.error().message;
    while (auto frame = reader->Next().value())
      pictures.push_back(std::move(frame->picture));
    return pictures;
  }

  Result<std::vector<ProbedRung>> Probe(
      const std::vector<media::Picture>& pictures, bool draft,
      std::vector<model::FrameRange> segments) {
    return EncodeProbes({.pictures = pictures,
                         .segments = segments,
                         .timeline = clip_.timeline,
                         .color = clip_.source.video.color,
                         .rungs = Request().rungs,
                         .draft = {draft, false}});
  }
};

TEST_F(EncodeProbesTest, ProbesDecodeToEveryFrame) {
  const auto pictures = Pictures({20, 44});
  const auto probes = Probe(pictures, true, {{20, 35}, {35, 44}});
  ASSERT_TRUE(probes) << probes.error().message;
  ASSERT_EQ(probes->size(), 2u);
  for (const ProbedRung& probe : *probes) {
    EXPECT_GT(probe.key_bits, 0);
    EXPECT_LT(probe.key_bits, probe.bits);
    EXPECT_LT(probe.bits, 8 * static_cast<int64_t>(probe.file.size()));
    auto reader = media::FrameReader::OpenMemory({.bytes = probe.file});
    ASSERT_TRUE(reader) << reader.error().message;
    size_t frames = 0;
    while (reader->Next().value()) ++frames;
    EXPECT_EQ(frames, pictures.size());
  }
}

TEST_F(EncodeProbesTest, OneFrameIsEnough) {
  const auto probes = Probe(Pictures({20, 21}), false, {{20, 21}});
  ASSERT_TRUE(probes) << probes.error().message;
  EXPECT_EQ(probes->front().key_bits, probes->front().bits);
}

// A draft does less: its bytes are others than those of a real encode, where
// the preset is one that analyses more.
TEST_F(EncodeProbesTest, DraftsAreNotTheRealThing) {
  const auto pictures = Pictures({20, 44});
  ChunkRequest request = Request();
  for (const auto& [preset, same] :
       {std::pair("medium", false), std::pair("veryfast", true)}) {
    std::vector<model::Rung> rungs(2, request.rungs.front());
    for (model::Rung& rung : rungs) rung.preset = preset;
    const auto probes = EncodeProbes({.pictures = pictures,
                                      .segments = {{20, 44}},
                                      .timeline = clip_.timeline,
                                      .color = clip_.source.video.color,
                                      .rungs = rungs,
                                      .draft = {true, false}});
    ASSERT_TRUE(probes) << probes.error().message;
    EXPECT_EQ(probes->front().file == probes->back().file, same) << preset;
  }
}

}  // namespace
}  // namespace reel::encode

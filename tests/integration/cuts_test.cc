// Hard cuts, found in every clip of the corpus whose cuts are known: those of
// the film from the list beside it, the others looked at frame by frame.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "media/frame_reader.h"
#include "media/packet_scan.h"
#include "media/source_probe.h"
#include "shots/shots.h"
#include "testing/media_corpus.h"

namespace reel {
namespace {

using base::Result;
using media::FrameReader;

constexpr const char* kFilm = "derived/feature_short_a_720p24";

Result<shots::Features> See(Result<FrameReader> opened) {
  REEL_ASSIGN(FrameReader reader, std::move(opened));
  shots::FeatureObserver observer;
  while (true) {
    REEL_ASSIGN(const auto frame, reader.Next());
    if (!frame) return observer.Take();
    REEL_TRY(observer.See(*frame));
  }
}

struct Opened {
  model::Source source;
  model::PacketIndex index;
};
Result<Opened> Open(const std::string& clip) {
  const std::string path = testing::CorpusClip(clip);
  REEL_ASSIGN(model::Source source, media::ProbeSource(path));
  source.path = path;
  REEL_ASSIGN(media::PacketScan scan, media::ScanPackets(path, source, {}));
  return Opened{std::move(source), std::move(scan.video)};
}

int64_t FirstKey(const model::PacketIndex& index) {
  int64_t first = 0;
  while (!index.packets[static_cast<size_t>(first)].key) ++first;
  return first;
}

Result<shots::Features> SeeWhole(const std::string& clip) {
  REEL_ASSIGN(const Opened opened, Open(clip));
  return See(FrameReader::OpenPiece(opened.source.path, opened.source.video,
                                    opened.index, FirstKey(opened.index),
                                    std::nullopt, FrameReader::Overlap::kNone));
}

std::vector<int64_t> CutsOf(const shots::Features& features) {
  std::vector<int64_t> cuts;
  for (const model::FrameRange& shot : shots::DetectShots(features))
    if (shot.first_frame > 0) cuts.push_back(shot.first_frame);
  return cuts;
}

std::vector<int64_t> CutsListedFor(const std::string& clip) {
  std::ifstream list(testing::CorpusClip(clip + ".shots.tsv"));
  std::vector<int64_t> cuts;
  for (std::string line; std::getline(list, line);) {
    std::istringstream fields(line);
    int64_t frame;
    std::string time, transition;
    if (fields >> frame >> time >> transition && transition == "cut")
      cuts.push_back(frame);
  }
  return cuts;
}

struct Case {
  std::string clip;
  std::vector<int64_t> cuts;
};
class CutsTest : public ::testing::TestWithParam<Case> {};

TEST_P(CutsTest, AreFoundAllAndAlone) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto features = SeeWhole(GetParam().clip);
  ASSERT_TRUE(features.has_value()) << features.error().message;
  EXPECT_THAT(CutsOf(*features), ::testing::ElementsAreArray(GetParam().cuts));
}
INSTANTIATE_TEST_SUITE_P(
    ManyShots, CutsTest,
    ::testing::Values(
        // 25 cuts among gunfire, explosions, whip pans and smoke.
        Case{"originals/tears_of_steel_battle_800x332.webm",
             {52,   122,  158,  221,  309,  715,  788,  872,  901,
              987,  1127, 1157, 1203, 1234, 1246, 1284, 1345, 1378,
              1430, 1472, 1525, 1571, 1618, 1650, 1689}},
        Case{"originals/bbb_854x480_5.1_20s.mp4", {285, 378}},
        Case{"originals/bbb_1080p60_5.1_2s.mp4", {21}},
        // A dissolve around frame 165, then a cut.
        Case{"originals/nasa_two_video_two_audio_subs.mp4", {240}},
        Case{"derived/hdr10_720p24_4s.mp4", {56}},
        Case{"defects/clean_hdr10.mp4", {56}},
        // Black for a while: both its ends cut.
        Case{"defects/black_1500ms.mp4", {75, 120}}));
INSTANTIATE_TEST_SUITE_P(
    OneShot, CutsTest, ::testing::ValuesIn([] {
      std::vector<Case> cases;
      for (const char* clip :
           {"originals/albatross_mpeg4_960x400.avi",
            "originals/ball_vp9_in_avi.avi",
            "originals/bbb_1280x720_5.1_5s.mp4",
            "originals/bike_mpeg4_400x300.avi",
            "originals/bottle_29.83fps_640x360.mp4",
            "originals/bug_macro_bw_640x360.mp4",
            "originals/car_12fps5_768x432.mp4",
            "originals/cg_game_320x240_12fps.mkv",
            "originals/chaplin_1910s_640x360.mp4",
            "originals/concert_dark_1080p50_pcm.mov",
            "originals/flower_macro_960x540.mp4",
            "originals/hdr10_av1_mdcv_clli_1080p60.mp4",
            "originals/his_girl_friday_1940_640x480.mp4",
            "originals/person_10fps_768x432.mp4",
            "originals/phone_hdr10_1080p_sdr_container.mp4",
            "originals/phone_hdr10_av1_portrait_720x1280.mp4",
            "originals/phone_hlg_1080p_fragmented.mp4",
            "originals/phone_hlg_1080p_rotated_editlist.mp4",
            "originals/phone_vfr_handheld_720p.mp4",
            "originals/webcam_asl_book_640x480.mkv",
            "originals/webcam_asl_brother_640x480.mkv",
            "originals/webcam_srt_1080x720.mkv",
            "defects/clean_real1.mp4",
            "defects/clean_real2.mp4",
            "defects/clean_interlaced_flagged.mp4",
            "defects/dropped_frames.mp4",
            "defects/duplicated_frames.mp4",
            "defects/frozen_2s.mp4",
            "defects/letterboxed.mp4",
            "defects/pillarboxed.mp4",
            "derived/interlaced_480i60_bff.mpg",
            "derived/photo_pan_1080p24_10s_10bit.mp4"}) {
        cases.push_back({clip, {}});
      }
      return cases;
    }()));

TEST(FilmCutsTest, AreFoundAllAndAlone) {
  REEL_SKIP_WITHOUT_CORPUS();
  const std::vector<int64_t> listed = CutsListedFor(kFilm);
  ASSERT_EQ(listed.size(), 15u);
  const auto features = SeeWhole(std::string(kFilm) + ".mp4");
  ASSERT_TRUE(features.has_value()) << features.error().message;
  EXPECT_THAT(CutsOf(*features), ::testing::ElementsAreArray(listed));
}

// However a film is divided for parallel decoding, its features are the same.
TEST(FilmCutsTest, DoNotDependOnThePieces) {
  REEL_SKIP_WITHOUT_CORPUS();
  const std::string clip = "originals/bbb_854x480_5.1_20s.mp4";
  const auto whole = SeeWhole(clip);
  const auto opened = Open(clip);
  ASSERT_TRUE(whole.has_value() && opened.has_value());
  std::vector<int64_t> keys;
  const auto& packets = opened->index.packets;
  for (size_t i = 0; i < packets.size(); ++i)
    if (packets[i].key) keys.push_back(static_cast<int64_t>(i));
  ASSERT_GT(keys.size(), 1u);
  std::vector<shots::Features> pieces;
  for (size_t i = 0; i < keys.size(); ++i) {
    const bool last = i + 1 == keys.size();
    auto piece = See(FrameReader::OpenPiece(
        opened->source.path, opened->source.video, opened->index, keys[i],
        last ? std::nullopt : std::optional(keys[i + 1]),
        FrameReader::Overlap::kOne));
    ASSERT_TRUE(piece.has_value()) << piece.error().message;
    pieces.push_back(*std::move(piece));
  }
  EXPECT_TRUE(shots::MergeFeatures(pieces) == *whole);
}

}  // namespace
}  // namespace reel

// Complexity as the pipeline measures it: scan, pieces and conclusion are run
// as the tasks they are, over clips on whose class people agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "media/frame_reader.h"
#include "media/handles.h"
#include "media/packet_scan.h"
#include "media/source_probe.h"
#include "platform/directory_store.h"
#include "shots/shots.h"
#include "testing/media_corpus.h"
#include "testing/temp_dir.h"
#include "workflow/tasks/inspection.h"

namespace reel {
namespace {

using workflow::Input;
namespace tasks = workflow::tasks;

// Runs tasks one after the other, in this process.
class Line {
 public:
  Line()
      : store_(platform::DirectoryStore::Open(directory_.path() + "/objects",
                                              directory_.path() + "/temporary")
                   .value()) {}

  template <typename Params>
  base::Result<platform::Artifacts> Run(
      const workflow::TaskKind<Params>& kind, const Params& params,
      const std::map<std::string, Input>& inputs) {
    workflow::Outputs outputs(
        *store_, directory_.path() + "/scratch" + std::to_string(++runs_));
    workflow::Context context{{}};
    REEL_TRY(kind.run(params, {*store_, inputs}, outputs, context));
    return outputs.Commit();
  }

  base::Result<std::vector<uint8_t>> Read(const platform::Object& object) {
    return store_->Get(object.digest, int64_t{1} << 30);
  }

 private:
  testing::TempDir directory_;
  std::unique_ptr<platform::ObjectStore> store_;
  int runs_ = 0;
};

struct Title {
  int width = 0;
  model::Shots shots;
  shots::ComplexityTable complexity;
};

// Of the artifacts of `title`.
base::Result<Title> Open(Line& line, const platform::Artifacts& scan,
                         const platform::Artifacts& title) {
  Title out;
  REEL_ASSIGN(const auto facts_bytes, line.Read(scan.at("scan.json")));
  REEL_ASSIGN(const auto facts, base::ParseJsonAs<tasks::ScanFacts>(std::string(
                                    facts_bytes.begin(), facts_bytes.end())));
  out.width = facts.source.video.width;
  REEL_ASSIGN(const auto features_bytes, line.Read(title.at("features.bin")));
  REEL_ASSIGN(const auto features, shots::ParseFeatures(features_bytes));
  out.shots = shots::DetectShots(features);
  REEL_ASSIGN(const auto bytes, line.Read(title.at("complexity.bin")));
  REEL_ASSIGN(out.complexity, shots::ParseComplexity(bytes));
  if (out.complexity.size() != features.size())
    return base::Fail(base::Code::kInternal, "not one entry per frame");
  return out;
}

enum class Pieces { kAsPlanned, kOne };

base::Result<Title> Inspect(const std::string& clip, Pieces pieces) {
  Line line;
  const std::string path = testing::CorpusClip(clip);
  REEL_ASSIGN(workflow::ExternalFile file, workflow::DescribeExternal(path));
  const Input source("the clip", std::move(file));
  REEL_ASSIGN(const auto scan,
              line.Run(tasks::kScan, {}, {{"source", source}}));
  REEL_ASSIGN(const auto ranges_bytes, line.Read(scan.at("pieces.json")));
  REEL_ASSIGN(auto ranges,
              base::ParseJsonAs<std::vector<inspect::PieceRange>>(
                  std::string(ranges_bytes.begin(), ranges_bytes.end())));
  if (pieces == Pieces::kOne) {
    ranges.resize(1);
    ranges[0].end_key = std::nullopt;
  }
  std::map<std::string, Input> inputs = {{"scan", scan.at("scan.json")},
                                         {"packets", scan.at("packets.bin")}};
  for (size_t i = 0; i < ranges.size(); ++i) {
    REEL_ASSIGN(const auto piece,
                line.Run(tasks::kInspectPiece, {ranges[i]},
                         {{"source", source},
                          {"scan", scan.at("scan.json")},
                          {"packets", scan.at("packets.bin")}}));
    for (const auto& [artifact, object] : piece) {
      const std::string name = artifact.substr(0, artifact.rfind('.'));
      inputs[tasks::NumberedInput("piece", i, name.c_str())] = object;
    }
  }
  REEL_ASSIGN(const auto title, line.Run(tasks::kConclude, {}, inputs));
  return Open(line, scan, title);
}

struct Case {
  std::string clip;
  std::set<std::string> classes;  // of all its shots
};
class ComplexityTest : public ::testing::TestWithParam<Case> {};

TEST_P(ComplexityTest, ShotsHaveTheClassPeopleGiveThem) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto title = Inspect(GetParam().clip, Pieces::kAsPlanned);
  ASSERT_TRUE(title.has_value()) << title.error().message;
  for (const model::FrameRange& range : title->shots) {
    const model::ShotComplexity shot =
        shots::DescribeComplexity(title->complexity, range, title->width);
    EXPECT_TRUE(GetParam().classes.contains(shot.content_class))
        << "frames " << range.first_frame << " to " << range.end_frame << ": "
        << base::Json(shot).dump();
  }
}
INSTANTIATE_TEST_SUITE_P(
    Clips, ComplexityTest,
    ::testing::Values(
        Case{"originals/screencast_desktop_1024x768.webm", {"screen"}},
        Case{"originals/concert_dark_1080p50_pcm.mov", {"dark"}},
        // A telescope lit in a dark hall.
        Case{"originals/nasa_two_video_two_audio_subs.mp4", {"dark"}},
        Case{"originals/bbb_1280x720_5.1_5s.mp4", {"animation"}},
        Case{"originals/cg_game_320x240_12fps.mkv", {"animation"}},
        Case{"originals/bottle_29.83fps_640x360.mp4", {"low-motion"}},
        Case{"originals/flower_macro_960x540.mp4", {"low-motion"}},
        Case{"originals/webcam_srt_1080x720.mkv", {"low-motion"}},
        // Held in a running hand.
        Case{"originals/phone_vfr_handheld_720p.mp4", {"sport"}},
        // Their grain was lost with the coding that made these clips.
        Case{"originals/chaplin_1910s_640x360.mp4", {"general"}},
        Case{"originals/his_girl_friday_1940_640x480.mp4", {"general"}},
        // Slow camera moves over photographs.
        Case{"derived/photo_pan_1080p24_10s_10bit.mp4", {"general"}},
        // The comb of its fields is no grain.
        Case{"derived/interlaced_480i60_bff.mpg", {"general"}}));

std::string ClassAt(const Title& title, int64_t frame) {
  for (const model::FrameRange& range : title.shots) {
    if (frame < range.end_frame) {
      return shots::DescribeComplexity(title.complexity, range, title.width)
          .content_class;
    }
  }
  return "";
}

// Whip pans and a running fight, in which nobody would look for stillness.
TEST(ComplexityOfFilmsTest, FightsAreSport) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto title = Inspect("originals/tears_of_steel_battle_800x332.webm",
                             Pieces::kAsPlanned);
  ASSERT_TRUE(title.has_value()) << title.error().message;
  for (const int64_t frame : {800, 880, 950, 1250, 1440, 1500, 1550, 1630})
    EXPECT_EQ(ClassAt(*title, frame), "sport") << frame;
  EXPECT_EQ(ClassAt(*title, 750), "low-motion");
}

// By the list beside it: a flower, the rabbit, the battle, a wood.
TEST(ComplexityOfFilmsTest, ShotsOfOneFilmDiffer) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto title =
      Inspect("derived/feature_short_a_720p24.mp4", Pieces::kAsPlanned);
  ASSERT_TRUE(title.has_value()) << title.error().message;
  EXPECT_EQ(ClassAt(*title, 100), "low-motion");
  EXPECT_EQ(ClassAt(*title, 200), "animation");
  EXPECT_EQ(ClassAt(*title, 340), "sport");
  // Fine leaves all over are no grain.
  EXPECT_EQ(ClassAt(*title, 700), "general");
}

TEST(ComplexityOfPiecesTest, OnePieceGivesTheSameTable) {
  REEL_SKIP_WITHOUT_CORPUS();
  const std::string clip = "originals/bbb_854x480_5.1_20s.mp4";
  const auto planned = Inspect(clip, Pieces::kAsPlanned);
  const auto whole = Inspect(clip, Pieces::kOne);
  ASSERT_TRUE(planned.has_value()) << planned.error().message;
  ASSERT_TRUE(whole.has_value()) << whole.error().message;
  EXPECT_EQ(planned->complexity, whole->complexity);
}

// The old film with new grain on every frame.
base::Result<model::ShotComplexity> WithGrain(const std::string& clip,
                                              double deviation) {
  const std::string path = testing::CorpusClip(clip);
  REEL_ASSIGN(const model::Source source, media::ProbeSource(path));
  REEL_ASSIGN(const media::PacketScan scan,
              media::ScanPackets(path, source, {}));
  REEL_ASSIGN(auto reader, media::FrameReader::OpenPiece(
                               path, source.video, scan.video, 0, std::nullopt,
                               media::FrameReader::Overlap::kNone));
  shots::ComplexityObserver observer(scan.video, source.video.frame_rate);
  std::mt19937 rng(1);
  std::normal_distribution<double> grain(0, deviation);
  for (int i = 0; i < 40; ++i) {
    REEL_ASSIGN(const auto frame, reader.Next());
    if (!frame) break;
    REEL_ASSIGN(
        media::Frame copy,
        media::MakeFrameWithPlanes(AV_PIX_FMT_YUV420P, frame->picture.width(),
                                   frame->picture.height()));
    for (int p = 0; p < 3; ++p) {
      const media::Plane plane = frame->picture.plane(p);
      for (int y = 0; y < plane.height; ++y) {
        const uint8_t* const from = plane.data + y * plane.stride_bytes;
        uint8_t* const to = copy->data[p] + y * copy->linesize[p];
        for (int x = 0; x < plane.width; ++x) {
          const double noise = p == 0 ? grain(rng) : 0;
          to[x] = static_cast<uint8_t>(std::clamp(from[x] + noise, 0.0, 255.0));
        }
      }
    }
    REEL_TRY(observer.See({media::Picture(std::move(copy)), frame->packet,
                           /*damaged=*/false}));
  }
  const shots::ComplexityTable frames = observer.Take();
  return shots::DescribeComplexity(frames, {0, std::ssize(frames)},
                                   source.video.width);
}

TEST(ComplexityOfGrainTest, IsItsDeviationOverAnyPicture) {
  REEL_SKIP_WITHOUT_CORPUS();
  for (const char* clip : {"originals/his_girl_friday_1940_640x480.mp4",
                           "originals/chaplin_1910s_640x360.mp4",
                           "originals/bbb_1280x720_5.1_5s.mp4"}) {
    for (const double deviation : {3.0, 6.0}) {
      const auto shot = WithGrain(clip, deviation);
      ASSERT_TRUE(shot.has_value()) << shot.error().message;
      EXPECT_EQ(shot->content_class, "film-grain") << clip;
      // In levels of full range.
      EXPECT_NEAR(shot->grain, deviation * 255 / 219, deviation / 4) << clip;
    }
  }
}

}  // namespace
}  // namespace reel

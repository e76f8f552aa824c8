#include "package/thumbnails.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <utility>

#include "media/handles.h"
#include "testing/golden.h"

namespace reel::package {
namespace {

using ::testing::ElementsAre;

model::VideoTrack Track(int width, int height) {
  model::VideoTrack track;
  track.width = width;
  track.height = height;
  track.time_base = {1, 10};
  track.frame_rate = {10, 1};
  return track;
}

// `count` packets in decode order, every tenth of a second from tick 7 on, with
// each pair swapped as B-frames are.
model::PacketIndex Index(int64_t count) {
  model::PacketIndex index;
  for (int64_t i = 0; i < count; ++i) {
    model::Packet packet;
    packet.pts = 7 + (i ^ 1);
    index.packets.push_back(packet);
  }
  return index;
}

TEST(ThumbnailPlanTest, KeepsTheFirstFrameOfEachInterval) {
  // At 0, 2, 4 and 6 s; the packet after or before holds it.
  EXPECT_THAT(PlanThumbnails(Index(64), Track(640, 360)).packets,
              ElementsAre(1, 21, 41, 61));
}

TEST(ThumbnailPlanTest, LongTitlesHaveLongerIntervals) {
  // 1000 s: one every 4 s. 10 hours: never more than 1000.
  EXPECT_EQ(PlanThumbnails(Index(10'000), Track(640, 360)).packets.size(),
            250u);
  EXPECT_LE(PlanThumbnails(Index(360'000), Track(640, 360)).packets.size(),
            1000u);
}

TEST(ThumbnailPlanTest, WithoutTimesCountsFrames) {
  model::PacketIndex index = Index(50);
  index.packets[3].pts = model::kNoTime;
  EXPECT_THAT(PlanThumbnails(index, Track(640, 360)).packets,
              ElementsAre(0, 20, 40));
}

TEST(ThumbnailPlanTest, SurvivesWildTimes) {
  model::PacketIndex index = Index(3);
  index.packets[1].pts = INT64_MAX;
  index.packets[2].pts = INT64_MIN + 1;
  EXPECT_LE(PlanThumbnails(index, Track(640, 360)).packets.size(), 3u);
  EXPECT_TRUE(PlanThumbnails({}, Track(640, 360)).packets.empty());
}

TEST(ThumbnailPlanTest, TheLongerSideIs160) {
  const ThumbnailPlan wide = PlanThumbnails(Index(1), Track(1920, 800));
  EXPECT_EQ(wide.width, 160);
  EXPECT_EQ(wide.height, 66);
  const ThumbnailPlan tall = PlanThumbnails(Index(1), Track(720, 1280));
  EXPECT_EQ(tall.width, 90);
  EXPECT_EQ(tall.height, 160);
}

media::StillPicture Flat(int width, int height, uint8_t luma) {
  media::StillPicture picture = media::MakeBlackPicture(width, height);
  std::fill_n(picture.samples.begin(), width * height, luma);
  return picture;
}

TEST(ThumbnailsTest, ReadsWhatItWrites) {
  const Thumbnails thumbnails{{3, Flat(4, 2, 50)}, {70, Flat(4, 2, 90)}};
  const auto read = ParseThumbnails(Serialize(thumbnails));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(70).samples, thumbnails.at(70).samples);
}

TEST(ThumbnailsTest, RefusesEveryTruncation) {
  const auto bytes = Serialize({{3, Flat(4, 2, 50)}});
  for (size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(ParseThumbnails(std::span(bytes).first(n))) << n;
}

TEST(ThumbnailsTest, RefusesSizesThatAreNotThere) {
  auto bytes = Serialize({{3, Flat(4, 2, 50)}});
  bytes[20] = bytes[21] = bytes[22] = bytes[23] = 0xFE;
  EXPECT_FALSE(ParseThumbnails(bytes));
}

// A gray picture as bright as its packet's number.
media::DecodedFrame GrayFrame(int64_t packet) {
  media::Frame frame = *media::MakeFrameWithPlanes(AV_PIX_FMT_YUV420P, 64, 32);
  for (int plane = 0; plane < 3; ++plane) {
    std::memset(
        frame->data[plane], static_cast<int>(16 + packet),
        static_cast<size_t>(frame->linesize[plane]) * (plane == 0 ? 32 : 16));
  }
  return {media::Picture(std::move(frame)), packet, /*damaged=*/false};
}

// What is kept of the frames [first, end) of 64, in presentation order.
Thumbnails Observe(int64_t first, int64_t end) {
  auto observer =
      ThumbnailObserver::Create(PlanThumbnails(Index(64), Track(64, 32)));
  EXPECT_TRUE(observer);
  for (int64_t i = first; i < end; ++i) {
    EXPECT_TRUE(observer->See(GrayFrame(i ^ 1)));
  }
  return observer->thumbnails();
}

TEST(ThumbnailObserverTest, CuttingIntoPiecesChangesNothing) {
  const Thumbnails whole = Observe(0, 64);
  ASSERT_EQ(whole.size(), 4u);
  EXPECT_EQ(whole.at(21).samples[0], 16 + 21);
  // Each piece ends with the first frame of the next, a kept one at 20.
  for (const int64_t cut : {1, 19, 20, 21, 50}) {
    Thumbnails pieces = Observe(0, cut + 1);
    Thumbnails rest = Observe(cut, 64);
    pieces.merge(rest);
    EXPECT_EQ(Serialize(pieces), Serialize(whole)) << cut;
  }
}

// A title of so many frames, ten a second, with a thumbnail of each frame in
// `kept`, as bright as its number.
struct TestFilm {
  TestFilm(int64_t count, const std::vector<int64_t>& kept) {
    plan.width = 4;
    plan.height = 2;
    timeline = {
        .timescale_hz = 10, .frames = count, .frame_ticks = 1, .starts = {}};
    for (int64_t i = 0; i < count; ++i)
      frames.push_back({.packet = i ^ 1, .pts = i});
    for (const int64_t frame : kept)
      thumbnails[frame ^ 1] = Flat(4, 2, static_cast<uint8_t>(frame));
  }
  ThumbnailPlan plan;
  Thumbnails thumbnails;
  model::FrameTable frames;
  model::Timeline timeline;
};

TEST(ThumbnailSheetsTest, ShapesTheGridToTheTitle) {
  const TestFilm film(64, {0, 20, 40, 60});
  const auto sheets = MakeThumbnailSheets(film.plan, film.thumbnails,
                                          film.frames, film.timeline);
  ASSERT_TRUE(sheets) << sheets.error().message;
  EXPECT_EQ(sheets->layout.interval_ms, 2000);
  EXPECT_EQ(sheets->layout.tiles, 4);
  EXPECT_EQ(sheets->layout.columns, 4);
  EXPECT_EQ(sheets->layout.rows, 1);
  EXPECT_EQ(sheets->layout.duration_ms, 6400);
  ASSERT_EQ(sheets->jpegs.size(), 1u);
  EXPECT_EQ(sheets->layout.largest_sheet_bytes, std::ssize(sheets->jpegs[0]));
}

TEST(ThumbnailSheetsTest, AHoleShowsTheNearestFrame) {
  const TestFilm whole(64, {0, 20, 20, 60}), hole(64, {0, 20, 60});
  const auto make = [](const TestFilm& film) {
    return MakeThumbnailSheets(film.plan, film.thumbnails, film.frames,
                               film.timeline);
  };
  ASSERT_TRUE(make(hole));
  EXPECT_EQ(make(hole)->layout.tiles, 4);
  EXPECT_EQ(make(hole)->jpegs, make(whole)->jpegs);
}

TEST(ThumbnailSheetsTest, ManyTilesTakeSeveralSheets) {
  std::vector<int64_t> kept(120);
  for (size_t i = 0; i < kept.size(); ++i)
    kept[i] = static_cast<int64_t>(20 * i);
  const TestFilm film(2400, kept);
  const auto sheets = MakeThumbnailSheets(film.plan, film.thumbnails,
                                          film.frames, film.timeline);
  ASSERT_TRUE(sheets) << sheets.error().message;
  EXPECT_EQ(sheets->layout.tiles, 120);
  EXPECT_EQ(sheets->layout.rows, 10);
  EXPECT_EQ(sheets->layout.sheets(), 2);
  EXPECT_EQ(sheets->jpegs.size(), 2u);
}

TEST(ThumbnailSheetsTest, NeedsOneFrameOfTheTitle) {
  const TestFilm film(64, {});
  const auto sheets = MakeThumbnailSheets(film.plan, film.thumbnails,
                                          film.frames, film.timeline);
  ASSERT_FALSE(sheets);
  EXPECT_EQ(sheets.error().code, base::Code::kInvalidArgument);
}

TEST(ThumbnailTrackTest, IsTheGolden) {
  ThumbnailLayout layout{.interval_ms = 2500,
                         .tiles = 5,
                         .tile_width = 160,
                         .tile_height = 90,
                         .columns = 2,
                         .rows = 2,
                         .duration_ms = 11'234,
                         .largest_sheet_bytes = 0};
  reel::testing::ExpectGolden("tests/unit/package/goldens/thumbnails.vtt",
                              ThumbnailTrack(layout));
}

}  // namespace
}  // namespace reel::package

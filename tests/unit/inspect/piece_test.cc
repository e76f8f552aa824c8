#include <gmock/gmock.h>

#include <fstream>

#include "inspect/inspect.h"
#include "testing/open_gop_clip.h"
#include "testing/temp_dir.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

PieceNotes Notes(int64_t first, std::optional<int64_t> end,
                 const std::string& first_sha256,
                 const std::string& overlap_sha256) {
  return {{first, end, {}}, first_sha256, overlap_sha256, {}, {}};
}

TEST(PlanPiecesTest, CutsAtKeyPackets) {
  EXPECT_THAT(PlanPieces(MadeUpPackets(45), 15),
              ElementsAre(PieceRange{0, 20, {}}, PieceRange{20, 40, {}},
                          PieceRange{40, std::nullopt, {}}));
}

TEST(PlanPiecesTest, BeginsAtTheFirstKeyPacket) {
  auto packets = MadeUpPackets(30);
  packets.packets[0].key = false;
  EXPECT_THAT(PlanPieces(packets, 1000),
              ElementsAre(PieceRange{10, std::nullopt, {}}));
}

TEST(PlanPiecesTest, NoKeyPacketNoPiece) {
  EXPECT_THAT(PlanPieces({}, 1), IsEmpty());
}

TEST(JoinFalseSeamsTest, TrueSeamsChangeNothing) {
  EXPECT_THAT(
      JoinFalseSeams(std::vector{Notes(0, 10, "a", "b"),
                                 Notes(10, std::nullopt, "b", "")}),
      ElementsAre(PieceRange{0, 10, {}}, PieceRange{10, std::nullopt, {}}));
}

TEST(JoinFalseSeamsTest, JoinsWhereThePixelsDiffer) {
  EXPECT_THAT(JoinFalseSeams(std::vector{
                  Notes(0, 10, "a", "b"), Notes(10, 20, "x", "c"),
                  Notes(20, 30, "y", "d"), Notes(30, std::nullopt, "d", "")}),
              ElementsAre(PieceRange{0, 30, {10, 20}},
                          PieceRange{30, std::nullopt, {}}));
}

TEST(JoinFalseSeamsTest, ASeamAfterTheLastFrameHolds) {
  EXPECT_THAT(
      JoinFalseSeams(
          std::vector{Notes(0, 10, "a", ""), Notes(10, std::nullopt, "", "")}),
      ElementsAre(PieceRange{0, 10, {}}, PieceRange{10, std::nullopt, {}}));
}

TEST(AppendPieceTest, TheSharedEntryIsTheEarlierPieces) {
  std::vector<int> title;
  AppendPiece<int>(title, std::vector{1, 2, 3});
  AppendPiece<int>(title, std::vector{0, 4});
  AppendPiece<int>(title, std::vector<int>{});
  EXPECT_THAT(title, ElementsAre(1, 2, 3, 4));
}

// Two gray pictures in a file that does not say where its packets are twice the
// same: as a damaged one may.
TEST(InspectPieceTest, WhatCannotBeReadAgainIsRefused) {
  const reel::testing::TempDir directory;
  const std::string path = directory.path() + "/clip";
  std::ofstream(path, std::ios::binary)
      << "YUV4MPEG2 W64 H48 F25:1 Ip C420jpeg\nFRAME\n"
      << std::string(64 * 48 * 3 / 2, 'x') << "FRAME\n"
      << std::string(64 * 48 * 3 / 2, 'y');
  auto scan = Scan(path, {}, {});
  ASSERT_TRUE(scan) << scan.error().message;
  ASSERT_EQ(scan->packets.packets.size(), 2U);
  scan->packets.packets[1].position += 1;
  const auto piece =
      InspectPiece(path, scan->source, scan->packets, {.first_key = 0}, {});
  ASSERT_TRUE(piece) << piece.error().message;
  EXPECT_EQ(piece->frames.size(), 1U);
  ASSERT_EQ(piece->notes.refused.size(), 1U);
  EXPECT_THAT(piece->notes.refused[0].reason, HasSubstr("packet 1"));
}

// Decoding begins at key pictures that others, seen before, let go of only
// afterwards.
TEST(InspectPieceTest, AnOpenGroupOfPicturesIsNoDamage) {
  const reel::testing::TempDir directory;
  const std::string path = directory.path() + "/clip";
  const auto made = reel::testing::MakeOpenGopClip(
      {.path = path,
       .muxer = "matroska",
       .x264_params = "keyint=22:min-keyint=22:scenecut=0:open-gop=1:bframes=3:"
                      "b-adapt=0:b-pyramid=normal:ref=4"});
  ASSERT_TRUE(made) << made.error().message;
  const auto scan = Scan(path, {}, {});
  ASSERT_TRUE(scan) << scan.error().message;
  const auto ranges = PlanPieces(scan->packets, 1);
  ASSERT_GT(ranges.size(), 2U);
  for (const PieceRange& range : ranges) {
    const auto piece =
        InspectPiece(path, scan->source, scan->packets, range, {});
    ASSERT_TRUE(piece) << piece.error().message;
    for (const RefusedPacket& refused : piece->notes.refused)
      ADD_FAILURE() << refused.packet << ": " << refused.reason;
  }
}

TEST(PieceNotesTest, SurviveJson) {
  PieceNotes notes = Notes(3, 10, "a", "b");
  notes.range.false_keys = {5, 7};
  notes.refused = {{4, "invalid data"}};
  notes.checks = {{"frame-damaged", {4}}};
  const base::Json json = notes;
  EXPECT_EQ(base::Json(json.get<PieceNotes>()), json);
  EXPECT_EQ(json.get<PieceNotes>().range, notes.range);
}

TEST(PieceNotesTest, TheLastPieceHasNoEndInJson) {
  const base::Json json = Notes(3, std::nullopt, "", "");
  EXPECT_TRUE(json.at("range").at("end_key").is_null());
  EXPECT_EQ(json.get<PieceNotes>().range.end_key, std::nullopt);
}

}  // namespace
}  // namespace reel::inspect

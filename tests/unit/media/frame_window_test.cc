#include "media/frame_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace reel::media {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Open GOPs as I P b b: packet numbers in the order they are shown.
//   file      I0 P1 b2 b3 | I4 b5 b6 P7 b8 | I9 b10
//   shown     I0 b2 b3 P1   b5 b6 I4 b8 P7   b10 I9
const std::vector<int64_t> kShown = {0, 2, 3, 1, 5, 6, 4, 8, 7, 10, 9};

model::PacketIndex OpenGops() {
  model::PacketIndex index;
  index.packets.resize(11);
  for (const int key : {0, 4, 9})
    index.packets[static_cast<size_t>(key)].key = true;
  for (size_t n = 0; n < kShown.size(); ++n)
    index.packets[static_cast<size_t>(kShown[n])].pts = static_cast<int64_t>(n);
  return index;
}

model::FrameTable TableOf(const std::vector<int64_t>& packets) {
  model::FrameTable frames;
  for (const int64_t packet : packets) frames.push_back({.packet = packet});
  return frames;
}

std::vector<int64_t> Shown(PieceWindow window,
                           const std::vector<int64_t>& decoded) {
  std::vector<int64_t> shown;
  for (const int64_t packet : decoded) {
    const Verdict verdict = window.See(packet);
    if (verdict == Verdict::kShow || verdict == Verdict::kShowLast)
      shown.push_back(packet);
    if (verdict == Verdict::kShowLast || verdict == Verdict::kStop) break;
  }
  return shown;
}

TEST(PieceWindowTest, LeadingPicturesBelongToThePieceBefore) {
  const auto index = OpenGops();
  EXPECT_THAT(Shown({index, 0, 4, false}, kShown),
              ElementsAre(0, 2, 3, 1, 5, 6));
  EXPECT_THAT(Shown({index, 4, 9, false}, {5, 6, 4, 8, 7, 10, 9}),
              ElementsAre(4, 8, 7, 10));
  EXPECT_THAT(Shown({index, 9, std::nullopt, false}, {10, 9}), ElementsAre(9));
}

TEST(PieceWindowTest, OverlapAddsTheEndFrame) {
  const auto index = OpenGops();
  EXPECT_THAT(Shown({index, 0, 4, true}, kShown),
              ElementsAre(0, 2, 3, 1, 5, 6, 4));
}

// The decoder gave nothing for key packet 4.
TEST(PieceWindowTest, ALostKeyFrameMovesTheBorderForBothPieces) {
  const auto index = OpenGops();
  EXPECT_THAT(Shown({index, 0, 4, false}, {0, 2, 3, 1, 5, 6, 8, 7, 10, 9}),
              ElementsAre(0, 2, 3, 1, 5, 6, 8, 7, 10));
  EXPECT_THAT(Shown({index, 4, 9, false}, {8, 7, 10, 9}), ElementsAre());
}

TEST(PieceWindowTest, SkipsFramesThatAnEditListHides) {
  auto index = OpenGops();
  index.packets[0].discard = index.packets[2].discard = true;
  EXPECT_THAT(Shown({index, 0, 4, false}, kShown), ElementsAre(3, 1, 5, 6));
}

TEST(PieceWindowTest, OwnsComplaintsAboutItsFramesAlone) {
  const auto index = OpenGops();
  const PieceWindow piece(index, 4, 9, false);
  std::vector<int64_t> owned;
  for (int64_t packet = 0; packet < 11; ++packet) {
    if (piece.Owns(packet)) owned.push_back(packet);
  }
  EXPECT_THAT(owned, ElementsAre(4, 7, 8, 10));
}

TEST(PieceWindowTest, ArrivesWithItsFirstGroupOfPictures) {
  const auto index = OpenGops();
  const auto arriving = [&](const PieceWindow& piece) {
    std::vector<int64_t> packets;
    for (int64_t packet = 0; packet < 11; ++packet) {
      if (piece.IsArriving(packet)) packets.push_back(packet);
    }
    return packets;
  };
  EXPECT_THAT(arriving({index, 4, std::nullopt, false}),
              ElementsAre(4, 5, 6, 7, 8));
  EXPECT_THAT(arriving({index, 0, 4, false}), IsEmpty());
}

struct Start {
  std::string name;
  model::FrameRange range;
  int64_t want_packet;
};
class TableWindowStartTest : public testing::TestWithParam<Start> {};

TEST_P(TableWindowStartTest, IsTheNearestKeyThatDecodesItAll) {
  const auto index = OpenGops();
  const auto frames = TableOf(kShown);
  const auto window = TableWindow::Create(index, frames, GetParam().range);
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->first_packet(), GetParam().want_packet);
}

INSTANTIATE_TEST_SUITE_P(Cases, TableWindowStartTest,
                         testing::Values(Start{"First", {0, 1}, 0},
                                         Start{"Leading", {4, 6}, 0},
                                         Start{"LeadingAndKey", {5, 8}, 0},
                                         Start{"Key", {6, 7}, 4},
                                         Start{"AfterKey", {7, 9}, 4},
                                         Start{"AcrossKeys", {7, 11}, 4},
                                         Start{"LastLeading", {9, 10}, 4},
                                         Start{"Last", {10, 11}, 9}),
                         [](const auto& test) { return test.param.name; });

TEST(TableWindowTest, ShowsTheRangeAndNothingElse) {
  const auto index = OpenGops();
  const auto frames = TableOf(kShown);
  auto window = TableWindow::Create(index, frames, {7, 9});
  ASSERT_TRUE(window.has_value());
  EXPECT_FALSE(window->CheckEnd().has_value());
  EXPECT_EQ(window->See(4), Verdict::kSkip);
  EXPECT_EQ(window->See(8), Verdict::kShow);
  EXPECT_EQ(window->See(7), Verdict::kShowLast);
  EXPECT_TRUE(window->CheckEnd().has_value());
}

TEST(TableWindowTest, AnUnexpectedFrameIsAnError) {
  const auto index = OpenGops();
  const auto frames = TableOf(kShown);
  auto window = TableWindow::Create(index, frames, {6, 11});
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->See(4), Verdict::kShow);
  const auto verdict = window->See(7);  // 8 is missing
  ASSERT_FALSE(verdict.has_value());
  EXPECT_EQ(verdict.error().code, base::Code::kOutputWrong);
}

TEST(TableWindowTest, CountsFramesOfOnePacket) {
  const auto index = OpenGops();
  const auto frames = TableOf({0, 1, 1, 1, 2});
  auto window = TableWindow::Create(index, frames, {2, 5});
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->See(0), Verdict::kSkip);
  EXPECT_EQ(window->See(1), Verdict::kSkip);
  EXPECT_EQ(window->See(1), Verdict::kShow);
  EXPECT_EQ(window->See(1), Verdict::kShow);
  EXPECT_EQ(window->See(2), Verdict::kShowLast);
}

TEST(TableWindowTest, RefusesRangesOutsideTheTable) {
  const auto index = OpenGops();
  const auto frames = TableOf(kShown);
  for (const model::FrameRange& range :
       {model::FrameRange{-1, 2}, {3, 3}, {4, 3}, {10, 12}})
    EXPECT_FALSE(TableWindow::Create(index, frames, range).has_value());
}

}  // namespace
}  // namespace reel::media

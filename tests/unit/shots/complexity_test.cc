#include "shots/complexity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "unit/shots/drawn_frame.h"

namespace reel::shots {
namespace {

using Look = FrameComplexity::Look;

ComplexityTable Some(size_t count, int64_t first_packet) {
  std::mt19937 rng(20240229);
  ComplexityTable frames(count);
  for (FrameComplexity& f : frames) {
    f.packet = first_packet++;
    f.look = static_cast<Look>(rng() % 3);
    for (uint16_t* value :
         {&f.si, &f.flat, &f.sharp, &f.aligned, &f.texture, &f.dark,
          &f.saturated, &f.second_hue, &f.quiet, &f.noise, &f.ti, &f.motion,
          &f.spread, &f.coherence, &f.still, &f.residual, &f.grain})
      *value = static_cast<uint16_t>(rng());
  }
  return frames;
}

TEST(ComplexityTableTest, ComesBackAsItWas) {
  const ComplexityTable frames = Some(17, 3);
  const auto bytes = Serialize(frames);
  EXPECT_EQ(bytes.size(), 16u + 43 * 17);
  const auto got = ParseComplexity(bytes);
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(*got, frames);
}

// The same bytes as ever: version 1 is what is written here.
TEST(ComplexityTableTest, VersionOneIsWhatItWas) {
  FrameComplexity frame;
  frame.packet = 0x0102;
  frame.look = Look::kPair;
  frame.si = 0x0304;
  frame.grain = 0x0506;
  std::vector<uint8_t> want = {'R', 'L', 'C', 'X', 1, 0, 0, 0, 1, 0, 0, 0, 0, 0,
                               0,   0,   2,   1,   0, 0, 0, 0, 0, 0, 2, 4, 3};
  want.resize(16 + 43 - 2);
  want.insert(want.end(), {6, 5});
  EXPECT_EQ(Serialize(std::vector{frame}), want);
  EXPECT_EQ(ParseComplexity(want).value(), std::vector{frame});
}

TEST(ComplexityTableTest, HostileBytesAreRefused) {
  auto bytes = Serialize(Some(2, 0));
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ParseComplexity(std::span(bytes).first(size)).has_value());
  const auto with = [&bytes](size_t at, uint8_t value) {
    auto changed = bytes;
    changed[at] = value;
    return ParseComplexity(changed).has_value();
  };
  EXPECT_TRUE(with(16, 99));
  EXPECT_FALSE(with(0, 'X'));
  EXPECT_FALSE(with(4, 2));       // version
  EXPECT_FALSE(with(8, 3));       // frames
  EXPECT_FALSE(with(15, 0xFF));   // a great many
  EXPECT_FALSE(with(16 + 8, 3));  // no such look
  bytes.push_back(0);
  EXPECT_FALSE(ParseComplexity(bytes).has_value());
}

TEST(ComplexityTableTest, MergeKeepsAnOverlapOnceFromTheEarlierPiece) {
  const ComplexityTable whole = Some(30, 0);
  const ComplexityTable first(whole.begin(), whole.begin() + 11);
  ComplexityTable second(whole.begin() + 10, whole.end());
  second.front().ti = 0;  // knew no predecessor
  EXPECT_EQ(MergeComplexity(std::vector{first, {}, second}), whole);
  EXPECT_TRUE(MergeComplexity({}).empty());
}

// A film in coding order, two frames held back as with B frames.
model::PacketIndex Packets(int64_t count) {
  model::PacketIndex index;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t order = i % 3 == 0 ? i + 2 : i - 1;
    index.packets.push_back({.pts = std::min(order, count - 1) * 512});
  }
  return index;
}
int64_t PacketShownAt(const model::PacketIndex& index, int64_t frame) {
  for (size_t i = 0; i < index.packets.size(); ++i)
    if (index.packets[i].pts == frame * 512) return static_cast<int64_t>(i);
  return -1;
}

constexpr int64_t kFrames = 48;

media::DecodedFrame Frame(const model::PacketIndex& index, int64_t frame) {
  static const Texture texture(9);
  const int shift = static_cast<int>(frame * frame) / 8;
  return {DrawnPicture(96, 96,
                       [shift](int x, int y) {
                         return texture.At(x - shift, y + shift);
                       }),
          PacketShownAt(index, frame), /*damaged=*/false};
}

ComplexityTable See(const model::PacketIndex& index, base::Rational rate,
                    int64_t first, int64_t end) {
  ComplexityObserver observer(index, rate);
  for (int64_t i = first; i < end; ++i)
    EXPECT_TRUE(observer.See(Frame(index, i)).has_value());
  return observer.Take();
}

std::vector<int64_t> LooksOf(const ComplexityTable& frames) {
  std::vector<int64_t> looks;
  for (size_t i = 0; i < frames.size(); ++i)
    if (frames[i].look != Look::kNone) looks.push_back(static_cast<int64_t>(i));
  return looks;
}

TEST(ComplexityObserverTest, LooksAtSomeFramesInOrderOfPresentation) {
  const auto index = Packets(kFrames);
  const auto looks = [&](base::Rational rate) {
    return LooksOf(See(index, rate, 0, kFrames));
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(looks({24, 1}),
              ElementsAre(0, 5, 10, 15, 20, 25, 30, 35, 40, 45));
  EXPECT_THAT(looks({60000, 1001}), ElementsAre(0, 11, 22, 33, 44));
  EXPECT_THAT(looks({60, 1}), ElementsAre(0, 13, 26, 39));
  // Rates that are none.
  for (const base::Rational rate :
       {base::Rational{0, 1}, {0, 0}, {-1, 1}, {90000, 1}, {1, 1000}})
    EXPECT_EQ(looks(rate).size(), 10u) << base::ToString(rate);
}

TEST(ComplexityObserverTest, WithoutTimesFileOrderServes) {
  model::PacketIndex index;
  index.packets.resize(11);
  ComplexityObserver observer(index, {24, 1});
  for (int64_t i = 0; i < 11; ++i) {
    EXPECT_TRUE(observer
                    .See({DrawnPicture(8, 8, [](int, int) { return 7; }), i,
                          /*damaged=*/false})
                    .has_value());
  }
  EXPECT_THAT(LooksOf(observer.Take()), ::testing::ElementsAre(0, 5, 10));
}

TEST(ComplexityObserverTest, OnlyTheFirstFrameHasNoneBefore) {
  const ComplexityTable frames = See(Packets(kFrames), {24, 1}, 0, kFrames);
  EXPECT_EQ(frames[0].look, Look::kPicture);
  EXPECT_EQ(frames[5].look, Look::kPair);
  EXPECT_EQ(frames[4], (FrameComplexity{.packet = frames[4].packet}));
}

// However a title is divided into pieces that overlap by a frame.
TEST(ComplexityObserverTest, PiecesGiveTheSameTable) {
  const auto index = Packets(kFrames);
  const ComplexityTable whole = See(index, {24, 1}, 0, kFrames);
  std::mt19937 rng(1);
  for (int round = 0; round < 20; ++round) {
    std::vector<ComplexityTable> pieces;
    for (int64_t first = 0; first < kFrames - 1;) {
      const int64_t seam =
          std::min<int64_t>(first + 1 + rng() % 16, kFrames - 1);
      pieces.push_back(See(index, {24, 1}, first, seam + 1));
      first = seam;
    }
    ASSERT_EQ(MergeComplexity(pieces), whole) << round;
  }
}

}  // namespace
}  // namespace reel::shots

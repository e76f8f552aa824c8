#include "shots/picture_look.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "unit/shots/drawn_frame.h"

namespace reel::shots {
namespace {

using Look = FrameComplexity::Look;
constexpr int kWhole = FrameComplexity::kWhole;

FrameComplexity LookAt(const media::Picture& picture) {
  return PictureLooker().Look(picture, nullptr);
}
FrameComplexity LookAt(const media::Picture& before,
                       const media::Picture& now) {
  return PictureLooker().Look(now, &before);
}

int Flat(int, int) { return 100; }

TEST(PictureLookTest, OfFlatPicturesIsNothing) {
  const FrameComplexity seen =
      LookAt(DrawnPicture(640, 360, Flat), DrawnPicture(640, 360, Flat));
  FrameComplexity want;
  want.look = Look::kPair;
  want.flat = kWhole;
  want.quiet = kWhole;
  want.still = kWhole;
  EXPECT_EQ(seen, want);
}

TEST(PictureLookTest, BlackIsDarkAllOver) {
  const FrameComplexity seen =
      LookAt(DrawnPicture(640, 360, [](int, int) { return 0; }));
  EXPECT_EQ(seen.look, Look::kPicture);
  EXPECT_EQ(seen.dark, kWhole);
  EXPECT_EQ(seen.si, 0);
}

// Rows of 110 and 130 in turn have no slope between rows that are equal;
// against the rows exchanged, every sample differs by 20, up or down.
TEST(PictureLookTest, TemporalInformationIsTheDeviationOfTheDifference) {
  const auto rows = [](int first) {
    return DrawnPicture(64, 64, [first](int, int y) {
      return (y + first) % 2 == 0 ? 110 : 130;
    });
  };
  const FrameComplexity seen = LookAt(rows(0), rows(1));
  EXPECT_EQ(seen.ti, 20 * 16);
  EXPECT_EQ(seen.si, 0);
}

TEST(PictureLookTest, MotionIsInSamplesOfTheSource) {
  const Texture texture(1);
  const auto shifted = [&](int by) {
    return DrawnPicture(
        640, 360, [&, by](int x, int y) { return texture.At(x - by, y); });
  };
  const FrameComplexity seen = LookAt(shifted(0), shifted(6));
  EXPECT_NEAR(seen.motion, 6 * 16, 8);
  EXPECT_LT(seen.spread, 16);
  EXPECT_GT(seen.coherence, kWhole * 9 / 10);
  EXPECT_EQ(seen.still, 0);
}

TEST(PictureLookTest, MotionToTwoSidesIsNotCoherent) {
  const Texture texture(2);
  const FrameComplexity seen = LookAt(
      DrawnPicture(640, 360, [&](int x, int y) { return texture.At(x, y); }),
      DrawnPicture(640, 360, [&](int x, int y) {
        return texture.At(x < 320 ? x - 8 : x + 8, y);
      }));
  EXPECT_NEAR(seen.motion, 8 * 16, 16);
  EXPECT_NEAR(seen.spread, 8 * 16, 24);
  EXPECT_LT(seen.coherence, kWhole / 5);
}

// Same noise at 8 and 10 bits, fresh in each picture.
TEST(PictureLookTest, NoiseThatChangesIsGrain) {
  for (const double deviation : {2.0, 5.0}) {
    Noise a(1, deviation), b(2, 4 * deviation);
    const auto bytes = [&] {
      return DrawnPicture(640, 360, [&](int, int) { return 120 + a(); });
    };
    const auto words = [&] {
      return DrawnPicture(
          640, 360, [&](int, int) { return 480 + b(); }, AV_PIX_FMT_YUV420P10);
    };
    for (const FrameComplexity& seen :
         {LookAt(bytes(), bytes()), LookAt(words(), words())}) {
      EXPECT_NEAR(seen.noise / 16.0, deviation, deviation / 8);
      EXPECT_NEAR(seen.grain / 16.0, deviation, deviation / 8);
    }
  }
}

TEST(PictureLookTest, NoiseThatStaysIsNoGrain) {
  Noise noise(3, 5);
  std::vector<int> once(640 * 360);
  std::generate(once.begin(), once.end(), [&] { return 120 + noise(); });
  const auto same = [&] {
    return DrawnPicture(640, 360, [&](int x, int y) {
      return once[static_cast<size_t>(y * 640 + x)];
    });
  };
  const FrameComplexity seen = LookAt(same(), same());
  EXPECT_GT(seen.noise, 4 * 16);
  EXPECT_EQ(seen.grain, 0);
}

TEST(PictureLookTest, TextureIsNoGrainEvenWhereItMoves) {
  const Texture texture(4);
  const auto shifted = [&](int by) {
    return DrawnPicture(
        640, 360, [&, by](int x, int y) { return texture.At(x - by, y + by); });
  };
  const FrameComplexity seen = LookAt(shifted(0), shifted(5));
  EXPECT_LT(seen.grain, 12);
  EXPECT_GT(seen.texture, 5 * 16);
}

// Waves on the move and slowing down; the second field is some samples ahead.
TEST(PictureLookTest, TheCombOfInterlacedMotionIsNoGrain) {
  const auto woven = [](int shift, int ahead) {
    return DrawnPicture(640, 360, [=](int x, int y) {
      return 120 + static_cast<int>(
                       12 * std::sin((x - shift - y % 2 * ahead) * 0.785));
    });
  };
  const FrameComplexity seen = LookAt(woven(0, 4), woven(4, 3));
  EXPECT_GT(seen.residual, 16);
  EXPECT_LT(seen.grain, 8);
}

TEST(PictureLookTest, BarsDoNotCount) {
  const Texture texture(6);
  const auto level = [&](int x, int y) { return 60 + texture.At(x, y) / 2; };
  const FrameComplexity whole = LookAt(DrawnPicture(640, 256, level));
  const FrameComplexity barred =
      LookAt(DrawnPicture(640, 384, [&](int x, int y) {
        return y < 64 || y >= 320 ? 0 : level(x, y - 64);
      }));
  EXPECT_EQ(barred.dark, whole.dark);
  EXPECT_NEAR(barred.texture, whole.texture, 8);
  EXPECT_LT(barred.flat, kWhole / 10);
}

TEST(PictureLookTest, DepthsAgree) {
  const Texture texture(7);
  const auto look = [&](int shift, AVPixelFormat format) {
    const auto picture = [&](int by) {
      return DrawnPicture(
          320, 192,
          [&, by](int x, int y) { return texture.At(x - by, y) << shift; },
          format);
    };
    return LookAt(picture(0), picture(4));
  };
  const FrameComplexity bytes = look(0, AV_PIX_FMT_YUV420P);
  EXPECT_EQ(look(0, AV_PIX_FMT_GRAY8), bytes);
  EXPECT_EQ(look(2, AV_PIX_FMT_YUV420P10), bytes);
  EXPECT_EQ(look(2, AV_PIX_FMT_GRAY10), bytes);
  EXPECT_EQ(look(4, AV_PIX_FMT_YUV444P12), bytes);
  EXPECT_EQ(look(8, AV_PIX_FMT_GRAY16), bytes);
}

TEST(PictureLookTest, TinyPicturesAreLookedAt) {
  for (int width = 1; width <= 40; ++width) {
    for (const int height : {1, 2, 3, 5, 31, 33}) {
      const auto level = [](int x, int y) { return (x * 7 + y * 31) % 256; };
      const auto picture = DrawnPicture(width, height, level);
      const FrameComplexity seen = LookAt(picture, picture);
      EXPECT_EQ(seen.look, Look::kPair);
      EXPECT_EQ(seen.ti, 0);
      EXPECT_EQ(seen.motion, 0);
    }
  }
}

TEST(PictureLookTest, AnotherSizeOrDepthBeforeIsNone) {
  const auto now = DrawnPicture(64, 64, Flat);
  EXPECT_EQ(LookAt(DrawnPicture(64, 62, Flat), now).look, Look::kPicture);
  EXPECT_EQ(LookAt(DrawnPicture(64, 64, Flat, AV_PIX_FMT_YUV420P10), now).look,
            Look::kPicture);
}

}  // namespace
}  // namespace reel::shots

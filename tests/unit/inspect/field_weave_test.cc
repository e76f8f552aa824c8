#include "inspect/field_weave.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/inspect/drawn_picture.h"

namespace reel::inspect {
namespace {

// Smooth shapes that move 6 samples to the right from moment to moment.
int Scene(int x, int y, int moment) {
  const double at = x - 6 * moment;
  return static_cast<int>(128 + 60 * std::sin(at / 9) * std::cos(y / 11.0));
}

// Frame n; the field of lines of `first_parity` is of the earlier moment.
media::Picture Woven(int n, int first_parity) {
  return DrawnPicture(320, 180, [=](int x, int y) {
    return Scene(x, y, 2 * n + (y % 2 == first_parity ? 0 : 1));
  });
}

media::Picture Whole(int n) {
  return DrawnPicture(320, 180,
                      [=](int x, int y) { return Scene(x, y, 2 * n); });
}

TEST(FieldWeaveTest, TellsWhichFieldCameFirst) {
  const auto top_before = Woven(0, 0), top = Woven(1, 0);
  EXPECT_EQ(JudgeWeave(MeasureWeave(top, &top_before)), Fields::kTopFirst);
  const auto bottom_before = Woven(0, 1), bottom = Woven(1, 1);
  EXPECT_EQ(JudgeWeave(MeasureWeave(bottom, &bottom_before)),
            Fields::kBottomFirst);
}

TEST(FieldWeaveTest, AProgressivePictureIsOfOneMoment) {
  const auto before = Whole(0), now = Whole(1);
  EXPECT_EQ(JudgeWeave(MeasureWeave(now, &before)), Fields::kOneMoment);
}

TEST(FieldWeaveTest, WithoutMotionNothingIsKnown) {
  const auto now = Whole(1);
  EXPECT_EQ(JudgeWeave(MeasureWeave(now, &now)), Fields::kUnknown);
  const FieldWeave alone = MeasureWeave(now, nullptr);
  EXPECT_EQ(JudgeWeave(alone), Fields::kUnknown);
  EXPECT_GT(alone.own, 0);
  EXPECT_EQ(alone.top_earlier, 0);
}

TEST(FieldWeaveTest, TinyPicturesAreMeasured) {
  for (const int height : {1, 2, 3, 4, 5, 6, 7, 8}) {
    const auto tiny =
        DrawnPicture(3, height, [](int x, int y) { return 9 * x + y; });
    MeasureWeave(tiny, &tiny);
  }
}

}  // namespace
}  // namespace reel::inspect

#include <gtest/gtest.h>

#include "shots/complexity.h"

namespace reel::shots {
namespace {

using Look = FrameComplexity::Look;

// One frame in five is looked at.
ComplexityTable Frames(const std::vector<uint16_t>& residuals) {
  ComplexityTable frames;
  for (const uint16_t residual : residuals) {
    FrameComplexity frame;
    if (frames.size() % 5 == 0) {
      frame.look = frames.empty() ? Look::kPicture : Look::kPair;
      frame.si = 800;
      frame.texture = 200;
      frame.residual = residual;
      frame.ti = residual;
    }
    frames.push_back(frame);
  }
  return frames;
}

TEST(TypicalWindowTest, IsInTheMiddleOfWhatIsAlike) {
  const ComplexityTable frames = Frames(std::vector<uint16_t>(100, 40));
  EXPECT_EQ(TypicalWindow(frames, {0, 100}, 24), (model::FrameRange{38, 62}));
  const model::FrameRange later = TypicalWindow(frames, {20, 90}, 24);
  EXPECT_EQ(later, (model::FrameRange{43, 67}));
}

// Three quarters move much, but not the middle.
TEST(TypicalWindowTest, IsWhereMostIs) {
  std::vector<uint16_t> residuals(200, 160);
  for (size_t i = 75; i < 125; ++i) residuals[i] = 8;
  const model::FrameRange window =
      TypicalWindow(Frames(residuals), {0, 200}, 24);
  EXPECT_EQ(window.frames(), 24);
  EXPECT_TRUE(window.end_frame <= 100 || window.first_frame >= 100);
  // It holds a little of the quiet part too, as the whole does.
  EXPECT_LT(window.first_frame, 130);
  EXPECT_GT(window.end_frame, 70);
}

TEST(TypicalWindowTest, IsAllOfAShortRange) {
  const ComplexityTable frames = Frames(std::vector<uint16_t>(30, 40));
  EXPECT_EQ(TypicalWindow(frames, {3, 20}, 24), (model::FrameRange{3, 20}));
  EXPECT_EQ(TypicalWindow(frames, {3, 4}, 1), (model::FrameRange{3, 4}));
}

TEST(TypicalWindowTest, NothingLookedAtIsAlikeToo) {
  const ComplexityTable frames(50);
  EXPECT_EQ(TypicalWindow(frames, {0, 50}, 10), (model::FrameRange{20, 30}));
}

}  // namespace
}  // namespace reel::shots

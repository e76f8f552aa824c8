#include "shots/cuts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::shots {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A title told in features: each call appends frames.
class Story {
 public:
  // A shot of steady motion; `look` is its level on the left, falling to the
  // right, so that two looks far apart differ all over.
  Story& Shot(int frames, uint8_t look, uint16_t motion = 24) {
    for (int i = 0; i < frames; ++i) Add(look, motion, i == 0);
    return *this;
  }
  // As Shot, but its first frame continues the shot before.
  Story& Continue(int frames, uint8_t look, uint16_t motion = 24) {
    for (int i = 0; i < frames; ++i) Add(look, motion, false);
    return *this;
  }
  // A change that motion search cannot follow, with new shapes or the old.
  enum class Shapes { kNew, kSame };
  Story& Jump(uint8_t look, Shapes shapes, uint16_t residual = 400) {
    Add(look, residual, true);
    features_.back().residual = residual;
    if (shapes == Shapes::kSame) features_.back().reshaped = 5;
    return *this;
  }
  std::vector<int64_t> Cuts() const { return FindCuts(features_); }

 private:
  void Add(uint8_t look, uint16_t motion, bool is_new) {
    FrameFeatures f;
    f.texture = 200;
    f.live = f.textured = 48;
    if (!features_.empty()) {
      f.residual = is_new ? 400 : motion;
      f.novel = f.reshaped = is_new ? 47 : 4;
    }
    for (size_t i = 0; i < f.luma.size(); ++i)
      f.luma[i] = static_cast<uint8_t>(look + 20 - 2 * (i % 8));
    f.cb.fill(look);
    f.cr.fill(128);
    features_.push_back(f);
  }
  Features features_;
};

TEST(CutsTest, ANewPictureCuts) {
  EXPECT_THAT(Story().Shot(20, 40).Shot(20, 120).Shot(20, 70).Cuts(),
              ElementsAre(20, 40));
}

TEST(CutsTest, NothingCutsInOneShotOrNone) {
  EXPECT_THAT(Story().Cuts(), IsEmpty());
  EXPECT_THAT(Story().Shot(1, 40).Cuts(), IsEmpty());
  EXPECT_THAT(Story().Shot(50, 40, 150).Cuts(), IsEmpty());
  EXPECT_TRUE(DetectShots({}).empty());
  EXPECT_THAT(DetectShots(Features(3)), ElementsAre(model::FrameRange{0, 3}));
}

TEST(CutsTest, AFlashPasses) {
  using enum Story::Shapes;
  EXPECT_THAT(Story()
                  .Shot(20, 40)
                  .Jump(200, kNew)
                  .Continue(1, 200)
                  .Jump(40, kNew)
                  .Continue(20, 40)
                  .Cuts(),
              IsEmpty());
}

TEST(CutsTest, ACutUnderAFlashIsOneCut) {
  using enum Story::Shapes;
  EXPECT_EQ(Story().Shot(20, 40).Jump(220, kNew).Shot(20, 120).Cuts().size(),
            1u);
}

TEST(CutsTest, LightThatStaysOnIsNoCut) {
  EXPECT_THAT(Story()
                  .Shot(20, 40)
                  .Jump(120, Story::Shapes::kSame)
                  .Continue(20, 120)
                  .Cuts(),
              IsEmpty());
}

TEST(CutsTest, ADissolveTakesSeveralFrames) {
  Story story;
  story.Shot(20, 40);
  for (int step = 1; step <= 8; ++step)
    story.Jump(static_cast<uint8_t>(40 + 10 * step), Story::Shapes::kNew, 250);
  EXPECT_THAT(story.Continue(20, 120).Cuts(), IsEmpty());
}

TEST(CutsTest, MotionAsWildOnBothSidesHidesNoCut) {
  // Every frame new, as in a whip pan: nothing stands out.
  Story story;
  story.Shot(20, 40);
  for (int i = 0; i < 12; ++i)
    story.Jump(static_cast<uint8_t>(40 + 60 * (i % 3)), Story::Shapes::kNew);
  EXPECT_THAT(story.Cuts(), ::testing::Each(::testing::Lt(21)));
}

}  // namespace
}  // namespace reel::shots

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "shots/shots.h"

namespace reel::shots {
namespace {

using model::FrameRange;
using ::testing::ElementsAre;

model::Timeline ConstantRate(int64_t frames) {
  return {.timescale_hz = 24000,
          .frames = frames,
          .frame_ticks = 1001,
          .starts = {}};
}

model::Timeline VariableRate(const std::vector<int64_t>& durations_ms) {
  model::Timeline timeline{
      1000, static_cast<int64_t>(durations_ms.size()), 0, {0}};
  for (const int64_t duration : durations_ms)
    timeline.starts.push_back(timeline.starts.back() + duration);
  return timeline;
}

TEST(SegmentsTest, AreTheShotsWhereTheyFit) {
  EXPECT_THAT(PlanSegments({{0, 50}, {50, 120}}, ConstantRate(120), {}),
              ElementsAre(FrameRange{0, 50}, FrameRange{50, 120}));
}

TEST(SegmentsTest, DivideALongShotEvenly) {
  // 200 frames at 23.976 take 8.34 s: three parts.
  EXPECT_THAT(PlanSegments({{0, 200}}, ConstantRate(200), {}),
              ElementsAre(FrameRange{0, 67}, FrameRange{67, 133},
                          FrameRange{133, 200}));
}

TEST(SegmentsTest, HoldTheLimitExactly) {
  // 4 s at 23.976 are 95.9 frames, at 24 exactly 96.
  EXPECT_EQ(PlanSegments({{0, 96}}, ConstantRate(96), {}).size(), 2u);
  const model::Timeline film{12288, 96, 512, {}};
  EXPECT_EQ(PlanSegments({{0, 96}}, film, {}).size(), 1u);
}

TEST(SegmentsTest, ShortShotsShareOne) {
  EXPECT_THAT(PlanSegments({{0, 40}, {40, 45}, {45, 90}}, ConstantRate(90), {}),
              ElementsAre(FrameRange{0, 45}, FrameRange{45, 90}));
  // At the beginning the one after takes it in; where neither has room, it
  // stays alone.
  EXPECT_THAT(PlanSegments({{0, 5}, {5, 90}}, ConstantRate(90), {}),
              ElementsAre(FrameRange{0, 90}));
  EXPECT_THAT(
      PlanSegments({{0, 95}, {95, 99}, {99, 194}}, ConstantRate(194), {}),
      ElementsAre(FrameRange{0, 95}, FrameRange{95, 99}, FrameRange{99, 194}));
}

TEST(SegmentsTest, OneFrameMayBeLongerThanTheLimit) {
  EXPECT_THAT(
      PlanSegments({{0, 3}}, VariableRate({1000, 9000, 1000}), {}),
      ElementsAre(FrameRange{0, 1}, FrameRange{1, 2}, FrameRange{2, 3}));
  EXPECT_THAT(PlanSegments({{0, 1}}, VariableRate({40}), {}),
              ElementsAre(FrameRange{0, 1}));
}

class SegmentLawsTest : public ::testing::TestWithParam<uint32_t> {
 protected:
  // Shots with random cuts, times with random jitter in half of the cases.
  void SetUp() override {
    std::mt19937 rng(GetParam());
    const int64_t frames = static_cast<int64_t>(rng() % 2000) + 1;
    std::vector<int64_t> durations;
    for (int64_t i = 0; i < frames; ++i)
      durations.push_back(static_cast<int64_t>(rng() % 300) + 1);
    timeline_ =
        GetParam() % 2 == 0 ? ConstantRate(frames) : VariableRate(durations);
    recipe_.max_segment_ms = static_cast<int64_t>(rng() % 6000) + 500;
    recipe_.min_segment_ms = static_cast<int64_t>(rng() % 500);
    std::set<int64_t> cuts{0, frames};
    for (size_t i = rng() % 40; i > 0; --i)
      cuts.insert(static_cast<int64_t>(rng() % static_cast<uint64_t>(frames)));
    for (auto end = std::next(cuts.begin()); end != cuts.end(); ++end)
      shots_.push_back({*std::prev(end), *end});
    segments_ = PlanSegments(shots_, timeline_, recipe_);
  }

  double Ms(FrameRange range) const {
    return 1000.0 *
           static_cast<double>(timeline_.Start(range.end_frame) -
                               timeline_.Start(range.first_frame)) /
           static_cast<double>(timeline_.timescale_hz);
  }
  bool IsCut(int64_t frame) const {
    return std::any_of(shots_.begin(), shots_.end(),
                       [&](auto& shot) { return shot.first_frame == frame; });
  }
  FrameRange ShotOf(int64_t frame) const {
    return *std::find_if(shots_.begin(), shots_.end(),
                         [&](auto& shot) { return frame < shot.end_frame; });
  }

  model::Timeline timeline_;
  model::ChunkRecipe recipe_;
  model::Shots shots_;
  model::Segments segments_;
};

TEST_P(SegmentLawsTest, CoverEveryFrameOnce) {
  int64_t next = 0;
  for (const FrameRange& segment : segments_) {
    ASSERT_EQ(segment.first_frame, next);
    ASSERT_GT(segment.frames(), 0);
    next = segment.end_frame;
  }
  EXPECT_EQ(next, timeline_.frames);
}

TEST_P(SegmentLawsTest, NoneIsTooLong) {
  for (const FrameRange& segment : segments_) {
    EXPECT_TRUE(Ms(segment) <= static_cast<double>(recipe_.max_segment_ms) ||
                segment.frames() == 1)
        << segment.first_frame;
  }
}

TEST_P(SegmentLawsTest, BoundariesAreCutsOrDivideALongShot) {
  for (const FrameRange& segment : segments_) {
    EXPECT_TRUE(IsCut(segment.first_frame) ||
                Ms(ShotOf(segment.first_frame)) >
                    static_cast<double>(recipe_.max_segment_ms))
        << segment.first_frame;
  }
}

TEST_P(SegmentLawsTest, ChunksCollateWholeSegmentsEvenly) {
  Features features(static_cast<size_t>(timeline_.frames));
  std::mt19937 rng(GetParam());
  for (FrameFeatures& f : features) f.residual = rng() % 300;
  const auto chunks = PlanChunks(segments_, timeline_, features, recipe_);
  model::Segments joined;
  int64_t total = 0, longest_chunk = 0;
  for (size_t i = 0; i < chunks.size(); ++i) {
    ASSERT_EQ(chunks[i].index, static_cast<int64_t>(i));
    ASSERT_FALSE(chunks[i].segments.empty());
    ASSERT_EQ(chunks[i].range.first_frame,
              chunks[i].segments.front().first_frame);
    ASSERT_EQ(chunks[i].range.end_frame, chunks[i].segments.back().end_frame);
    joined.insert(joined.end(), chunks[i].segments.begin(),
                  chunks[i].segments.end());
    total += chunks[i].work;
    longest_chunk = std::max(longest_chunk, chunks[i].work);
  }
  EXPECT_EQ(joined, segments_);
  // The work is the playing time, up to the rounding of each segment, and no
  // chunk holds more than its even share and one segment.
  const double title = Ms({0, timeline_.frames});
  EXPECT_NEAR(static_cast<double>(total), title,
              static_cast<double>(segments_.size()) + 1);
  const double share =
      std::max(static_cast<double>(recipe_.target_chunk_ms) * 1.5, title / 2);
  double longest_segment = 0;
  for (const FrameRange& segment : segments_)
    longest_segment = std::max(longest_segment, Ms(segment));
  EXPECT_LE(static_cast<double>(longest_chunk), share + 2.5 * longest_segment);
}
INSTANTIATE_TEST_SUITE_P(Seeds, SegmentLawsTest,
                         ::testing::Range(uint32_t{0}, uint32_t{100}));

}  // namespace
}  // namespace reel::shots

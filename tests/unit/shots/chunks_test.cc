#include <gtest/gtest.h>

#include "shots/shots.h"

namespace reel::shots {
namespace {

// `count` segments of one second at 25 frames a second.
struct Title {
  explicit Title(int64_t count) : features(static_cast<size_t>(count * 25)) {
    timeline = {12800, count * 25, 512, {}};
    for (int64_t i = 0; i < count; ++i)
      segments.push_back({i * 25, (i + 1) * 25});
  }
  model::Timeline timeline;
  model::Segments segments;
  Features features;
};

std::vector<size_t> Sizes(const std::vector<model::Chunk>& chunks) {
  std::vector<size_t> sizes;
  for (const model::Chunk& chunk : chunks)
    sizes.push_back(chunk.segments.size());
  return sizes;
}

TEST(ChunksTest, HoldAboutTheTarget) {
  const Title title(20);
  const auto chunks =
      PlanChunks(title.segments, title.timeline, title.features, {});
  EXPECT_EQ(Sizes(chunks), (std::vector<size_t>{5, 5, 5, 5}));
  EXPECT_EQ(chunks[0].work, 5000);
}

TEST(ChunksTest, NoChunkIsLongerSoThatTheLastIsFull) {
  const Title title(11);  // two chunks of 5.5 s
  EXPECT_EQ(
      Sizes(PlanChunks(title.segments, title.timeline, title.features, {})),
      (std::vector<size_t>{6, 5}));
}

TEST(ChunksTest, HardPicturesCountForMore) {
  Title title(20);
  for (size_t i = 0; i < 250; ++i) title.features[i].residual = 100;
  const auto chunks =
      PlanChunks(title.segments, title.timeline, title.features, {});
  EXPECT_LT(chunks.front().segments.size(), chunks.back().segments.size());
}

TEST(ChunksTest, ATitleOfOneFrameIsOneChunk) {
  const model::Timeline timeline{12800, 1, 512, {}};
  const auto chunks = PlanChunks({{0, 1}}, timeline, Features(1), {});
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0].range, (model::FrameRange{0, 1}));
  EXPECT_TRUE(PlanChunks({}, {}, {}, {}).empty());
}

TEST(ShotChunksTest, GoOnOverNoCut) {
  const Title title(12);
  // Cuts at 0, 2 and 3 s, and one inside a segment, which is no boundary.
  const model::Shots shots{{0, 50}, {50, 75}, {75, 130}, {130, 300}};
  const auto chunks =
      PlanShotChunks(title.segments, shots, title.timeline, title.features, {});
  EXPECT_EQ(Sizes(chunks), (std::vector<size_t>{2, 1, 5, 4}));
  int64_t frame = 0;
  for (const model::Chunk& chunk : chunks) {
    EXPECT_EQ(chunk.range.first_frame, frame);
    EXPECT_EQ(chunk.index, &chunk - chunks.data());
    EXPECT_GT(chunk.work, 0);
    frame = chunk.range.end_frame;
  }
  EXPECT_EQ(frame, 300);
}

TEST(ShotChunksTest, ALongShotIsDivided) {
  const Title title(12);
  EXPECT_EQ(Sizes(PlanShotChunks(title.segments, {{0, 300}}, title.timeline,
                                 title.features, {})),
            (std::vector<size_t>{5, 5, 2}));
  EXPECT_TRUE(PlanShotChunks({}, {}, {}, {}, {}).empty());
}

}  // namespace
}  // namespace reel::shots

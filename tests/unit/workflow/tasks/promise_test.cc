#include "workflow/tasks/promise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::workflow::tasks {
namespace {

using ::testing::HasSubstr;

// Two chunks of 60 frames at 25 frames a second, one rendition that keeps its
// promise of 90.
class PromiseTest : public ::testing::Test {
 protected:
  PromiseTest() {
    recipe_.mode = "per-shot";
    for (int64_t c = 0; c < 2; ++c) {
      model::Chunk chunk;
      chunk.index = c;
      chunk.range = {60 * c, 60 * (c + 1)};
      chunks_.push_back(chunk);
    }
    Rendition rendition;
    rendition.rung.id = "720p-h264-q90";
    rendition.rung.target_vmaf = 90;
    rendition.rung.maxrate_bps = 5'000'000;
    rendition.vmaf.assign(120, 90);
    for (int64_t c = 0; c < 2; ++c) {
      model::ChunkResult result;
      result.choice = {.crf = 28, .vmaf = 90, .target_vmaf = 90, .bits = 1000};
      result.encode = {
          .chunk = c, .crf = 28, .bits = 1000, .vmaf = 90, .worst_second = 89};
      rendition.chunks.push_back(result);
    }
    renditions_.push_back(std::move(rendition));
  }

  model::ReportQuality Describe() const {
    return DescribePromise(chunks_, renditions_, timeline_, recipe_);
  }
  model::ChunkResult& Result(size_t chunk) {
    return renditions_[0].chunks[chunk];
  }
  void SetScores(size_t first, size_t end, double vmaf) {
    for (size_t i = first; i < end; ++i) renditions_[0].vmaf[i] = vmaf;
  }

  model::Recipe recipe_;
  model::Timeline timeline_{25, 120, 1, {}};
  std::vector<model::Chunk> chunks_;
  std::vector<Rendition> renditions_;
};

TEST_F(PromiseTest, KeptIsAPass) {
  EXPECT_EQ(Describe().verdict, "pass");
  EXPECT_TRUE(Describe().findings.empty());
}

TEST_F(PromiseTest, WhatNobodyMeasuredIsNotJudged) {
  renditions_[0].vmaf.clear();
  EXPECT_EQ(Describe().verdict, "not-measured");
  renditions_.clear();
  EXPECT_EQ(Describe().verdict, "not-measured");
}

TEST_F(PromiseTest, AChunkBelowItsTargetIsToldWithPlaceAndReason) {
  Result(1).encode.vmaf = 88;
  Result(1).attempts = 3;
  const auto quality = Describe();
  EXPECT_EQ(quality.verdict, "warn");
  ASSERT_EQ(quality.findings.size(), 1u);
  const model::Finding& finding = quality.findings.front();
  EXPECT_EQ(finding.code, "quality-below-target");
  EXPECT_EQ(finding.first_frame, 60);
  EXPECT_DOUBLE_EQ(finding.start, 2.4);
  EXPECT_THAT(finding.message, HasSubstr("88.0"));
  EXPECT_THAT(finding.message, HasSubstr("3 encodes"));

  Result(1).choice.capped = true;
  EXPECT_THAT(Describe().findings.front().message, HasSubstr("5000 kbit/s"));
}

TEST_F(PromiseTest, NoShotFarBelowItsRungGoesUnreported) {
  // Planned so low, since the peak rate allows no more, and kept as planned.
  Result(0).choice = {
      .crf = 28, .vmaf = 80, .target_vmaf = 80, .bits = 1000, .capped = true};
  Result(0).encode.vmaf = 80;
  Result(0).encode.worst_second = 79;
  ASSERT_EQ(Describe().findings.size(), 1u);
}

TEST_F(PromiseTest, AWorstSecondCounts) {
  Result(0).encode.worst_second = 85.9;
  ASSERT_EQ(Describe().findings.size(), 1u);
  Result(0).encode.worst_second = 86.1;
  EXPECT_TRUE(Describe().findings.empty());
}

TEST_F(PromiseTest, ADipAtASeamIsTold) {
  SetScores(60, 72, 87);
  const auto quality = Describe();
  EXPECT_EQ(quality.verdict, "pass");  // told, not blamed
  ASSERT_EQ(quality.findings.size(), 1u);
  EXPECT_EQ(quality.findings.front().code, "seam-dip");
  EXPECT_EQ(quality.findings.front().first_frame, 60);
  SetScores(60, 72, 88.5);
  EXPECT_TRUE(Describe().findings.empty());
  SetScores(48, 60, 87);  // before the seam
  EXPECT_EQ(Describe().findings.size(), 1u);
}

TEST_F(PromiseTest, TheFirstFrameOfAChunkIsNoDip) {
  SetScores(60, 61, 0);
  EXPECT_TRUE(Describe().findings.empty());
}

TEST_F(PromiseTest, ChunksWithoutAnInsideHaveNoSeams) {
  chunks_[0].range = {0, 100};
  chunks_[1].range = {100, 120};
  SetScores(100, 112, 50);
  EXPECT_TRUE(Describe().findings.empty());
}

}  // namespace
}  // namespace reel::workflow::tasks

#include "assemble/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "assemble/validate_checks.h"

namespace reel::assemble {
namespace {

using ::testing::HasSubstr;

// Two renditions of 10 frames in three segments and two chunks, right in every
// way; a test breaks one thing of the second.
class ConcludeValidationTest : public ::testing::Test {
 protected:
  struct Rendition {
    model::Rung rung;
    model::VideoTrackFile track;
    std::vector<model::EncodedChunk> receipts;
    std::vector<PieceVerdict> pieces;
    model::BucketReport bucket;
  };

  ConcludeValidationTest() : renditions_{Make("720p"), Make("240p")} {}

  Rendition Make(const std::string& id) const {
    Rendition r;
    r.rung.id = id;
    r.track.rendition = id;
    r.track.width = r.rung.width = 320;
    r.track.height = r.rung.height = 240;
    r.track.init_bytes = 30;
    r.track.index_bytes = 12;
    for (const model::FrameRange& range : segments_) {
      r.track.segments.push_back(
          {range, 2 * range.first_frame, 2 * range.frames(), 100, "digest"});
      r.track.segment_offsets.push_back(
          42 + 100 * (std::ssize(r.track.segments) - 1));
    }
    const auto& s = r.track.segments;
    r.receipts = {{id, 0, {0, 7}, "init", {s[0], s[1]}, 1},
                  {id, 1, {7, 10}, "init", {s[2]}, 1}};
    r.pieces = {{id, {7, 10}, 3, 0, 0, {}}, {id, {0, 7}, 7, 2, 0, {}}};
    return r;
  }

  model::ValidationReport Conclude() const {
    std::vector<RenditionEvidence> evidence;
    for (const Rendition& r : renditions_)
      evidence.push_back({r.rung, r.track, r.receipts, r.pieces, r.bucket});
    return ConcludeValidation(evidence, segments_, timeline_);
  }

  // That `check` alone fails, and what is said of it.
  std::string OnlyFailure(const std::string& check) const {
    const auto report = Conclude();
    EXPECT_EQ(report.verdict, "fail");
    std::string detail;
    for (const auto& c : report.checks) {
      EXPECT_EQ(c.verdict, c.id == check ? "fail" : "pass")
          << c.id << ": " << c.detail;
      if (c.id == check) detail = c.detail;
    }
    return detail;
  }

  model::Segments segments_ = {{0, 4}, {4, 7}, {7, 10}};
  model::Timeline timeline_{
      .timescale_hz = 50, .frames = 10, .frame_ticks = 2, .starts = {}};
  std::vector<Rendition> renditions_;
  Rendition& second_ = renditions_[1];
};

TEST_F(ConcludeValidationTest, PassesEveryCheckAndSaysWhatItRestsOn) {
  const auto report = Conclude();
  EXPECT_EQ(report.verdict, "pass");
  ASSERT_EQ(report.checks.size(), std::size(checks::kAll));
  for (const auto& check : report.checks) EXPECT_EQ(check.verdict, "pass");
  EXPECT_EQ(report.checks[1].id, checks::kOrder);
  EXPECT_THAT(report.checks[1].detail, HasSubstr("20 frames decoded; 4 of"));
}

TEST_F(ConcludeValidationTest, NamesRenditionChunkAndFrameOfAFault) {
  second_.pieces[0].faults = {{checks::kOrder, 1, 8, "shows something else"}};
  second_.pieces[0].faults_found = 1;
  EXPECT_EQ(OnlyFailure(checks::kOrder),
            "240p, chunk 1, frame 8: shows something else");
}

TEST_F(ConcludeValidationTest, NamesThreeOfManyFaults) {
  second_.pieces[0].faults.assign(5, {checks::kDecodes, 1, 8, "is damaged"});
  EXPECT_THAT(OnlyFailure(checks::kDecodes), HasSubstr("; and 2 more"));
}

TEST_F(ConcludeValidationTest, AFaultOfAnUnknownCheckFailsToo) {
  second_.pieces[0].faults = {{"of-a-later-version", -1, -1, "wrong"}};
  EXPECT_EQ(Conclude().verdict, "fail");
}

TEST_F(ConcludeValidationTest, EveryFrameMustHaveBeenLookedAt) {
  second_.pieces.pop_back();
  EXPECT_THAT(OnlyFailure(checks::kComplete), HasSubstr("0 of 10"));
}

TEST_F(ConcludeValidationTest, SegmentsMustBeThePlannedOnes) {
  second_.receipts[0].segments[0].range.end_frame = 5;
  second_.receipts[0].segments[1].range.first_frame = 5;
  EXPECT_THAT(OnlyFailure(checks::kKeyFrames), HasSubstr("240p, chunk 0"));
}

TEST_F(ConcludeValidationTest, SegmentsMustBeAtThePlannedInstants) {
  second_.receipts[1].segments[0].start_ticks = 15;
  EXPECT_THAT(OnlyFailure(checks::kKeyFrames), HasSubstr("planned instant"));
}

TEST_F(ConcludeValidationTest, AChunkMustNotBeMissing) {
  second_.receipts.pop_back();
  EXPECT_THAT(OnlyFailure(checks::kKeyFrames), HasSubstr("2 segments, not 3"));
}

TEST_F(ConcludeValidationTest, TheFactsForManifestsMustAgree) {
  second_.track.segment_offsets[2] += 1;
  EXPECT_THAT(OnlyFailure(checks::kKeyFrames), HasSubstr("say otherwise"));
}

TEST_F(ConcludeValidationTest, InitSegmentsMustBeIdentical) {
  second_.receipts[1].init_sha256 = "other";
  EXPECT_THAT(OnlyFailure(checks::kInit), HasSubstr("240p, chunk 1"));
}

TEST_F(ConcludeValidationTest, AChunkMustBeOfItsRendition) {
  second_.receipts[1].rendition = "720p";
  EXPECT_THAT(OnlyFailure(checks::kReceipts), HasSubstr("a chunk of 720p"));
}

TEST_F(ConcludeValidationTest, TheTrackMustHaveTheRungsSize) {
  second_.track.height = 242;
  EXPECT_THAT(OnlyFailure(checks::kSize), HasSubstr("320x242"));
}

TEST_F(ConcludeValidationTest, TheBufferMustNeverRunShort) {
  second_.bucket.first_violation = 6;
  second_.bucket.lowest_bits = -4000;
  EXPECT_THAT(OnlyFailure(checks::kPeakRate), HasSubstr("4000 bits"));
}

TEST(PieceVerdictTest, ComesBackFromJson) {
  const PieceVerdict want{"240p", {7, 10}, 3, 1, 1, {{"id", 1, 8, "what"}}};
  const auto got = base::FromJson<PieceVerdict>(base::Json(want));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(base::Json(*got), base::Json(want));
}

}  // namespace
}  // namespace reel::assemble

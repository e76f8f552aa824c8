#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "assemble/join.h"
#include "assemble/validate.h"
#include "assemble/validate_checks.h"
#include "base/digest.h"
#include "base/file.h"
#include "media/fingerprinter.h"
#include "media/fragment_writer.h"
#include "testing/temp_dir.h"
#include "unit/media/synthetic_video.h"

namespace reel::assemble {
namespace {

using base::Code;
using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;
using Bytes = std::vector<uint8_t>;

constexpr int kTicks = 1001;
constexpr int kFrames = 24;
constexpr int kHalf = kFrames / 2;  // frames of a segment, a chunk

auto OfCheck(const char* check) {
  return Contains(Field(&Fault::check, std::string(check)));
}

// A track of two chunks of one segment each.
class ValidatePieceTest : public ::testing::Test {
 protected:
  ValidatePieceTest() {
    media::Fingerprinter fingerprinter;
    for (int k = 0; k < kFrames; ++k)
      fingerprints_.push_back(
          fingerprinter.Next(media::MovingPicture(128, 72, k)));
    std::vector<ChunkFiles> chunks;
    for (int n = 0; n < 2; ++n) chunks.push_back(MakeChunk(n));
    for (const ChunkFiles& chunk : chunks) receipts_.push_back(chunk.record);
    auto track = JoinVideo(chunks, path_);
    EXPECT_TRUE(track) << track.error().message;
    track_ = *std::move(track);
  }

  ChunkFiles MakeChunk(int number) {
    const int first = number * kHalf;
    auto encoder = media::VideoEncoder::Open(media::SmallVideo()).value();
    const auto starts = media::Grid(first * kTicks, kHalf, kTicks);
    const auto packets =
        media::EncodeAll(encoder, first, starts, std::vector<int>{0});
    auto writer =
        media::FragmentWriter::OpenVideo(encoder, number + 1, kTicks).value();
    const Bytes fragment = writer.WriteSegment(packets, starts).value();
    const std::string name = dir_.path() + "/" + std::to_string(number);
    EXPECT_TRUE(base::WriteFileAtomically(name + ".init", writer.init()));
    EXPECT_TRUE(base::WriteFileAtomically(name, fragment));
    return {.record = {"small",
                       number,
                       {first, first + kHalf},
                       base::Sha256(writer.init()),
                       {{{first, first + kHalf},
                         starts.front(),
                         starts.back() - starts.front(),
                         std::ssize(fragment),
                         base::Sha256(fragment)}},
                       1},
            .init_path = name + ".init",
            .fragments_path = name};
  }

  base::Result<PieceVerdict> Validate(model::FrameRange range) const {
    return ValidatePiece({.path = path_,
                          .track = track_,
                          .receipts = receipts_,
                          .range = range,
                          .fingerprints = fingerprints_,
                          .timeline = timeline_});
  }
  std::vector<Fault> Faults(model::FrameRange range = {0, kFrames}) const {
    const auto verdict = Validate(range);
    EXPECT_TRUE(verdict) << verdict.error().message;
    return verdict ? verdict->faults : std::vector<Fault>();
  }

  void Rewrite(const std::function<void(Bytes&)>& change) {
    Bytes bytes = base::ReadFile(path_).value();
    change(bytes);
    ASSERT_TRUE(base::WriteFileAtomically(path_, bytes));
  }

  testing::TempDir dir_;
  std::string path_ = dir_.path() + "/track.mp4";
  model::Fingerprints fingerprints_;
  model::Timeline timeline_{.timescale_hz = 24'000,
                            .frames = kFrames,
                            .frame_ticks = kTicks,
                            .starts = {}};
  std::vector<model::EncodedChunk> receipts_;
  model::VideoTrackFile track_;
};

TEST_F(ValidatePieceTest, ARightTrackPassesWholeAndInPieces) {
  for (const model::FrameRange range :
       {model::FrameRange{0, kFrames}, {0, kHalf}, {kHalf, kFrames}}) {
    const auto verdict = Validate(range);
    ASSERT_TRUE(verdict) << verdict.error().message;
    EXPECT_THAT(verdict->faults, IsEmpty()) << verdict->faults[0].what;
    EXPECT_EQ(verdict->frames_decoded, range.frames());
  }
}

TEST_F(ValidatePieceTest, APieceIsWholeSegments) {
  for (const model::FrameRange range :
       {model::FrameRange{0, 5}, {3, kHalf}, {0, kFrames + 1}, {0, 0}}) {
    const auto verdict = Validate(range);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code, Code::kInvalidArgument);
  }
}

TEST_F(ValidatePieceTest, AChangedByteIsCaughtInItsPieceAlone) {
  Rewrite([](Bytes& bytes) { bytes[bytes.size() - 5] ^= 1; });
  EXPECT_THAT(Faults({0, kHalf}), IsEmpty());
  const auto faults = Faults({kHalf, kFrames});
  EXPECT_THAT(faults, OfCheck(checks::kReceipts));
  EXPECT_EQ(faults[0].chunk, 1);
  EXPECT_EQ(faults[0].frame, kHalf);
}

TEST_F(ValidatePieceTest, AFileCutAnywhereIsAVerdictAndNoError) {
  const auto size = static_cast<size_t>(track_.bytes);
  for (const size_t left :
       {size - 1, size / 2, size / 8, size_t{100}, size_t{0}}) {
    Rewrite([&](Bytes& bytes) { bytes.resize(left); });
    EXPECT_THAT(Faults(), OfCheck(checks::kReceipts)) << left;
  }
}

TEST_F(ValidatePieceTest, BytesAfterTheLastSegmentAreCaught) {
  Rewrite([](Bytes& bytes) { bytes.push_back(0); });
  EXPECT_THAT(Faults(), OfCheck(checks::kReceipts));
}

TEST_F(ValidatePieceTest, AWrongIndexIsCaught) {
  Rewrite([&](Bytes& bytes) {  // size of the last reference
    bytes[static_cast<size_t>(track_.init_bytes + track_.index_bytes) - 9] ^= 1;
  });
  EXPECT_THAT(Faults(), OfCheck(checks::kIndex));
}

TEST_F(ValidatePieceTest, AnotherInitSegmentIsCaught) {
  receipts_[1].init_sha256 = std::string(64, '0');
  EXPECT_THAT(Faults(), OfCheck(checks::kInit));
}

TEST_F(ValidatePieceTest, AFrameAtAnotherTimeIsCaught) {
  timeline_.frame_ticks = 0;
  for (int k = 0; k <= kFrames; ++k)
    timeline_.starts.push_back(k * kTicks + (k == 5 ? 1 : 0));
  const auto faults = Faults();
  EXPECT_THAT(faults, OfCheck(checks::kTimes));
  EXPECT_EQ(faults[0].frame, 5);
}

// Receipts are consistent: only the pictures tell.
TEST_F(ValidatePieceTest, OtherPicturesAreCaughtByContentAlone) {
  std::swap(fingerprints_[7], fingerprints_[8]);
  const auto faults = Faults();
  ASSERT_THAT(faults, OfCheck(checks::kOrder));
  EXPECT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].frame, 7);
  EXPECT_EQ(faults[0].chunk, 0);
}

TEST_F(ValidatePieceTest, AMissingFileIsAnError) {
  path_ += "?";
  const auto verdict = Validate({0, kFrames});
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace reel::assemble

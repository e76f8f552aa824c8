#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "inspect/inspect.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

using model::Finding;
using model::Verdict;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

// A scan of 30 packets, and what its pieces give when all is well.
class ConcludeTest : public ::testing::Test {
 protected:
  static PieceResult Piece(int64_t first, std::optional<int64_t> end) {
    PieceResult piece;
    piece.notes.range = {first, end, {}};
    piece.notes.first_sha256 = std::to_string(first);
    if (end) piece.notes.overlap_sha256 = std::to_string(*end);
    for (const FrameCheck& check : FrameChecks()) {
      piece.notes.checks[check.name] = check.watch()->State();
    }
    for (int64_t n = first; n <= end.value_or(29); ++n) {
      piece.frames.push_back({n, 40 * n});
      model::Fingerprint print;
      print.change = n == first ? 0 : 500;
      piece.fingerprints.push_back(print);
      piece.pictures.push_back(MadeUpPicture());
    }
    return piece;
  }

  base::Result<Inspection> Run() { return Conclude({}, scan_, pieces_); }

  ScanResult scan_{MadeUpSource(), MadeUpPackets(30), {}, {}};
  std::vector<PieceResult> pieces_{Piece(0, 10), Piece(10, 20),
                                   Piece(20, std::nullopt)};
};

TEST_F(ConcludeTest, MergesPiecesIntoOneTitle) {
  const auto got = Run();
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(got->report.verdict, Verdict::kAccept);
  EXPECT_THAT(got->report.findings, IsEmpty());
  ASSERT_EQ(got->frames.size(), 30u);
  for (size_t n = 0; n < 30; ++n) {
    EXPECT_EQ(got->frames[n].packet, static_cast<int64_t>(n));
    EXPECT_EQ(got->fingerprints[n].change, n == 0 ? 0 : 500);
  }
}

TEST_F(ConcludeTest, HowTheTitleWasCutChangesNothing) {
  const auto three = Run();
  pieces_ = {Piece(0, std::nullopt)};
  const auto one = Run();
  ASSERT_TRUE(three && one);
  EXPECT_EQ(Serialize(three->frames), Serialize(one->frames));
  EXPECT_EQ(three->fingerprints, one->fingerprints);
}

TEST_F(ConcludeTest, TheScansFindingsCount) {
  scan_.findings.push_back({.code = "interlaced",
                            .severity = model::Severity::kWarn,
                            .message = "",
                            .remedy = "",
                            .evidence = nullptr});
  EXPECT_EQ(Run()->report.verdict, Verdict::kWarn);
}

TEST_F(ConcludeTest, NoFrameAtAllIsRejected) {
  pieces_ = {Piece(0, std::nullopt)};
  pieces_[0].frames.clear();
  pieces_[0].fingerprints.clear();
  pieces_[0].pictures.clear();
  EXPECT_THAT(Run()->report.findings,
              ElementsAre(Field(&Finding::code, "no-video")));
}

TEST_F(ConcludeTest, RefusedPacketsOfBothSidesAreOne) {
  pieces_[0].notes.refused = {{10, "invalid"}};
  pieces_[1].notes.refused = {{10, "invalid"}};
  const auto findings = Run()->report.findings;
  ASSERT_THAT(findings, ElementsAre(Field(&Finding::code, "packets-corrupt")));
  EXPECT_EQ(findings[0].evidence.at("packets"), 1);
}

TEST_F(ConcludeTest, WithoutAFalseKeyAllAreTrusted) {
  pieces_ = {Piece(0, std::nullopt)};
  EXPECT_TRUE(Run()->packets.packets[10].key);
}

TEST_F(ConcludeTest, OneFalseKeyMakesTheUnprovedSuspect) {
  pieces_ = {Piece(0, 20), Piece(20, std::nullopt)};
  pieces_[0].notes.range.false_keys = {10};
  const auto packets = Run()->packets.packets;
  EXPECT_TRUE(packets[0].key);
  EXPECT_FALSE(packets[10].key);
  EXPECT_TRUE(packets[20].key);
}

TEST_F(ConcludeTest, EveryPieceIsNeeded) {
  const std::vector<PieceResult> all = pieces_;
  for (size_t n = 0; n < all.size(); ++n) {
    pieces_ = all;
    pieces_.erase(pieces_.begin() + static_cast<ptrdiff_t>(n));
    const auto got = Run();
    ASSERT_FALSE(got.has_value()) << n;
    EXPECT_EQ(got.error().code, base::Code::kInvalidArgument);
  }
  pieces_.clear();
  EXPECT_FALSE(Run().has_value());
}

TEST_F(ConcludeTest, AFalseSeamIsAnError) {
  pieces_[1].notes.first_sha256 = "other";
  EXPECT_EQ(Run().error().code, base::Code::kInvalidArgument);
}

TEST_F(ConcludeTest, APieceOfAnotherScanIsAnError) {
  pieces_[2].frames.back().packet = 30;
  EXPECT_EQ(Run().error().code, base::Code::kCorruptInput);
}

TEST_F(ConcludeTest, AMissingStateIsAnError) {
  pieces_[2].notes.checks.erase("frame-damaged");
  EXPECT_EQ(Run().error().code, base::Code::kCorruptInput);
}

}  // namespace
}  // namespace reel::inspect

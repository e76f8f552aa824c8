#include "model/fingerprint_match.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace reel::model {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// A picture that wanders: each frame differs from the one before by about
// `step` levels.
Fingerprints Wander(int frames, double step, uint32_t seed) {
  std::mt19937 rng(seed);
  const auto range = static_cast<int>(step * 32 * 1.7);
  Fingerprints out(static_cast<size_t>(frames));
  for (size_t k = 0; k < out.size(); ++k) {
    for (size_t i = 0; i < out[k].projection.size(); ++i) {
      const int walk =
          static_cast<int>(rng() % static_cast<uint32_t>(2 * range + 1)) -
          range;
      const int before = k == 0 ? 0 : out[k - 1].projection[i];
      out[k].projection[i] = static_cast<int16_t>(before + walk);
    }
  }
  return out;
}

// `source` in the order given, with an error of about `noise` levels.
Fingerprints Coded(const Fingerprints& source, const std::vector<size_t>& order,
                   double noise) {
  std::mt19937 rng(7);
  const auto range = static_cast<int>(noise * 32 * 1.7);
  Fingerprints out;
  for (const size_t frame : order) {
    out.push_back(source[frame]);
    for (int16_t& value : out.back().projection) {
      const int error =
          static_cast<int>(rng() % static_cast<uint32_t>(2 * range + 1)) -
          range;
      value = static_cast<int16_t>(value + error);
    }
  }
  return out;
}

class FingerprintMatchTest : public testing::Test {
 protected:
  FingerprintMatchTest() : order_(60) {
    std::iota(order_.begin(), order_.end(), 0u);
  }
  std::vector<FrameMismatch> Match() const {
    return MatchFingerprints(source_, Coded(source_, order_, 0.3));
  }

  Fingerprints source_ = Wander(61, 2, 1);
  std::vector<size_t> order_;  // the last frame of the source is left out
  std::vector<FrameMismatch> MatchPart() const {
    return MatchFingerprints(source_, {0, 60}, Coded(source_, order_, 0.3));
  }
};

TEST_F(FingerprintMatchTest, AFaithfulRenditionPasses) {
  EXPECT_THAT(MatchPart(), IsEmpty());
}

TEST_F(FingerprintMatchTest, SaysWhichFramesChangedPlaces) {
  std::swap(order_[17], order_[18]);
  const auto found = MatchPart();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].frame, 17);
  EXPECT_EQ(found[0].shows, 18);
  EXPECT_EQ(found[0].what, "has changed places with the next frame");
}

TEST_F(FingerprintMatchTest, SaysWhichFrameIsRepeated) {
  order_[30] = 29;
  const auto found = MatchPart();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].frame, 30);
  EXPECT_EQ(found[0].shows, 29);
}

TEST_F(FingerprintMatchTest, SaysFromWhereOnFramesAreShifted) {
  for (size_t k = 40; k < 60; ++k) order_[k] = k + 1;
  const auto found = MatchPart();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].frame, 40);
  EXPECT_EQ(found[0].shows, 41);
}

TEST_F(FingerprintMatchTest, ACountIsAMismatchToo) {
  EXPECT_FALSE(Match().empty());  // 60 shown of 61
}

TEST_F(FingerprintMatchTest, SeesAStandingPicture) {
  std::fill(order_.begin() + 20, order_.begin() + 40, 19u);
  EXPECT_FALSE(MatchPart().empty());
}

TEST_F(FingerprintMatchTest, SeesAnotherPlaceOfTheTitle) {
  source_ = Wander(200, 2, 2);
  for (size_t k = 0; k < 60; ++k) order_[k] = k + 100;
  const auto found = MatchPart();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].shows, -1);
}

TEST_F(FingerprintMatchTest, IndistinctFramesAreCountedAndNotJudged) {
  source_ = Wander(61, 0.1, 3);
  EXPECT_LT(DistanceLevels(source_[17], source_[18]), 0.5);
  EXPECT_EQ(CountIndistinct(source_), 60);
  std::swap(order_[17], order_[18]);
  EXPECT_THAT(MatchPart(), IsEmpty());
}

// Any fault of one kind at any place, edges too, is found in a clip that moves.
TEST_F(FingerprintMatchTest, FindsEverySwapAndRepeat) {
  for (size_t k = 1; k + 1 < order_.size(); ++k) {
    std::swap(order_[k], order_[k + 1]);
    EXPECT_FALSE(MatchPart().empty()) << "swap at " << k;
    std::swap(order_[k], order_[k + 1]);
    order_[k] = k - 1;
    EXPECT_FALSE(MatchPart().empty()) << "repeat at " << k;
    order_[k] = k;
  }
}

TEST_F(FingerprintMatchTest, ShortAndEmptyRangesAreHarmless) {
  for (int64_t n = 0; n < 6; ++n) {
    order_.resize(static_cast<size_t>(n));
    std::iota(order_.begin(), order_.end(), 0u);
    const auto shown = Coded(source_, order_, 0.3);
    EXPECT_THAT(MatchFingerprints(source_, {0, n}, shown), IsEmpty()) << n;
  }
}

}  // namespace
}  // namespace reel::model

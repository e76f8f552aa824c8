// What holds for VMAF's features of any picture, by any method.
#include "quality/scalar/features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "testing/quality_methods.h"
#include "testing/test_pictures.h"

namespace reel::quality::scalar {
namespace {

using testing::AllValues;
using ::testing::Each;
using testing::QualityScores;
using testing::TestPattern;
using testing::TestPatterns;
using testing::TestPicture;

constexpr int kDepths[] = {8, 10, 12, 16};
constexpr size_t kNoise = 11, kFaintNoise = 12;  // of TestPatterns

std::string Describe(int width, int height, int bit_depth) {
  return std::to_string(width) + "x" + std::to_string(height) + ", " +
         std::to_string(bit_depth) + " bit";
}

class FeaturesTest : public ::testing::TestWithParam<testing::QualityMethod> {
 protected:
  QualityScores Score(const TestPicture& reference, const TestPicture* previous,
                      const TestPicture& distorted, int bit_depth) const {
    return ScoreBy(GetParam(), reference, previous, distorted, bit_depth);
  }
  void ExpectScalars(const TestPicture& reference, const TestPicture& previous,
                     const TestPicture& distorted, int bit_depth) const {
    const auto scores = Score(reference, &previous, distorted, bit_depth);
    const auto want = ScoreBy({"Scalar", testing::ScoreByScalar}, reference,
                              &previous, distorted, bit_depth);
    EXPECT_EQ(AllValues(scores), AllValues(want));
    EXPECT_THAT(AllValues(scores), Each(::testing::Truly([](double value) {
                  return std::isfinite(value);
                })));
  }
  int Size(int smallest, int largest) {
    return smallest +
           static_cast<int>(rng_() % static_cast<uint32_t>(largest - smallest));
  }
  std::mt19937 rng_{20240229};

 private:
  static QualityScores ScoreBy(const testing::QualityMethod& method,
                               const TestPicture& reference,
                               const TestPicture* previous,
                               const TestPicture& distorted, int bit_depth) {
    const auto scores = method.score(
        {.reference = reference.plane(),
         .previous = previous != nullptr ? std::optional(previous->plane())
                                         : std::nullopt,
         .distorted = distorted.plane(),
         .bit_depth = bit_depth});
    EXPECT_TRUE(scores.has_value()) << scores.error().message;
    return scores.value_or(QualityScores{});
  }
};

// Every pattern against every other: nothing overflows (UBSan sees it), and
// methods agree to the last bit.
TEST_P(FeaturesTest, OfExtremePicturesAreFiniteAndThoseOfTheDefinition) {
  const size_t patterns = TestPatterns(32, 32, 8, 0).size();
  for (size_t i = 0; i < patterns; ++i) {
    for (size_t j = 0; j < patterns; ++j) {
      const int depth = kDepths[(i + j) % std::size(kDepths)];
      const int width = Size(32, 44), height = Size(32, 44);
      const auto pattern = TestPatterns(width, height, depth, rng_());
      SCOPED_TRACE(pattern[i].name + " to " + pattern[j].name + ", " +
                   Describe(width, height, depth));
      ExpectScalars({width, height, depth, pattern[i].level},
                    {width, height, depth, pattern[(i + 3) % patterns].level},
                    {width, height, depth, pattern[j].level}, depth);
    }
  }
}

TEST_P(FeaturesTest, OfAnySizeAreThoseOfTheDefinition) {
  for (int i = 0; i < 36; ++i) {
    const int width = i < 32 ? 32 + i : Size(64, 200);
    const int height = i < 32 ? Size(32, 50) : Size(64, 200);
    const int depth = kDepths[i % 4];
    const auto patterns = TestPatterns(width, height, depth, rng_());
    const auto any = [&] {
      return TestPicture(width, height, depth,
                         patterns[rng_() % patterns.size()].level);
    };
    SCOPED_TRACE(Describe(width, height, depth));
    ExpectScalars(any(), any(), any(), depth);
  }
}

// Of clips within 1e-5; regular patterns feel the roundings more.
TEST_P(FeaturesTest, OfEqualPicturesAreOne) {
  for (const int depth : {8, 10}) {
    const int width = Size(40, 80), height = Size(40, 80);
    for (const auto& [name, level] :
         TestPatterns(width, height, depth, rng_())) {
      SCOPED_TRACE(name + ", " + Describe(width, height, depth));
      const TestPicture picture(width, height, depth, level);
      const auto scores = Score(picture, &picture, picture, depth);
      EXPECT_EQ(scores.motion, 0);
      EXPECT_NEAR(scores.vmaf.adm2, 1, 1e-3);
      EXPECT_NEAR(scores.neg.adm2, 1, 1e-3);
      EXPECT_THAT(scores.vmaf.vif, Each(::testing::DoubleNear(1, 1e-3)));
      EXPECT_THAT(scores.neg.vif, Each(::testing::DoubleNear(1, 1e-3)));
    }
  }
}

TEST_P(FeaturesTest, OfFlatPicturesAreOneWhateverTheirLevels) {
  const TestPicture dark(67, 50, 8, [](int, int) { return 40; });
  const TestPicture light(67, 50, 8, [](int, int) { return 210; });
  const auto scores = Score(dark, &light, light, 8);
  EXPECT_EQ(scores.motion, 170);
  EXPECT_EQ(scores.vmaf.adm2, 1);
  EXPECT_THAT(scores.vmaf.vif, Each(1));
  EXPECT_EQ(scores.neg.adm2, 1);
  EXPECT_THAT(scores.neg.vif, Each(1));
}

TEST_P(FeaturesTest, CountSamplesInLevelsOf8BitWhateverTheirDepth) {
  const auto patterns = TestPatterns(41, 38, 8, rng_());
  for (size_t i = 0; i + 2 < patterns.size(); ++i) {
    std::vector<double> first;
    for (const int depth : kDepths) {
      const auto scaled = [&](const TestPattern& pattern) {
        return TestPicture(41, 38, depth,
                           [level = pattern.level, depth](int x, int y) {
                             return level(x, y) << (depth - 8);
                           });
      };
      const TestPicture previous = scaled(patterns[i + 2]);
      const auto values = AllValues(Score(scaled(patterns[i]), &previous,
                                          scaled(patterns[i + 1]), depth));
      if (first.empty()) first = values;
      EXPECT_EQ(values, first) << patterns[i].name << ", " << depth << " bit";
    }
  }
}

TEST_P(FeaturesTest, DoNotDependOnWhatFollowsALine) {
  for (const int depth : {8, 10}) {
    const auto patterns = TestPatterns(45, 37, depth, rng_());
    std::vector<double> first;
    for (const uint8_t padding : {uint8_t{0}, uint8_t{0xFF}}) {
      const TestPicture from(45, 37, depth, patterns[kNoise].level, padding);
      const TestPicture to(45, 37, depth, patterns[kFaintNoise].level, padding);
      const auto values = AllValues(Score(from, &to, to, depth));
      if (first.empty()) first = values;
      EXPECT_EQ(values, first);
    }
  }
}

// A contrast of 3/2: more than the reference for VMAF, but not for NEG.
TEST_P(FeaturesTest, GainOfContrastCountsButForNeg) {
  const auto texture = [](int x, int y) {
    return static_cast<int>(x * 7 + y * 13 + x * y) % 41 - 20;
  };
  const TestPicture soft(97, 83, 8, [&](int x, int y) {
    return static_cast<uint32_t>(128 + 2 * texture(x, y));
  });
  const TestPicture sharp(97, 83, 8, [&](int x, int y) {
    return static_cast<uint32_t>(128 + 3 * texture(x, y));
  });
  const auto scores = Score(soft, nullptr, sharp, 8);
  EXPECT_EQ(scores.motion, 0);
  EXPECT_GT(scores.vmaf.adm2, 1.3);
  EXPECT_LT(scores.neg.adm2, 1.01);
  EXPECT_GT(scores.vmaf.vif[0], 1.05);
  EXPECT_LT(scores.neg.vif[0], 1.01);
  EXPECT_EQ(scores.vmaf.adm_den, scores.neg.adm_den);
  EXPECT_EQ(scores.vmaf.vif_den, scores.neg.vif_den);
}

TEST_P(FeaturesTest, FallAsDetailIsLost) {
  const auto noise = TestPatterns(64, 64, 8, rng_())[kNoise].level;
  double adm = 2, vif = 2;
  for (const uint32_t kept : {8U, 6U, 4U, 2U}) {  // eighths of the contrast
    const TestPicture from(64, 64, 8, noise);
    const TestPicture to(64, 64, 8, [&](int x, int y) {
      return (noise(x, y) * kept + 128 * (8 - kept)) / 8;
    });
    const auto scores = Score(from, nullptr, to, 8);
    EXPECT_LT(scores.vmaf.adm2, adm);
    EXPECT_LT(scores.vmaf.vif[0], vif);
    adm = scores.vmaf.adm2;
    vif = scores.vmaf.vif[0];
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, FeaturesTest,
                         ::testing::ValuesIn(testing::QualityMethods()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace reel::quality::scalar

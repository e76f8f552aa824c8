#include "shots/perceptual_information.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "testing/test_pictures.h"

namespace reel::shots {
namespace {

using testing::TestPicture;

template <typename Sample>
SobelMeter Measure(const TestPicture& picture, int depth) {
  const media::Plane plane = picture.plane();
  LineReader<Sample> reader(plane, depth);
  SobelMeter meter;
  for (int y = 1; y + 1 < plane.height; ++y) meter.See(reader.ReadTriple(y, 1));
  return meter;
}

// In levels, from the definition.
double SpatialInformation(int width, int height,
                          const TestPicture::Level& level) {
  double count = 0, sum = 0, squares = 0;
  const auto at = [&](int x, int y) { return double{1} * level(x, y); };
  for (int y = 1; y + 1 < height; ++y) {
    for (int x = 1; x + 1 < width; ++x) {
      const double dx = at(x + 1, y - 1) + 2 * at(x + 1, y) + at(x + 1, y + 1) -
                        at(x - 1, y - 1) - 2 * at(x - 1, y) - at(x - 1, y + 1);
      const double dy = at(x - 1, y + 1) + 2 * at(x, y + 1) + at(x + 1, y + 1) -
                        at(x - 1, y - 1) - 2 * at(x, y - 1) - at(x + 1, y - 1);
      const double magnitude = std::hypot(dx, dy);
      ++count, sum += magnitude, squares += magnitude * magnitude;
    }
  }
  return std::sqrt(squares / count - sum / count * (sum / count));
}

// A step of 100 levels makes 400 in the two columns beside it, of six: mean
// 133.3, deviation sqrt(400^2 / 3 - 133.3^2) = 188.6.
TEST(SobelMeterTest, OfAStepIsWhatThePenSays) {
  const TestPicture bytes(8, 5, 8, [](int x, int) { return x < 4 ? 50 : 150; });
  const TestPicture words(8, 5, 10,
                          [](int x, int) { return x < 4 ? 200 : 600; });
  for (const SobelMeter& meter :
       {Measure<uint8_t>(bytes, 8), Measure<uint16_t>(words, 10)}) {
    EXPECT_EQ(meter.magnitudes().count, 6 * 3);
    EXPECT_EQ(meter.magnitudes().sum, 2 * 3 * 400 * SobelMeter::kUnits);
    EXPECT_NEAR(static_cast<double>(meter.magnitudes().Deviation(16)),
                188.56 * SobelMeter::kUnits * 16, 16);
    EXPECT_EQ(meter.flat(), 4 * 3);
    EXPECT_EQ(meter.sharp(), 2 * 3);
    EXPECT_EQ(meter.aligned(), meter.edges());
  }
}

TEST(SobelMeterTest, OfFlatAndOfEvenSlopesIsNothing) {
  for (const auto& level : std::vector<TestPicture::Level>{
           [](int, int) { return 77; },
           [](int x, int y) { return static_cast<uint32_t>(x + y); }}) {
    const SobelMeter meter = Measure<uint8_t>({200, 30, 8, level}, 8);
    EXPECT_EQ(meter.magnitudes().Deviation(16), 0);
  }
}

TEST(SobelMeterTest, IsTheDefinitionAtEveryWidthAndDepth) {
  for (const int width : {3, 4, 65, 66, 67, 131, 640}) {
    for (const auto& pattern : testing::TestPatterns(width, 7, 8, 5)) {
      const double want = SpatialInformation(width, 7, pattern.level);
      const TestPicture bytes(width, 7, 8, pattern.level);
      const TestPicture words(
          width, 7, 12, [&](int x, int y) { return pattern.level(x, y) << 4; });
      for (const SobelMeter& meter :
           {Measure<uint8_t>(bytes, 8), Measure<uint16_t>(words, 12)}) {
        EXPECT_NEAR(static_cast<double>(meter.magnitudes().Deviation(16)) /
                        (16 * SobelMeter::kUnits),
                    want, 0.3 + want / 500)
            << pattern.name << " " << width;
      }
    }
  }
}

TEST(SobelMeterTest, DiagonalEdgesAreNotAligned) {
  const SobelMeter meter = Measure<uint8_t>(
      {64, 64, 8, [](int x, int y) { return x < y ? 0 : 200; }}, 8);
  EXPECT_GT(meter.edges(), 0);
  EXPECT_EQ(meter.aligned(), 0);
}

TEST(SobelMeterTest, PicturesWithoutAnInsideHaveNothing) {
  const SobelMeter meter =
      Measure<uint8_t>({2, 5, 8, [](int, int) { return 9; }}, 8);
  EXPECT_EQ(meter.magnitudes().count, 0);
  EXPECT_EQ(meter.magnitudes().Deviation(16), 0);
}

TEST(MomentsTest, DifferencesOfOneSignDoNotDeviateOfTwoDo) {
  const std::vector<uint8_t> before(100, 100), brighter(100, 110);
  std::vector<uint8_t> apart(100, 90);
  for (size_t i = 0; i < apart.size(); i += 2) apart[i] = 110;
  Moments same, flicker;
  AddDifferences<uint8_t>(brighter, before, same);
  AddDifferences<uint8_t>(apart, before, flicker);
  EXPECT_EQ(same.Deviation(16), 0);
  EXPECT_EQ(flicker.Deviation(16), 160);
}

TEST(MomentsTest, TheLargestPictureFits) {
  const std::vector<uint16_t> white(8192, 1023), black(8192, 0);
  Moments moments;
  for (int line = 0; line < 2048; ++line) {
    AddDifferences<uint16_t>(line % 2 == 0 ? white : black,
                             line % 2 == 0 ? black : white, moments);
  }
  EXPECT_EQ(moments.count, int64_t{1} << 24);
  EXPECT_EQ(moments.Deviation(4), 4 * 1023);
}

TEST(SquareRootTest, IsTheWholePart) {
  for (const int64_t root : {0LL, 1LL, 3LL, 65535LL, 3'000'000'000LL}) {
    EXPECT_EQ(SquareRoot(root * root), root);
    EXPECT_EQ(SquareRoot(root * root + 2 * root), root);
  }
}

}  // namespace
}  // namespace reel::shots

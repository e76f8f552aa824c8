#include "shots/noise_map.h"

#include <gtest/gtest.h>

#include "testing/test_pictures.h"
#include "unit/shots/drawn_frame.h"

namespace reel::shots {
namespace {

using testing::TestPicture;

template <typename Sample>
NoiseMap Measure(const TestPicture& picture, int depth) {
  const media::Plane plane = picture.plane();
  LineReader<Sample> reader(plane, depth);
  NoiseMap map(plane.width, plane.height);
  for (int y = 1; y + 1 < plane.height; ++y)
    map.See(y, reader.ReadTriple(y, 1));
  return map;
}

TEST(NoiseMapTest, FlatSlopesAndStraightEdgesAreNoNoise) {
  for (const auto& level : std::vector<TestPicture::Level>{
           [](int, int) { return 50; },
           [](int x, int y) { return static_cast<uint32_t>(x + y); },
           [](int x, int) { return x < 40 ? 20 : 220; },
           [](int, int y) { return y < 40 ? 20 : 220; }}) {
    const NoiseMap map = Measure<uint8_t>({96, 96, 8, level}, 8);
    for (size_t block = 0; block < 9; ++block) EXPECT_EQ(map.Sigma(block), 0);
  }
}

TEST(NoiseMapTest, NormalNoiseHasItsDeviation) {
  for (const double deviation : {1.0, 3.0, 8.0}) {
    Noise noise(7, deviation), fine(7, 4 * deviation);
    const NoiseMap bytes = Measure<uint8_t>(
        {256, 256, 8,
         [&](int, int) { return static_cast<uint32_t>(128 + noise()); }},
        8);
    const NoiseMap words = Measure<uint16_t>(
        {256, 256, 10,
         [&](int, int) { return static_cast<uint32_t>(512 + fine()); }},
        10);
    for (const NoiseMap* map : {&bytes, &words}) {
      double sum = 0;
      for (size_t block = 0; block < 64; ++block) sum += map->Sigma(block);
      EXPECT_NEAR(sum / 64 / 16, deviation, deviation / 15);
    }
  }
}

TEST(NoiseMapTest, BlocksAreToldApart) {
  Noise noise(1, 10);
  const NoiseMap map = Measure<uint8_t>(
      {64, 32, 8,
       [&](int x, int) {
         return static_cast<uint32_t>(x < 32 ? 128 : 128 + noise());
       }},
      8);
  EXPECT_LT(map.Sigma(0), 16);
  EXPECT_GT(map.Sigma(1), 6 * 16);
}

TEST(NoiseMapTest, LinesBelowTheLastBlockAreLeftOut) {
  const NoiseMap map =
      Measure<uint8_t>({40, 50, 8, [](int x, int) { return x % 2 * 255; }}, 8);
  EXPECT_EQ(map.Sigma(0), 0);  // upright stripes
}

}  // namespace
}  // namespace reel::shots

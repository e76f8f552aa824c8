#include "shots/luma_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/test_pictures.h"

namespace reel::shots {
namespace {

using ::testing::ElementsAre;

TEST(SampledLinesTest, HaveALineAboveAndBelow) {
  for (const int height : {0, 1, 2, 3, 4, 89, 90, 91, 720, 1080, 2160, 4321}) {
    const std::vector<int> lines = SampledLines(height);
    EXPECT_EQ(lines.empty(), height < 3) << height;
    for (const int y : lines) {
      EXPECT_GE(y, 1) << height;
      EXPECT_LE(y, height - 2) << height;
    }
  }
}

TEST(SampledLinesTest, AreAllOfALowPictureAndFewOfAHighOne) {
  EXPECT_THAT(SampledLines(5), ElementsAre(1, 2, 3));
  for (const int height : {90, 360, 480, 720, 1080, 2160}) {
    EXPECT_GE(SampledLines(height).size(), 43u) << height;
    EXPECT_LE(SampledLines(height).size(), 90u) << height;
  }
}

TEST(LineReaderTest, GivesSamplesOfTenBitsWhateverTheDepth) {
  for (const int depth : {9, 10, 12, 16}) {
    const testing::TestPicture picture(3, 2, depth, [&](int x, int y) {
      return static_cast<uint32_t>((100 + 10 * x + y) << (depth - 9));
    });
    LineReader<uint16_t> reader(picture.plane(), depth);
    EXPECT_THAT(std::vector(reader.Read(1).begin(), reader.Read(1).end()),
                ElementsAre(202, 222, 242))
        << depth;
  }
}

TEST(LineReaderTest, GivesThreeLinesAtOnceAsFarApartAsAsked) {
  for (const int depth : {8, 10, 12}) {
    const auto shift = static_cast<uint32_t>(std::max(depth - 10, 0));
    const testing::TestPicture picture(2, 5, depth, [&](int x, int y) {
      return static_cast<uint32_t>(10 * y + x) << shift;
    });
    const auto check = [](const auto& lines) {
      EXPECT_THAT(std::vector(lines.above.begin(), lines.above.end()),
                  ElementsAre(0, 1));
      EXPECT_THAT(std::vector(lines.line.begin(), lines.line.end()),
                  ElementsAre(20, 21));
      EXPECT_THAT(std::vector(lines.below.begin(), lines.below.end()),
                  ElementsAre(40, 41));
    };
    if (depth == 8) {
      LineReader<uint8_t> reader(picture.plane(), depth);
      check(reader.ReadTriple(2, 2));
    } else {
      LineReader<uint16_t> reader(picture.plane(), depth);
      check(reader.ReadTriple(2, 2));
    }
  }
}

}  // namespace
}  // namespace reel::shots

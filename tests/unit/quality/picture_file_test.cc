#include "quality/picture_file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>

#include "testing/temp_dir.h"

namespace reel::quality {
namespace {

class PictureFileTest : public ::testing::Test {
 protected:
  std::string Y4m(int width, int height, int frames) {
    const std::string path = directory_.path() + "/clip.y4m";
    std::ofstream out(path, std::ios::binary);
    out << "YUV4MPEG2 W" << width << " H" << height << " F25:1 Ip Cmono\n";
    for (int n = 0; n < frames; ++n)
      out << "FRAME\n"
          << std::string(static_cast<size_t>(width) * height,
                         static_cast<char>(n));
    return path;
  }
  reel::testing::TempDir directory_;
};

TEST_F(PictureFileTest, GivesPicturesWithTheirTimes) {
  const auto file = PictureFile::Open(Y4m(64, 48, 3));
  ASSERT_TRUE(file.has_value()) << file.error().message;
  for (int n = 0; n < 3; ++n) {
    const auto got = (*file)->Next();
    ASSERT_TRUE(got.has_value() && got->has_value()) << n;
    EXPECT_EQ((*got)->picture.plane(0).data[0], n);
    EXPECT_EQ((*got)->time, std::chrono::milliseconds(40 * n));
  }
  for (int again = 0; again < 2; ++again) {
    const auto end = (*file)->Next();
    ASSERT_TRUE(end.has_value());
    EXPECT_FALSE(end->has_value());
  }
  EXPECT_GT((*file)->fraction(), 0.5);
  EXPECT_EQ((*file)->damaged(), 0);
}

// A clock of one tick a frame rounds nothing; believed, it would let 24 frames
// a second pass for 25.
TEST_F(PictureFileTest, AClockOfFramesIsExact) {
  const auto file = PictureFile::Open(Y4m(64, 48, 1));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ((*file)->facts().frame_rate, (base::Rational{25, 1}));
  EXPECT_LE((*file)->facts().clock_tick, std::chrono::milliseconds(1));
}

TEST_F(PictureFileTest, RefusesSizesThatCannotBeScored) {
  for (const auto& [width, height] :
       {std::pair{31, 64}, {64, 31}, {16385, 32}}) {
    const auto file = PictureFile::Open(Y4m(width, height, 1));
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().code, base::Code::kInvalidArgument);
  }
}

TEST_F(PictureFileTest, OnlyFilesCanBeReadTwice) {
  EXPECT_TRUE(CanReadTwice(Y4m(64, 48, 1)));
  EXPECT_FALSE(CanReadTwice("-"));
  EXPECT_FALSE(CanReadTwice("/dev/null"));
}

}  // namespace
}  // namespace reel::quality

#include "inspect/box_walk.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/temp_dir.h"

namespace reel::inspect {
namespace {

std::string Box(const std::string& type, uint32_t claimed, size_t content) {
  std::string box;
  for (int shift = 24; shift >= 0; shift -= 8) {
    box += static_cast<char>(claimed >> shift & 0xff);
  }
  return box + type + std::string(content, 'x');
}

std::string Whole(const std::string& type, size_t content) {
  return Box(type, static_cast<uint32_t>(8 + content), content);
}

class BoxWalkTest : public ::testing::Test {
 protected:
  BoxWalk Walk(const std::string& content) {
    const std::string path = directory_.path() + "/file";
    EXPECT_TRUE(base::WriteFileAtomically(path, base::AsBytes(content)));
    const auto file = base::OpenByteSource(path);
    const auto walk = WalkBoxes(**file);
    EXPECT_TRUE(walk.has_value());
    return walk.value_or(BoxWalk{});
  }

 private:
  reel::testing::TempDir directory_;
};

TEST_F(BoxWalkTest, WholeFileMissesNothing) {
  const BoxWalk walk =
      Walk(Whole("ftyp", 16) + Whole("moov", 99) + Whole("mdat", 500));
  EXPECT_TRUE(walk.is_iso && walk.has_index && walk.has_media);
  EXPECT_EQ(walk.missing_bytes, 0);
}

TEST_F(BoxWalkTest, CountsWhatACutMediaBoxLacks) {
  const BoxWalk walk = Walk(Whole("ftyp", 16) + Box("mdat", 508, 400));
  EXPECT_FALSE(walk.has_index);
  EXPECT_EQ(walk.missing_bytes, 100);
}

TEST_F(BoxWalkTest, MediaToTheEndOfTheFileIsWhole) {
  EXPECT_EQ(Walk(Whole("moov", 9) + Box("mdat", 0, 400)).missing_bytes, 0);
}

TEST_F(BoxWalkTest, ReadsWideSizes) {
  const std::string wide =
      Box("mdat", 1, 0) + std::string("\0\0\0\0\0\0\x02\0", 8);
  EXPECT_EQ(Walk(wide + std::string(100, 'x')).missing_bytes, 512 - 116);
}

TEST_F(BoxWalkTest, RubbishBehindTheLastBoxIsHarmless) {
  const BoxWalk walk = Walk(Whole("moov", 9) + "rubbish that is no box");
  EXPECT_TRUE(walk.has_index);
  EXPECT_EQ(walk.missing_bytes, 0);
}

TEST_F(BoxWalkTest, OtherFilesAreNotIso) {
  EXPECT_FALSE(Walk("Once upon a time there was a film").is_iso);
  EXPECT_FALSE(Walk("").is_iso);
  EXPECT_FALSE(Walk("moov").is_iso);
}

TEST_F(BoxWalkTest, HostileSizesEnd) {
  Walk(Box("ftyp", 1, 0) + std::string(8, '\xff'));
  Walk(Box("ftyp", 1, 0) + std::string("\x7f\xff\xff\xff\xff\xff\xff\xff", 8));
  Walk(Box("ftyp", 3, 40));
}

}  // namespace
}  // namespace reel::inspect

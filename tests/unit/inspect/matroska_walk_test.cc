#include "inspect/matroska_walk.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/temp_dir.h"

namespace reel::inspect {
namespace {

int64_t MissingOf(const std::string& content) {
  const reel::testing::TempDir directory;
  const std::string path = directory.path() + "/file";
  EXPECT_TRUE(base::WriteFileAtomically(path, base::AsBytes(content)));
  const auto missing = MissingMatroskaBytes(**base::OpenByteSource(path));
  EXPECT_TRUE(missing.has_value());
  return missing.value_or(-1);
}

const std::string kHeader(
    "\x1A\x45\xDF\xA3\x84"
    "abcd",
    9);
const std::string kVoid(
    "\xEC\x82"
    "xx",
    4);
const std::string kSegmentOf200("\x18\x53\x80\x67\x40\xC8", 6);
const std::string kUnknownSegment(
    "\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12);

TEST(MatroskaWalkTest, AWholeFileMissesNothing) {
  EXPECT_EQ(MissingOf(kHeader + kSegmentOf200 + std::string(200, 'x')), 0);
  EXPECT_EQ(MissingOf(kHeader + kVoid + kSegmentOf200 + std::string(300, 'x')),
            0);
}

TEST(MatroskaWalkTest, CountsWhatWasCutOff) {
  EXPECT_EQ(MissingOf(kHeader + kSegmentOf200 + std::string(150, 'x')), 50);
  EXPECT_EQ(MissingOf(kHeader + kVoid + kSegmentOf200), 200);
}

TEST(MatroskaWalkTest, LiveRecordingsAndOtherFilesAreLeftAlone) {
  EXPECT_EQ(MissingOf(kHeader + kUnknownSegment + "x"), 0);
  EXPECT_EQ(MissingOf(""), 0);
  EXPECT_EQ(MissingOf("RIFF and more"), 0);
  EXPECT_EQ(MissingOf(kHeader), 0);
  EXPECT_EQ(MissingOf(kHeader.substr(0, 4)), 0);
  EXPECT_EQ(MissingOf(kSegmentOf200), 0);
  EXPECT_EQ(MissingOf(std::string(64, '\0')), 0);
}

}  // namespace
}  // namespace reel::inspect

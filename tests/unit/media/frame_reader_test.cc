#include "media/frame_reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>

#include "testing/temp_dir.h"

namespace reel::media {
namespace {

// `frames` gray pictures; sample n of picture i is i + n.
std::string Y4m(int frames) {
  std::string text = "YUV4MPEG2 W64 H48 F25:1 Ip C420jpeg\n";
  for (int i = 0; i < frames; ++i) {
    text += "FRAME\n";
    for (int n = 0; n < 64 * 48 * 3 / 2; ++n)
      text += static_cast<char>((i + n) & 127);
  }
  return text;
}

void Write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

void ExpectFrames(FrameReader& reader, int frames) {
  EXPECT_EQ(reader.track().frame_rate, (base::Rational{25, 1}));
  for (int i = 0; i < frames; ++i) {
    const auto frame = reader.Next();
    ASSERT_TRUE(frame.has_value()) << frame.error().message;
    ASSERT_TRUE(frame->has_value()) << i;
    EXPECT_EQ((*frame)->packet, i);
    EXPECT_EQ((*frame)->picture.plane(0).data[0], i);
    EXPECT_EQ(reader.packets().packets[(*frame)->packet].pts, i);
  }
  const auto end = reader.Next();
  ASSERT_TRUE(end.has_value());
  EXPECT_FALSE(end->has_value());
}

class FrameReaderStreamTest : public ::testing::Test {
 protected:
  reel::testing::TempDir directory_;
  std::string path_ = directory_.path() + "/clip";
};

TEST_F(FrameReaderStreamTest, ReadsAFile) {
  Write(path_, Y4m(5));
  auto reader = FrameReader::OpenStream(path_);
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  ExpectFrames(*reader, 5);
}

TEST_F(FrameReaderStreamTest, ReadsAPipe) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  std::jthread writer([this] { Write(path_, Y4m(50)); });
  auto reader = FrameReader::OpenStream(path_);
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  ExpectFrames(*reader, 50);
}

TEST_F(FrameReaderStreamTest, AnEmptyPipeIsCorrupt) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  std::jthread writer([this] { Write(path_, ""); });
  const auto reader = FrameReader::OpenStream(path_);
  ASSERT_FALSE(reader.has_value());
  EXPECT_EQ(reader.error().code, base::Code::kCorruptInput);
  EXPECT_NE(reader.error().message.find(path_), std::string::npos);
}

TEST_F(FrameReaderStreamTest, AMissingFileIsNotFound) {
  const auto reader = FrameReader::OpenStream(path_);
  ASSERT_FALSE(reader.has_value());
  EXPECT_EQ(reader.error().code, base::Code::kNotFound);
}

}  // namespace
}  // namespace reel::media

// Whose fault it is that media cannot be read.
#include "media/input.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "testing/mp4_builder.h"

namespace reel::media {
namespace {

using namespace std::string_view_literals;

// A Matroska file up to where its decoder's private data would begin, `length`
// (in EBML) bytes of it.
std::string Matroska(std::string_view length) {
  std::string text(
      "\x1A\x45\xDF\xA3\x8F\x42\x82\x88matroska\x42\x85\x81\x02"sv);
  text += "\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv;  // segment
  text += "\x16\x54\xAE\x6B\x01\0\0\0\x50\0\0\0"sv;              // tracks
  text += "\xAE\x01\0\0\0\x48\0\0\0\xD7\x81\x01\x83\x81\x01"sv;  // track 1
  text += "\x86\x8FV_MPEG4/ISO/AVC\x63\xA2"sv;
  return text.append(length) + "few bytes";
}

base::Code CodeOf(const std::string& bytes) {
  const auto input = Input::OpenMemory(
      {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  return input ? base::Code::kInternal : input.error().code;
}

// A track whose table of places claims a gigabyte.
TEST(InputTest, WhatAsksForTooMuchMemoryIsCorrupt) {
  using namespace reel::testing;
  const auto table = MakeFullBox("stco", 0, 0, U32(0x08000000) + Zeros(12));
  const auto track =
      MakeBox("trak", MakeBox("mdia", MakeBox("minf", MakeBox("stbl", table))));
  const auto file = MakeBox("ftyp", {'i', 's', 'o', 'm', 0, 0, 0, 0}) +
                    MakeBox("moov", track);
  EXPECT_EQ(CodeOf({file.begin(), file.end()}), base::Code::kCorruptInput);
}

TEST(InputTest, WhatEndsInTheMiddleIsCorrupt) {
  const std::string whole = Matroska("\x84"sv);
  for (size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(CodeOf(whole.substr(0, size)), base::Code::kCorruptInput) << size;
}

// Standard input from which `first` can be read, and then nothing more: the
// connection breaks, as a disk would.
class BrokenInput {
 public:
  explicit BrokenInput(const std::string& first) : kept_(::dup(STDIN_FILENO)) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    EXPECT_EQ(::write(ends[1], first.data(), first.size()),
              static_cast<ssize_t>(first.size()));
    // What is not read at the other end when it closes resets the connection.
    EXPECT_EQ(::write(ends[0], "x", 1), 1);
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
  }
  ~BrokenInput() {
    ::dup2(kept_, STDIN_FILENO);
    ::close(kept_);
  }
  BrokenInput(const BrokenInput&) = delete;
  BrokenInput& operator=(const BrokenInput&) = delete;

 private:
  int kept_;
};

TEST(InputTest, ADiskThatFailsIsNotTheMediasFault) {
  const BrokenInput broken("");
  const auto input = Input::OpenStream("-");
  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().code, base::Code::kIo);
}

TEST(InputTest, ADiskThatFailsMidwayIsNoEnd) {
  const std::string picture(640 * 480 * 3 / 2, 'x');
  std::string text = "YUV4MPEG2 W640 H480 F25:1 Ip C420jpeg\n";
  text += "FRAME\n" + picture.substr(0, 100'000);
  const BrokenInput broken(text);
  const auto input = Input::OpenStream("-");
  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().code, base::Code::kIo);
}

}  // namespace
}  // namespace reel::media

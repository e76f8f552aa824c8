#include "media/random_access.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace reel::media {
namespace {

using Bytes = std::vector<uint8_t>;

struct Case {
  std::string name;
  AVCodecID codec;
  Bytes extradata;
  Bytes packet;
  bool want;
};

constexpr AVCodecID kH264 = AV_CODEC_ID_H264;
constexpr AVCodecID kHevc = AV_CODEC_ID_HEVC;
constexpr AVCodecID kMpeg2 = AV_CODEC_ID_MPEG2VIDEO;
constexpr AVCodecID kMpeg4 = AV_CODEC_ID_MPEG4;

const Bytes kAvcC = {1, 100, 0, 31, 0xFF, 0xE1, 0, 0};  // 4-byte lengths

// A VOP header and `size` bytes in all.
Bytes Vop(uint8_t type, size_t size) {
  Bytes bytes(size, 0xFF);
  bytes[0] = bytes[1] = 0;
  bytes[2] = 1;
  bytes[3] = 0xB6;
  bytes[4] = type;
  return bytes;
}

class RandomAccessTest : public testing::TestWithParam<Case> {};

TEST_P(RandomAccessTest, TrustsWhatThePacketShows) {
  Case c = GetParam();
  AVCodecParameters codec{};
  codec.codec_id = c.codec;
  codec.extradata = c.extradata.data();
  codec.extradata_size = static_cast<int>(c.extradata.size());
  EXPECT_EQ(RandomAccess(codec).IsStart(c.packet), c.want);
}

// SEI 6 of one byte: recovery_frame_cnt ue(0) = 1, exact_match_flag 1 or 0.
INSTANTIATE_TEST_SUITE_P(
    Cases, RandomAccessTest,
    testing::Values(
        Case{"Idr", kH264, {}, {0, 0, 1, 0x67, 9, 0, 0, 1, 0x65, 9}, true},
        Case{"IdrWithoutParameters", kH264, {}, {0, 0, 1, 0x65, 9}, false},
        Case{"IdrInMp4", kH264, kAvcC, {0, 0, 0, 2, 0x65, 9}, true},
        Case{"PlainIntra", kH264, kAvcC, {0, 0, 0, 2, 0x41, 9}, false},
        Case{"ExactRecovery",
             kH264,
             kAvcC,
             {0, 0, 0, 4, 6, 6, 1, 0xC0, 0, 0, 0, 2, 0x41, 9},
             true},
        Case{"ApproximateRecovery",
             kH264,
             kAvcC,
             {0, 0, 0, 4, 6, 6, 1, 0x80, 0, 0, 0, 2, 0x41, 9},
             false},
        // recovery_frame_cnt 1: a gradual refresh.
        Case{"LaterRecovery",
             kH264,
             kAvcC,
             {0, 0, 0, 4, 6, 6, 1, 0x50, 0, 0, 0, 2, 0x41, 9},
             false},
        Case{"RecoveryAfterAnotherMessage",
             kH264,
             kAvcC,
             {0, 0, 0, 7, 6, 5, 1, 0, 6, 1, 0xC0, 0, 0, 0, 2, 0x41, 9},
             true},
        Case{"LengthBeyondThePacket",
             kH264,
             kAvcC,
             {255, 255, 255, 255, 0x65},
             true},
        Case{"NoPicture", kH264, kAvcC, {0, 0, 0, 0, 0, 0, 0, 0, 0}, false},
        Case{"CutInTheLength", kH264, kAvcC, {0, 0}, false},
        Case{"Empty", kH264, {}, {}, false},
        Case{"Cra", kHevc, {}, {0, 0, 1, 0x42, 1, 0, 0, 1, 0x2A, 1, 9}, true},
        Case{"CraWithoutParameters", kHevc, {}, {0, 0, 1, 0x2A, 1, 9}, false},
        Case{"Trailing",
             kHevc,
             {},
             {0, 0, 1, 0x42, 1, 0, 0, 1, 0x02, 1, 9},
             false},
        Case{"SequenceHeader",
             kMpeg2,
             {},
             {0, 0, 1, 0xB3, 9, 0, 0, 1, 0x00, 9},
             true},
        Case{"IntraAlone", kMpeg2, {}, {0, 0, 1, 0x00, 9}, false},
        Case{"IntraVop", kMpeg4, {}, Vop(0x10, 40), true},
        Case{"PredictedVop", kMpeg4, {}, Vop(0x50, 40), false},
        Case{"PlaceholderVop", kMpeg4, {}, Vop(0x10, 6), false},
        Case{"OtherCodec", AV_CODEC_ID_VP9, {}, {1, 2, 3}, true}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace reel::media

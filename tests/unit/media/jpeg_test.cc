#include "media/jpeg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "media/handles.h"

namespace reel::media {
namespace {

StillPicture Gradient(int width, int height) {
  StillPicture picture = MakeBlackPicture(width, height);
  for (int i = 0; i < width * height; ++i)
    picture.samples[static_cast<size_t>(i)] =
        static_cast<uint8_t>(16 + i % width);
  return picture;
}

TEST(JpegTest, IsAJfifFileWithoutAComment) {
  const auto jpeg = EncodeJpeg(Gradient(64, 32), 4);
  ASSERT_TRUE(jpeg) << jpeg.error().message;
  ASSERT_GT(jpeg->size(), 20u);
  EXPECT_EQ((*jpeg)[0], 0xFF);
  EXPECT_EQ((*jpeg)[1], 0xD8);
  EXPECT_EQ(std::string(jpeg->begin() + 6, jpeg->begin() + 10), "JFIF");
  EXPECT_EQ(std::string(jpeg->begin(), jpeg->end()).find("Lavc"),
            std::string::npos);
}

TEST(JpegTest, EqualPicturesGiveEqualBytes) {
  EXPECT_EQ(*EncodeJpeg(Gradient(64, 32), 4), *EncodeJpeg(Gradient(64, 32), 4));
}

Frame Decode(const std::vector<uint8_t>& jpeg) {
  Codec codec = *MakeCodec(avcodec_find_decoder(AV_CODEC_ID_MJPEG));
  EXPECT_EQ(avcodec_open2(codec.get(), nullptr, nullptr), 0);
  Packet packet = *MakePacket();
  EXPECT_EQ(av_new_packet(packet.get(), static_cast<int>(jpeg.size())), 0);
  std::copy(jpeg.begin(), jpeg.end(), packet->data);
  EXPECT_EQ(avcodec_send_packet(codec.get(), packet.get()), 0);
  Frame frame = *MakeFrame();
  EXPECT_EQ(avcodec_receive_frame(codec.get(), frame.get()), 0);
  return frame;
}

TEST(JpegTest, DecodesToTheSamePictureInFullRange) {
  const auto jpeg = EncodeJpeg(Gradient(64, 32), 1);
  ASSERT_TRUE(jpeg);
  const Frame frame = Decode(*jpeg);
  ASSERT_EQ(frame->width, 64);
  ASSERT_EQ(frame->height, 32);
  for (int x = 0; x < 64; ++x)
    EXPECT_NEAR(frame->data[0][x], x * 255 / 219, 3) << x;
}

TEST(JpegTest, RefusesAPictureOfAnotherShape) {
  StillPicture cut = Gradient(64, 32);
  cut.samples.pop_back();
  EXPECT_FALSE(EncodeJpeg(cut, 4));
  EXPECT_FALSE(EncodeJpeg({0, 0, {}}, 4));
  EXPECT_FALSE(EncodeJpeg({3, 2, std::vector<uint8_t>(9)}, 4));
  EXPECT_FALSE(EncodeJpeg(Gradient(64, 32), 32));
}

TEST(PastePictureTest, FillsItsPlaceAlone) {
  StillPicture sheet = MakeBlackPicture(8, 4);
  StillPicture tile = MakeBlackPicture(4, 2);
  std::fill(tile.samples.begin(), tile.samples.end(), 200);
  PastePicture(tile, 4, 2, sheet);
  EXPECT_EQ(sheet.samples[8 * 2 + 3], 16);
  EXPECT_EQ(sheet.samples[8 * 2 + 4], 200);
  EXPECT_EQ(sheet.samples[8 * 3 + 7], 200);
  EXPECT_EQ(sheet.samples[8 * 1 + 4], 16);
  EXPECT_EQ(sheet.samples[32 + 4 * 1 + 1], 128);  // Cb
  EXPECT_EQ(sheet.samples[32 + 4 * 1 + 2], 200);
  EXPECT_EQ(sheet.samples[40 + 4 * 1 + 3], 200);  // Cr
}

}  // namespace
}  // namespace reel::media

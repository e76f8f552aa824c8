#include "media/source_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "testing/open_gop_clip.h"
#include "testing/temp_dir.h"

namespace reel::media {
namespace {

TEST(ProbeSourceTest, PicturesTooLargeToDecodeAreUnsupported) {
  const reel::testing::TempDir directory;
  const std::string path = directory.path() + "/clip";
  std::ofstream(path, std::ios::binary)
      << "YUV4MPEG2 W16000 H9000 F25:1 Ip C420jpeg\nFRAME\n"
      << std::string(1000, 'x');
  const auto source = ProbeSource(path);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, base::Code::kUnsupported);
  EXPECT_NE(source.error().message.find("16000x9000"), std::string::npos);
}

TEST(ProbeSourceTest, PicturesTellTheirFieldsWhereNothingElseDoes) {
  const reel::testing::TempDir directory;
  const std::string path = directory.path() + "/clip.nut";
  const auto made = reel::testing::MakeOpenGopClip(
      {.path = path, .muxer = "nut", .frames = 8, .x264_params = "bff=1"});
  ASSERT_TRUE(made) << made.error().message;
  const auto source = ProbeSource(path);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(source->video.field_order, "bb");
}

// ProRes of libavcodec does not say what its colours are; QuickTime does.
TEST(ProbeSourceTest, ContainersColoursCountWhereTheStreamIsSilent) {
  const reel::testing::TempDir directory;
  const std::string path = directory.path() + "/clip.mov";
  auto encoder = MakeCodec(avcodec_find_encoder_by_name("prores_ks"));
  ASSERT_TRUE(encoder);
  AVCodecContext& context = **encoder;
  context.width = 64;
  context.height = 64;
  context.pix_fmt = AV_PIX_FMT_YUV422P10;
  context.time_base = {1, 25};
  context.thread_count = 1;
  ASSERT_EQ(avcodec_open2(&context, context.codec, nullptr), 0);
  context.color_primaries = AVCOL_PRI_BT709;
  context.color_trc = AVCOL_TRC_BT709;
  context.colorspace = AVCOL_SPC_BT709;
  auto file =
      reel::testing::ClipFile::Create({.path = path, .muxer = "mov"}, context);
  ASSERT_TRUE(file) << file.error().message;
  const auto frame = MakeFrameWithPlanes(context.pix_fmt, 64, 64);
  ASSERT_TRUE(frame);
  for (int p = 0; p < 3; ++p)
    std::fill_n((*frame)->data[p], (*frame)->linesize[p] * 64, uint8_t{1});
  (*frame)->pts = 0;
  ASSERT_EQ(avcodec_send_frame(&context, frame->get()), 0);
  const auto packet = MakePacket();
  ASSERT_EQ(avcodec_receive_packet(&context, packet->get()), 0);
  ASSERT_TRUE(file->Write(**packet, context.time_base));
  ASSERT_TRUE(file->Finish());

  const auto source = ProbeSource(path);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(source->video.color.primaries, "bt709");
  EXPECT_EQ(source->video.color.transfer, "bt709");
  EXPECT_EQ(source->video.color.matrix, "bt709");
}

}  // namespace
}  // namespace reel::media

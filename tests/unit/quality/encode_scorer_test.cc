#include "quality/encode_scorer.h"

#include <gtest/gtest.h>

#include "media/fragment_writer.h"
#include "media/scaler.h"
#include "media/video_encoder.h"
#include "unit/quality/fake_stream.h"

namespace reel::quality {
namespace {

// A small file of `frames` frames, as an encode is held in memory.
std::vector<uint8_t> Encode(int64_t frames, double crf, int width = 64,
                            int height = 48) {
  auto scaler = media::Scaler::Create({.width = width, .height = height});
  auto encoder = media::VideoEncoder::Open({.profile = "h264-high",
                                            .preset = "veryfast",
                                            .width = width,
                                            .height = height,
                                            .crf = crf,
                                            .maxrate_bps = 50'000'000,
                                            .buffer_bits = 50'000'000,
                                            .timescale_hz = 25,
                                            .frame_rate = {25, 1},
                                            .color = {}});
  EXPECT_TRUE(scaler && encoder);
  std::vector<media::CodedPacket> packets;
  std::vector<int64_t> starts{0};
  const auto keep = [&](auto some) {
    ASSERT_TRUE(some.has_value());
    for (auto& packet : *some) packets.push_back(std::move(packet));
  };
  using Kind = media::VideoEncoder::FrameKind;
  for (int64_t i = 0; i < frames; ++i) {
    const auto picture = scaler->Scale(ContentPicture(64, 48, i));
    keep(encoder->Send(*picture, i, i == 0 ? Kind::kKey : Kind::kAny));
    starts.push_back(i + 1);
  }
  keep(encoder->Finish());
  auto writer = media::FragmentWriter::OpenVideo(*encoder, 1, 1);
  std::vector<uint8_t> file = writer->init();
  const auto fragment = writer->WriteSegment(packets, starts);
  file.insert(file.end(), fragment->begin(), fragment->end());
  return file;
}

TEST(EncodeScorerTest, ScoresEveryEncodeInItsOrder) {
  const auto good = Encode(12, 5), poor = Encode(12, 45);
  FakeStream source("source", 12);
  const std::vector<media::MemoryFile> files{{.bytes = good}, {.bytes = poor}};
  const auto scores = ScoreEncodes(source, files, {});
  ASSERT_TRUE(scores.has_value()) << scores.error().message;
  ASSERT_EQ(scores->vmaf.size(), 2u);
  ASSERT_EQ(scores->psnr.size(), 2u);
  ASSERT_EQ(scores->frames.size(), 12u);
  for (size_t i = 1; i < 12; ++i) {
    EXPECT_GT(scores->vmaf[0][i], scores->vmaf[1][i]);
    EXPECT_GT(scores->psnr[0][i], scores->psnr[1][i]);
  }
}

TEST(EncodeScorerTest, SkipsFrames) {
  const auto file = Encode(12, 20);
  FakeStream source("source", 12);
  const std::vector<media::MemoryFile> files{{.bytes = file}};
  const auto scores = ScoreEncodes(source, files, {.subsample = 3});
  ASSERT_TRUE(scores.has_value()) << scores.error().message;
  EXPECT_EQ(scores->frames, (std::vector<int64_t>{0, 3, 6, 9}));
  EXPECT_EQ(scores->vmaf.front().size(), 4u);
}

TEST(EncodeScorerTest, SmallerEncodesAreScaledUp) {
  const auto small = Encode(6, 10, 32, 24);
  FakeStream source("source", 6);
  const std::vector<media::MemoryFile> files{{.bytes = small}};
  const auto scores = ScoreEncodes(source, files, {});
  ASSERT_TRUE(scores.has_value()) << scores.error().message;
  EXPECT_EQ(scores->vmaf.front().size(), 6u);
}

TEST(EncodeScorerTest, AnEncodeOfAnotherLengthIsWrong) {
  const auto file = Encode(11, 20);
  FakeStream source("source", 12);
  const std::vector<media::MemoryFile> files{{.bytes = file}};
  const auto scores = ScoreEncodes(source, files, {});
  ASSERT_FALSE(scores.has_value());
  EXPECT_EQ(scores.error().code, base::Code::kOutputWrong);
}

TEST(EncodeScorerTest, PicturesTooSmallForVmafAreUnsupported) {
  const auto file = Encode(3, 20);
  FakeStream source("source", 3, 0, 30, 20);
  const std::vector<media::MemoryFile> files{{.bytes = file}};
  const auto scores = ScoreEncodes(source, files, {});
  ASSERT_FALSE(scores.has_value());
  EXPECT_EQ(scores.error().code, base::Code::kUnsupported);
}

TEST(EncodeScorerTest, HeldPicturesAreAStream) {
  std::vector<media::Picture> pictures;
  for (int64_t i = 0; i < 4; ++i) pictures.push_back(ContentPicture(64, 48, i));
  const auto stream = StreamOf(pictures, "held");
  for (int64_t i = 0; i < 4; ++i) {
    const auto next = stream->Next();
    ASSERT_TRUE(next.has_value() && next->has_value());
    EXPECT_EQ(ContentOf((*next)->picture), i);
  }
  EXPECT_FALSE(stream->Next()->has_value());
  EXPECT_EQ(stream->facts().name, "held");
}

}  // namespace
}  // namespace reel::quality

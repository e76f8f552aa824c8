#include "media/composition_demuxer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "media/av_error.h"
#include "media/input.h"
#include "testing/temp_dir.h"

namespace reel::media {
namespace {

constexpr int kSide = 16;
constexpr int kFrames = 40;
constexpr int kRate = 8000;
constexpr int kSamplesPerPacket = 700;
constexpr int kSamples = 28 * kSamplesPerPacket;

// One packet per entry, each of `duration` ticks.
base::Status WriteMedia(const std::string& path, const char* muxer,
                        const AVCodecParameters& codec, AVRational time_base,
                        const std::vector<std::vector<uint8_t>>& packets,
                        int duration) {
  AVFormatContext* raw = nullptr;
  REEL_TRY(CheckAv(
      avformat_alloc_output_context2(&raw, nullptr, muxer, path.c_str()),
      "make a muxer"));
  const Output context(raw);
  AVStream* stream = avformat_new_stream(raw, nullptr);
  stream->time_base = time_base;
  REEL_TRY(CheckAv(avcodec_parameters_copy(stream->codecpar, &codec), "copy"));
  REEL_TRY(CheckAv(avio_open(&raw->pb, path.c_str(), AVIO_FLAG_WRITE), "open"));
  REEL_TRY(CheckAv(avformat_write_header(raw, nullptr), "header"));
  REEL_ASSIGN(const Packet packet, MakePacket());
  for (size_t n = 0; n < packets.size(); ++n) {
    REEL_TRY(CheckAv(
        av_new_packet(packet.get(), static_cast<int>(packets[n].size())),
        "packet"));
    std::copy(packets[n].begin(), packets[n].end(), packet->data);
    packet->pts = packet->dts = av_rescale_q(static_cast<int64_t>(n) * duration,
                                             time_base, stream->time_base);
    packet->duration = av_rescale_q(duration, time_base, stream->time_base);
    packet->flags |= AV_PKT_FLAG_KEY;
    REEL_TRY(CheckAv(av_write_frame(raw, packet.get()), "write"));
    av_packet_unref(packet.get());
  }
  REEL_TRY(CheckAv(av_write_trailer(raw), "trailer"));
  return CheckAv(avio_closep(&raw->pb), "close");
}

// Frame n is gray n throughout.
base::Status WritePictures(const std::string& path) {
  AVCodecParameters codec{};
  codec.codec_type = AVMEDIA_TYPE_VIDEO;
  codec.codec_id = AV_CODEC_ID_RAWVIDEO;
  codec.format = AV_PIX_FMT_GRAY8;
  codec.width = codec.height = kSide;
  codec.codec_tag = avcodec_pix_fmt_to_codec_tag(AV_PIX_FMT_GRAY8);
  std::vector<std::vector<uint8_t>> packets;
  for (int n = 0; n < kFrames; ++n)
    packets.emplace_back(kSide * kSide, static_cast<uint8_t>(n));
  return WriteMedia(path, "nut", codec, {1, 25}, packets, 1);
}

// Sample n is n.
base::Status WriteSound(const std::string& path) {
  AVCodecParameters codec{};
  codec.codec_type = AVMEDIA_TYPE_AUDIO;
  codec.codec_id = AV_CODEC_ID_PCM_S16LE;
  codec.format = AV_SAMPLE_FMT_S16;
  codec.sample_rate = kRate;
  codec.bits_per_coded_sample = 16;
  codec.block_align = 2;
  av_channel_layout_default(&codec.ch_layout, 1);
  std::vector<std::vector<uint8_t>> packets;
  for (int n = 0; n < kSamples; ++n) {
    if (n % kSamplesPerPacket == 0) packets.emplace_back();
    packets.back().push_back(static_cast<uint8_t>(n & 0xFF));
    packets.back().push_back(static_cast<uint8_t>(n >> 8));
  }
  return WriteMedia(path, "wav", codec, {1, kRate}, packets, kSamplesPerPacket);
}

class CompositionDemuxerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(WritePictures(File("picture")));
    ASSERT_TRUE(WriteSound(File("sound")));
    composition_ = {
        .files = {{File("picture"), 20'000, 0, "", true},
                  {File("sound"), 40'000, 0, "", true}},
        .tracks = {
            {model::TrackKind::kPicture,
             "",
             {25, 1},
             {{0, 0, 7, 3, 2}, {0, 0, 0, 2, 1}, {0, 0, 2, 2, 1}}},
            {model::TrackKind::kSound,
             "fr",
             {kRate, 1},
             {{1, 0, 699, 2, 1}, {1, 0, 5, 1500, 2}}},
            {model::TrackKind::kText, "de", {25, 1}, {{0, 0, 0, 9, 1}}}}};
  }

  std::string File(const std::string& name) const {
    return dir_.path() + "/" + name;
  }

  base::Result<Input> Open() const {
    const std::string path = File("title.composition");
    REEL_TRY(base::WriteFileAtomically(
        path, base::AsBytes(model::Serialize(composition_))));
    return Input::OpenFile(std::string(model::kCompositionScheme) + path);
  }

  struct Heard {
    std::vector<int> frames;
    std::vector<int> samples;
    std::vector<int64_t> positions;  // of the pictures
  };
  static Heard ReadAll(Input& input) {
    Heard heard;
    const Packet packet = MakePacket().value();
    int64_t next_frame = -1;
    int64_t next_sample = -1;
    for (;;) {
      const auto got = input.Read(*packet);
      EXPECT_TRUE(got) << got.error().message;
      if (!got || !*got) return heard;
      EXPECT_EQ(packet->pts, packet->dts);
      if (packet->stream_index == 0) {
        if (next_frame >= 0) {
          EXPECT_EQ(packet->pts, next_frame);
        }
        next_frame = packet->pts + packet->duration;
        EXPECT_EQ(packet->size, kSide * kSide);
        heard.frames.push_back(packet->data[0]);
        heard.positions.push_back(packet->pos);
        continue;
      }
      if (next_sample >= 0) {
        EXPECT_EQ(packet->pts, next_sample);
      }
      next_sample = packet->pts + packet->duration;
      EXPECT_EQ(packet->size, 2 * packet->duration);
      for (int i = 0; i < packet->size; i += 2)
        heard.samples.push_back(packet->data[i] | packet->data[i + 1] << 8);
    }
  }

  static std::vector<int> WantedSamples() {
    std::vector<int> samples{699, 700};
    for (int repeat = 0; repeat < 2; ++repeat) {
      for (int n = 5; n < 1505; ++n) samples.push_back(n);
    }
    return samples;
  }

  model::Composition composition_;

 private:
  reel::testing::TempDir dir_;
};

const std::vector<int> kWantedFrames{7, 8, 9, 7, 8, 9, 0, 1, 2, 3};

TEST_F(CompositionDemuxerTest, HasAStreamPerTrack) {
  const auto input = Open();
  ASSERT_TRUE(input) << input.error().message;
  ASSERT_EQ(input->context().nb_streams, 3U);
  EXPECT_EQ(input->format_name(), "imf");
  EXPECT_EQ(input->stream(0).duration, 10);
  EXPECT_EQ(input->stream(0).codecpar->width, kSide);
  EXPECT_EQ(input->stream(1).duration, 3002);
  const AVDictionaryEntry* language =
      av_dict_get(input->stream(1).metadata, "language", nullptr, 0);
  ASSERT_NE(language, nullptr);
  EXPECT_STREQ(language->value, "fr");
  EXPECT_EQ(input->stream(2).codecpar->codec_type, AVMEDIA_TYPE_SUBTITLE);
}

TEST_F(CompositionDemuxerTest, PlaysEveryUnitOnce) {
  auto input = Open();
  ASSERT_TRUE(input) << input.error().message;
  const Heard heard = ReadAll(*input);
  EXPECT_EQ(heard.frames, kWantedFrames);
  EXPECT_EQ(heard.samples, WantedSamples());
}

TEST_F(CompositionDemuxerTest, CountsWhereThereIsNoIndex) {
  for (auto& file : composition_.files) file.indexed = false;
  auto input = Open();
  ASSERT_TRUE(input) << input.error().message;
  const Heard heard = ReadAll(*input);
  EXPECT_EQ(heard.frames, kWantedFrames);
  EXPECT_EQ(heard.samples, WantedSamples());
}

TEST_F(CompositionDemuxerTest, PlacesGrow) {
  auto input = Open();
  ASSERT_TRUE(input) << input.error().message;
  const Heard heard = ReadAll(*input);
  for (size_t n = 1; n < heard.positions.size(); ++n)
    EXPECT_GT(heard.positions[n], heard.positions[n - 1]);
  EXPECT_LT(heard.positions.back(), input->bytes());
}

TEST_F(CompositionDemuxerTest, SeeksToAnyUnit) {
  auto input = Open();
  ASSERT_TRUE(input) << input.error().message;
  input->stream(1).discard = AVDISCARD_ALL;
  const Heard whole = ReadAll(*input);
  for (int unit : {9, 0, 5, 6, 3, 2, 10}) {
    ASSERT_TRUE(input->Seek(0, unit));
    const Heard heard = ReadAll(*input);
    EXPECT_EQ(heard.frames, std::vector<int>(kWantedFrames.begin() + unit,
                                             kWantedFrames.end()));
    EXPECT_EQ(heard.positions,
              std::vector<int64_t>(whole.positions.begin() + unit,
                                   whole.positions.end()));
  }
  EXPECT_FALSE(input->Seek(0, 11));
  EXPECT_FALSE(input->Seek(0, -1));
  EXPECT_FALSE(input->SeeksByBytes());
}

TEST_F(CompositionDemuxerTest, SaysWhereTheEssenceEnds) {
  composition_.tracks[0].resources = {{0, 0, 30, 20, 1}};
  composition_.tracks.resize(1);
  auto input = Open();
  ASSERT_TRUE(input) << input.error().message;
  const Packet packet = MakePacket().value();
  for (int n = 0; n < 10; ++n) ASSERT_TRUE(input->Read(*packet).value());
  const auto past_end = input->Read(*packet);
  ASSERT_FALSE(past_end);
  EXPECT_EQ(past_end.error().code, base::Code::kCorruptInput);
  EXPECT_NE(past_end.error().message.find("ends before unit 40"),
            std::string::npos)
      << past_end.error().message;
}

TEST_F(CompositionDemuxerTest, RefusesAnotherKindOfStream) {
  composition_.tracks[0].resources[0].file = 1;
  EXPECT_EQ(Open().error().code, base::Code::kConflict);
}

// Whoever hands in a file could otherwise make it read any other.
TEST_F(CompositionDemuxerTest, IsOnlyOpenedUnderItsScheme) {
  ASSERT_TRUE(Open());
  const auto opened = Input::OpenFile(File("title.composition"));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::Code::kCorruptInput);
}

}  // namespace
}  // namespace reel::media

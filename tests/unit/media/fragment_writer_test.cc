#include "media/fragment_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "media/frame_reader.h"
#include "media/mp4_box.h"
#include "media/mp4_track.h"
#include "synthetic_video.h"

namespace reel::media {
namespace {

using Bytes = std::vector<uint8_t>;
using base::Code;

struct WrittenChunk {
  Bytes init;
  Bytes fragments;
};

// Encodes and writes one chunk of two segments, cut at `second_segment`.
WrittenChunk WriteChunk(const VideoEncoderSettings& settings,
                        const std::vector<int64_t>& starts, int first,
                        int second_segment, int64_t longest) {
  auto encoder = VideoEncoder::Open(settings);
  EXPECT_TRUE(encoder.has_value()) << encoder.error().message;
  const auto packets =
      EncodeAll(*encoder, first, starts, std::vector<int>{0, second_segment});
  auto writer = FragmentWriter::OpenVideo(*encoder, 1 + first, longest);
  EXPECT_TRUE(writer.has_value()) << writer.error().message;
  WrittenChunk out{writer->init(), {}};
  const auto cut = static_cast<size_t>(second_segment);
  const std::span<const CodedPacket> all(packets);
  const std::span<const int64_t> times(starts);
  for (const auto& segment :
       {writer->WriteSegment(all.first(cut), times.first(cut + 1)),
        writer->WriteSegment(all.subspan(cut), times.subspan(cut))}) {
    EXPECT_TRUE(segment.has_value()) << segment.error().message;
    out.fragments.insert(out.fragments.end(), segment->begin(), segment->end());
  }
  return out;
}

// Times of a phone's video: no two frames alike.
std::vector<int64_t> IrregularTimes(int64_t first, int frames) {
  std::vector<int64_t> starts{first};
  for (int i = 0; i < frames; ++i) {
    starts.push_back(starts.back() + 500 + (i * 7919) % 1500);
  }
  return starts;
}

constexpr int64_t kLongest = 2000;

class FragmentWriterTest : public ::testing::TestWithParam<std::string> {
 protected:
  // Three chunks at different CRF; the second starts beyond 32 bits of ticks.
  void SetUp() override {
    VideoEncoderSettings settings = SmallVideo();
    settings.profile = GetParam();
    for (int i = 0; i < 3; ++i) {
      const auto chunk =
          IrregularTimes(starts_.empty() ? kFirst : starts_.back(), 50);
      settings.crf = 15 + 10 * i;
      settings.initial_buffer_percent = 90 - 20 * i;
      chunks_.push_back(WriteChunk(settings, chunk, 50 * i, 13, kLongest));
      if (!starts_.empty()) starts_.pop_back();
      starts_.insert(starts_.end(), chunk.begin(), chunk.end());
    }
  }

  static constexpr int64_t kFirst = (int64_t{1} << 32) - 40'000;
  std::vector<int64_t> starts_;  // of all frames, and the end
  std::vector<WrittenChunk> chunks_;
};

TEST_P(FragmentWriterTest, InitSegmentsAreEqual) {
  EXPECT_EQ(chunks_[1].init, chunks_[0].init);
  EXPECT_EQ(chunks_[2].init, chunks_[0].init);
}

TEST_P(FragmentWriterTest, JoinedChunksDecodeFrameForFrame) {
  Bytes joined = chunks_[0].init;
  for (const auto& chunk : chunks_) {
    joined.insert(joined.end(), chunk.fragments.begin(), chunk.fragments.end());
  }
  auto reader = FrameReader::OpenMemory({joined});
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  std::vector<int64_t> times;
  for (;;) {
    const auto frame = reader->Next();
    ASSERT_TRUE(frame.has_value()) << frame.error().message;
    if (!*frame) break;
    EXPECT_FALSE((*frame)->damaged);
    const auto packet = static_cast<size_t>((*frame)->packet);
    times.push_back(reader->packets().packets.at(packet).pts);
  }
  EXPECT_TRUE(reader->complaints().empty());
  EXPECT_TRUE(std::equal(times.begin(), times.end(), starts_.begin(),
                         starts_.end() - 1));
}

TEST_P(FragmentWriterTest, FragmentsKeepTheirTime) {
  const auto track = ParseTrackHeader(chunks_[0].init).value();
  EXPECT_EQ(track.timescale_hz, 24'000);
  EXPECT_EQ(track.edit_start_ticks,
            GetParam() == "h264-baseline" ? 0 : 2 * kLongest);
  size_t frame = 0;
  for (const auto& chunk : chunks_) {
    std::span<const uint8_t> rest = chunk.fragments;
    while (!rest.empty()) {
      const std::span<const uint8_t> at_moof = rest;
      EXPECT_EQ(TakeBox(rest).value()->type, "moof");
      const auto moof = at_moof.first(at_moof.size() - rest.size());
      EXPECT_EQ(TakeBox(rest).value()->type, "mdat");
      const auto fragment = ParseFragment(moof, track).value();
      EXPECT_EQ(fragment.decode_ticks, starts_[frame]);
      EXPECT_EQ(fragment.samples[0].composition_ticks, track.edit_start_ticks);
      for (const Sample& sample : fragment.samples) {
        EXPECT_EQ(sample.duration_ticks, starts_[frame + 1] - starts_[frame]);
        EXPECT_EQ(sample.sync, &sample == &fragment.samples[0]);
        ++frame;
      }
    }
  }
  EXPECT_EQ(frame, 150u);
}

INSTANTIATE_TEST_SUITE_P(Profiles, FragmentWriterTest,
                         testing::Values("h264-baseline", "h264-main",
                                         "h264-high"),
                         [](const auto& p) { return p.param.substr(5); });

class FragmentWriterRefusalTest : public ::testing::Test {
 protected:
  Code WriteCode(std::span<const int64_t> starts) {
    auto writer = FragmentWriter::OpenVideo(encoder_, 1, 1001).value();
    const auto written = writer.WriteSegment(packets_, starts);
    return written ? Code::kInternal : written.error().code;
  }

  VideoEncoder encoder_ = VideoEncoder::Open(SmallVideo()).value();
  std::vector<int64_t> starts_ = Grid(0, 8, 1001);
  std::vector<CodedPacket> packets_ =
      EncodeAll(encoder_, 0, starts_, std::vector<int>{0});
};

TEST_F(FragmentWriterRefusalTest, TimesThatAreNotThePackets) {
  EXPECT_EQ(WriteCode({}), Code::kInvalidArgument);
  EXPECT_EQ(WriteCode(Grid(0, 7, 1001)), Code::kInvalidArgument);
  EXPECT_EQ(WriteCode(Grid(1, 8, 1001)), Code::kInvalidArgument);
  starts_.back() = starts_.front();
  EXPECT_EQ(WriteCode(starts_), Code::kInvalidArgument);
  starts_.back() = int64_t{1} << 40;  // would abort libavformat's muxer
  EXPECT_EQ(WriteCode(starts_), Code::kInvalidArgument);
}

TEST_F(FragmentWriterRefusalTest, FramesLongerThanTheLongest) {
  auto writer = FragmentWriter::OpenVideo(encoder_, 1, 500).value();
  EXPECT_EQ(writer.WriteSegment(packets_, starts_).error().code,
            Code::kInvalidArgument);
  EXPECT_EQ(FragmentWriter::OpenVideo(encoder_, 1, 0).error().code,
            Code::kInvalidArgument);
}

TEST_F(FragmentWriterRefusalTest, SegmentsThatDoNotFollowEachOther) {
  auto writer = FragmentWriter::OpenVideo(encoder_, 1, 1001).value();
  ASSERT_TRUE(writer.WriteSegment(packets_, starts_).has_value());
  EXPECT_EQ(writer.WriteSegment(packets_, starts_).error().code,
            Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::media

#include "assemble/join.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "base/digest.h"
#include "base/file.h"
#include "media/segment_index.h"
#include "testing/mp4_builder.h"
#include "testing/temp_dir.h"

namespace reel::assemble {
namespace {

using base::Code;
using testing::Bytes;
using ::testing::HasSubstr;
using testing::operator+;

// One segment of `frames` pictures that starts at `first_frame`, one tick each.
struct TestSegment {
  int64_t first_frame;
  int64_t frames;
  int64_t sequence_number;
};

testing::FragmentOptions FragmentOf(const TestSegment& segment) {
  testing::FragmentOptions options{
      .sequence_number = segment.sequence_number,
      .decode_ticks = segment.first_frame,
      .samples =
          std::vector<testing::TestSample>(static_cast<size_t>(segment.frames)),
      .fill = static_cast<uint8_t>(segment.sequence_number)};
  options.samples[0].sync = true;
  options.samples[0].bytes = 100;
  return options;
}

// Two chunks on disk, of 2 + 1 segments and 5 frames, right in every way.
class JoinTest : public ::testing::Test {
 protected:
  JoinTest() {
    chunks_ = {MakeChunk(0, {{0, 2, 1}, {2, 1, 2}}), MakeChunk(1, {{3, 2, 3}})};
  }

  std::string Write(const std::string& name, const Bytes& bytes) {
    const std::string path = dir_.path() + "/" + name;
    EXPECT_TRUE(base::WriteFileAtomically(path, bytes));
    return path;
  }

  ChunkFiles MakeChunk(int64_t number,
                       const std::vector<TestSegment>& segments) {
    ChunkFiles chunk;
    Bytes fragments;
    for (const TestSegment& s : segments) {
      const Bytes fragment = testing::MakeFragment(FragmentOf(s));
      chunk.record.segments.push_back(
          {.range = {s.first_frame, s.first_frame + s.frames},
           .start_ticks = s.first_frame,
           .duration_ticks = s.frames,
           .bytes = std::ssize(fragment),
           .sha256 = base::Sha256(fragment)});
      fragments = fragments + fragment;
    }
    chunk.record.rendition = "360p-h264";
    chunk.record.chunk = number;
    chunk.record.range = {chunk.record.segments.front().range.first_frame,
                          chunk.record.segments.back().range.end_frame};
    chunk.record.init_sha256 = base::Sha256(init_);
    chunk.init_path = Write(fmt::format("init{}", number), init_);
    chunk.fragments_path = Write(fmt::format("chunk{}", number), fragments);
    return chunk;
  }

  // Rewrites the fragments of a chunk, and their digests, but nothing else.
  void Replace(size_t chunk, const Bytes& fragments) {
    Write(fmt::format("chunk{}", chunk), fragments);
    ASSERT_EQ(chunks_[chunk].record.segments.size(), 1u);
    chunks_[chunk].record.segments[0].bytes = std::ssize(fragments);
    chunks_[chunk].record.segments[0].sha256 = base::Sha256(fragments);
  }

  std::string out() const { return dir_.path() + "/out.mp4"; }

  void ExpectRefused(Code code, const std::string& words) {
    const auto track = JoinVideo(chunks_, out());
    ASSERT_FALSE(track);
    EXPECT_EQ(track.error().code, code) << track.error().message;
    EXPECT_THAT(track.error().message, HasSubstr(words));
    EXPECT_FALSE(std::filesystem::exists(out()));
  }

  testing::TempDir dir_;
  Bytes init_ = testing::MakeInit({});
  std::vector<ChunkFiles> chunks_;
};

TEST_F(JoinTest, IsConcatenationWithAnIndex) {
  const auto track = JoinVideo(chunks_, out());
  ASSERT_TRUE(track) << track.error().message;
  const Bytes joined = *base::ReadFile(out());
  const auto first = static_cast<size_t>(track->segment_offsets[0]);
  Bytes want = *base::ReadFile(chunks_[0].fragments_path);
  want = want + *base::ReadFile(chunks_[1].fragments_path);
  EXPECT_EQ(Bytes(joined.begin() + static_cast<ptrdiff_t>(first), joined.end()),
            want);
  EXPECT_TRUE(std::equal(init_.begin(), init_.end(), joined.begin()));
  EXPECT_EQ(track->init_bytes + track->index_bytes, track->segment_offsets[0]);
  EXPECT_EQ(track->bytes, std::ssize(joined));
  EXPECT_EQ(track->sha256, base::Sha256(joined));
}

TEST_F(JoinTest, IndexNamesEverySegment) {
  const auto track = JoinVideo(chunks_, out());
  ASSERT_TRUE(track) << track.error().message;
  const Bytes joined = *base::ReadFile(out());
  const auto index = media::ParseSegmentIndex(
      std::span(joined).subspan(static_cast<size_t>(track->init_bytes),
                                static_cast<size_t>(track->index_bytes)));
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->first_ticks, 0);
  EXPECT_EQ(index->timescale_hz, 24);
  ASSERT_EQ(index->references.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(index->references[i].bytes, track->segments[i].bytes);
    EXPECT_EQ(index->references[i].duration_ticks,
              track->segments[i].duration_ticks);
  }
}

TEST_F(JoinTest, TellsTheTracksFacts) {
  const auto track = JoinVideo(chunks_, out());
  ASSERT_TRUE(track) << track.error().message;
  EXPECT_EQ(track->rendition, "360p-h264");
  EXPECT_EQ(track->codecs, "avc1.64001f");
  EXPECT_EQ(track->profile, "High");
  EXPECT_EQ(track->width, 640);
  EXPECT_EQ(track->height, 360);
  EXPECT_EQ(track->timescale_hz, 24);
  ASSERT_EQ(track->segments.size(), 3u);
  // The key frame ends 100 bytes into the mdat, which follows the moof.
  EXPECT_EQ(track->key_frame_bytes[1], track->segments[1].bytes);
  EXPECT_EQ(track->key_frame_bytes[0], track->segments[0].bytes - 10);
  EXPECT_EQ(track->segment_offsets[1],
            track->segment_offsets[0] + track->segments[0].bytes);
}

TEST_F(JoinTest, RefusesAnInitSegmentThatDiffers) {
  chunks_[1].init_path =
      Write("other", testing::MakeInit({.timescale_hz = 25}));
  ExpectRefused(Code::kOutputWrong, "chunk 1: its init segment is not the one");
  chunks_[1].record.init_sha256 = *base::Sha256File(chunks_[1].init_path);
  ExpectRefused(Code::kOutputWrong, "differs from that of the first chunk");
}

TEST_F(JoinTest, RefusesAMissingOrRepeatedChunk) {
  const std::vector<ChunkFiles> both = chunks_;
  chunks_ = {both[1]};
  ExpectRefused(Code::kInvalidArgument, "does not start at frame 0");
  chunks_ = {both[0], both[0]};
  ExpectRefused(Code::kInvalidArgument, "does not start at frame 3");
  chunks_ = {};
  ExpectRefused(Code::kInvalidArgument, "no chunks");
}

TEST_F(JoinTest, RefusesAChunkOfAnotherRendition) {
  chunks_[1].record.rendition = "240p-h264";
  ExpectRefused(Code::kInvalidArgument, "of another rendition");
}

TEST_F(JoinTest, RefusesBytesThatWereChanged) {
  Bytes bytes = *base::ReadFile(chunks_[1].fragments_path);
  bytes.back() ^= 1;
  Write("chunk1", bytes);
  ExpectRefused(Code::kOutputWrong,
                "360p-h264, chunk 1, frames 3..5: is not the bytes");
}

TEST_F(JoinTest, RefusesATruncatedChunk) {
  Bytes bytes = *base::ReadFile(chunks_[1].fragments_path);
  bytes.pop_back();
  Write("chunk1", bytes);
  ExpectRefused(Code::kOutputWrong, "chunk 1, frames 3..5: box at byte");
}

TEST_F(JoinTest, RefusesBytesAfterTheLastSegment) {
  Write("chunk1", *base::ReadFile(chunks_[1].fragments_path) + Bytes{1});
  ExpectRefused(Code::kOutputWrong, "has 1 bytes after its segments");
}

// Fragments that are whole and as recorded, yet wrong for their place.
TEST_F(JoinTest, RefusesAFragmentWrongForItsPlace) {
  struct Case {
    std::string words;
    std::function<void(testing::FragmentOptions&)> change;
  };
  const std::vector<Case> cases{
      {"does not keep its segment's time", [](auto& f) { f.decode_ticks = 4; }},
      {"does not keep its segment's time",
       [](auto& f) { f.samples[1].duration_ticks = 2; }},
      {"is not shown from its segment's start",
       [](auto& f) { f.samples[0].composition_ticks = 2; }},
      {"has its key frame elsewhere",
       [](auto& f) { f.samples[0].sync = false; }},
      {"has its key frame elsewhere",
       [](auto& f) { f.samples[1].sync = true; }},
      {"has 3 samples, not 2", [](auto& f) { f.samples.push_back({}); }},
      {"sequence number out of order", [](auto& f) { f.sequence_number = 2; }}};
  for (const Case& c : cases) {
    testing::FragmentOptions options = FragmentOf({3, 2, 3});
    c.change(options);
    Replace(1, testing::MakeFragment(options));
    ExpectRefused(Code::kOutputWrong, c.words);
  }
}

// 1024 samples of priming; two fragments of two AAC frames each. The title
// ends 24 samples before the last AAC frame does.
class JoinAudioTest : public JoinTest {
 protected:
  JoinAudioTest() {
    init_ = testing::MakeInit({.timescale_hz = 48000,
                               .sample_entry = testing::SoundEntry(2, 48000),
                               .edit_start_ticks = 1024});
    const std::vector<testing::TestSample> two(2, {20, 1024, true, 0});
    const Bytes a = testing::MakeFragment({1, 0, two});
    const Bytes b = testing::MakeFragment({2, 2048, two});
    audio_.facts.rendition = "audio-und-aac";
    audio_.facts.codecs = "mp4a.40.2";
    audio_.facts.timescale_hz = 48000;
    audio_.facts.priming_samples = 1024;
    audio_.facts.samples = 3048;
    audio_.facts.segments = {
        {{0, 2}, 0, 1024, std::ssize(a), base::Sha256(a)},
        {{2, 4}, 1024, 2024, std::ssize(b), base::Sha256(b)}};
    audio_.init_path = Write("audio-init", init_);
    audio_.fragments_path = Write("audio", a + b);
  }
  AudioFiles audio_;
};

TEST_F(JoinAudioTest, IndexCountsPresentedTime) {
  const auto track = JoinAudio(audio_, out());
  ASSERT_TRUE(track) << track.error().message;
  const Bytes joined = *base::ReadFile(out());
  EXPECT_EQ(track->sha256, base::Sha256(joined));
  const auto index = media::ParseSegmentIndex(
      std::span(joined).subspan(static_cast<size_t>(track->init_bytes),
                                static_cast<size_t>(track->index_bytes)));
  ASSERT_TRUE(index);
  ASSERT_EQ(index->references.size(), 2u);
  EXPECT_EQ(index->references[0].duration_ticks, 1024);
  EXPECT_EQ(index->references[1].duration_ticks, 2024);
}

TEST_F(JoinAudioTest, RefusesAnotherPriming) {
  audio_.facts.priming_samples = 1000;
  const auto track = JoinAudio(audio_, out());
  ASSERT_FALSE(track);
  EXPECT_EQ(track.error().code, Code::kOutputWrong);
}

TEST_F(JoinAudioTest, RefusesSegmentsOffTheirTime) {
  audio_.facts.segments[0].duration_ticks += 1;
  const auto track = JoinAudio(audio_, out());
  ASSERT_FALSE(track);
  EXPECT_THAT(track.error().message, HasSubstr("keep its segment's time"));
}

}  // namespace
}  // namespace reel::assemble

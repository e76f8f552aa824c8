// Frame-exact reading, proved on every clip of the corpus and on open GOPs in
// every kind of container: whatever piece or chunk is decoded, by itself, its
// frames are bit for bit those of one decode from the file's beginning.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "media/frame_reader.h"
#include "media/packet_scan.h"
#include "media/source_probe.h"
#include "testing/media_corpus.h"
#include "testing/open_gop_clip.h"
#include "testing/temp_dir.h"

namespace reel {
namespace {

using base::Result;
using media::FrameReader;

struct SeenFrame {
  int64_t packet;
  size_t pixels;  // a hash
  friend bool operator==(const SeenFrame&, const SeenFrame&) = default;
};
void PrintTo(const SeenFrame& frame, std::ostream* out) {
  *out << "{packet " << frame.packet << ", pixels " << std::hex << frame.pixels
       << std::dec << "}";
}

size_t HashPixels(const media::Picture& picture) {
  size_t hash = static_cast<size_t>(picture.width());
  for (int i = 0; i < picture.planes(); ++i) {
    const media::Plane plane = picture.plane(i);
    const auto bytes = static_cast<size_t>(plane.width) *
                       static_cast<size_t>(plane.bytes_per_sample);
    for (int y = 0; y < plane.height; ++y) {
      const auto* row =
          reinterpret_cast<const char*>(plane.data + y * plane.stride_bytes);
      hash = hash * 1099511628211U ^
             std::hash<std::string_view>{}(std::string_view(row, bytes));
    }
  }
  return hash;
}

Result<std::vector<SeenFrame>> ReadAll(Result<FrameReader> opened) {
  REEL_ASSIGN(FrameReader reader, std::move(opened));
  std::vector<SeenFrame> seen;
  while (true) {
    REEL_ASSIGN(const auto frame, reader.Next());
    if (!frame) return seen;
    seen.push_back({frame->packet, HashPixels(frame->picture)});
  }
}

// One clip, scanned, with all its frames by a linear decode.
struct Clip {
  std::string path;
  model::Source source;
  model::PacketIndex index;
  std::vector<int64_t> keys;
  std::vector<SeenFrame> frames;
  model::FrameTable table;

  // From key `first` to key `end`, numbers in `keys`; its last is the end.
  Result<std::vector<SeenFrame>> Piece(size_t first, size_t end) const {
    return ReadAll(FrameReader::OpenPiece(
        path, source.video, index, keys[first],
        end < keys.size() ? std::optional(keys[end]) : std::nullopt,
        FrameReader::Overlap::kNone));
  }
  Result<std::vector<SeenFrame>> Frames(model::FrameRange range) const {
    return ReadAll(
        FrameReader::OpenFrames(path, source.video, index, table, range));
  }
  std::vector<SeenFrame> Slice(model::FrameRange range) const {
    return {frames.begin() + range.first_frame,
            frames.begin() + range.end_frame};
  }
};

Result<Clip> Load(const std::string& path) {
  Clip clip;
  clip.path = path;
  REEL_ASSIGN(clip.source, media::ProbeSource(path));
  REEL_ASSIGN(media::PacketScan scan,
              media::ScanPackets(path, clip.source, {}));
  clip.index = std::move(scan.video);
  for (size_t n = 0; n < clip.index.packets.size(); ++n) {
    if (clip.index.packets[n].key) clip.keys.push_back(static_cast<int64_t>(n));
  }
  REEL_ASSIGN(clip.frames, clip.Piece(0, clip.keys.size()));
  for (const SeenFrame& frame : clip.frames)
    clip.table.push_back({.packet = frame.packet, .pts = model::kNoTime});
  return clip;
}

void ExpectPiecesJoin(const Clip& clip, size_t keys_a_piece) {
  std::vector<SeenFrame> joined;
  for (size_t k = 0; k < clip.keys.size(); k += keys_a_piece) {
    const auto piece = clip.Piece(k, k + keys_a_piece);
    ASSERT_TRUE(piece.has_value()) << piece.error().message;
    joined.insert(joined.end(), piece->begin(), piece->end());
  }
  EXPECT_EQ(joined, clip.frames) << keys_a_piece << " keys a piece";
}

void ExpectChunksAreSlices(const Clip& clip, int chunks, int longest) {
  std::mt19937 rng(20240229);
  const auto frames = static_cast<int64_t>(clip.frames.size());
  for (int i = 0; i < chunks; ++i) {
    const int64_t first = static_cast<int64_t>(rng()) % frames;
    const int64_t length = 1 + static_cast<int64_t>(rng()) % longest;
    const model::FrameRange range{first, std::min(first + length, frames)};
    const auto chunk = clip.Frames(range);
    ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
    EXPECT_EQ(*chunk, clip.Slice(range)) << "from frame " << first;
  }
}

// Not media, or damaged on purpose: how libav conceals damage may depend on
// what came before it.
bool IsUndecodable(const std::string& name) {
  static const char* const kNames[] = {
      "audio_only_eac3_5.1.mp4", "bitflips_video.mp4", "trunc_moov_missing.mp4",
      "text_renamed.mp4",        "jpeg_renamed.mov",   "zero_bytes.mp4"};
  return std::find(std::begin(kNames), std::end(kNames), name) !=
         std::end(kNames);
}

std::vector<std::string> Clips() {
  std::vector<std::string> clips;
  for (const char* folder : {"originals", "derived", "defects"}) {
    for (const std::string& path : testing::CorpusFolder(folder)) {
      if (!IsUndecodable(std::filesystem::path(path).filename().string()))
        clips.push_back(path);
    }
  }
  return clips;
}

class ExactFramesTest : public ::testing::TestWithParam<std::string> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExactFramesTest);

TEST_P(ExactFramesTest, AnyRangeDecodesAsInOneLinearDecode) {
  const auto clip = Load(GetParam());
  ASSERT_TRUE(clip.has_value()) << clip.error().message;
  ASSERT_FALSE(clip->frames.empty());
  const int64_t pixels = int64_t{clip->source.video.width} *
                         clip->source.video.height *
                         static_cast<int64_t>(clip->frames.size());
  const bool is_big = pixels > 150'000'000;  // seconds of decoding
  // Where every frame is a key, some thirty pieces will do.
  const size_t shortest = 1 + clip->keys.size() / 30;
  ExpectPiecesJoin(*clip, is_big ? 2 * shortest : shortest);
  if (!is_big) ExpectPiecesJoin(*clip, 3 * shortest);
  ExpectChunksAreSlices(*clip, is_big ? 2 : 6, /*longest=*/30);
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& test) {
  std::string name = std::filesystem::path(test.param).filename().string();
  for (char& c : name)
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Corpus, ExactFramesTest, ::testing::ValuesIn(Clips()),
                         NameOf);

class OpenGopTest : public ::testing::TestWithParam<std::string> {
 protected:
  Result<Clip> Make(const std::string& x264_params) {
    const testing::OpenGopClip clip{.path = dir_.path() + "/clip",
                                    .muxer = GetParam(),
                                    .x264_params = x264_params};
    REEL_TRY(testing::MakeOpenGopClip(clip));
    return Load(clip.path);
  }

 private:
  testing::TempDir dir_;
};

TEST_P(OpenGopTest, AnyRangeDecodesAsInOneLinearDecode) {
  const auto clip = Make(testing::OpenGopClip{}.x264_params);
  ASSERT_TRUE(clip.has_value()) << clip.error().message;
  ASSERT_EQ(clip->frames.size(), 96U);
  ASSERT_EQ(clip->keys.size(), 6U);
  // The GOPs are open: the second key frame is not shown right after the
  // packets before it.
  const auto second =
      std::find_if(clip->frames.begin(), clip->frames.end(),
                   [&](const auto& f) { return f.packet == clip->keys[1]; });
  ASSERT_GT((second - 1)->packet, clip->keys[1]);

  for (const size_t keys_a_piece : {1, 2, 5})
    ExpectPiecesJoin(*clip, keys_a_piece);
  for (const int longest : {1, 10, 50})
    ExpectChunksAreSlices(*clip, 30, longest);
}

TEST_P(OpenGopTest, AGradualRefreshIsNoPlaceToStart) {
  const auto clip = Make("keyint=16:intra-refresh=1:bframes=0:scenecut=0");
  ASSERT_TRUE(clip.has_value()) << clip.error().message;
  ASSERT_EQ(clip->frames.size(), 96U);
  EXPECT_EQ(clip->keys.size(), 1U);
  ExpectChunksAreSlices(*clip, 10, 20);
}

INSTANTIATE_TEST_SUITE_P(Containers, OpenGopTest,
                         ::testing::Values("mp4", "matroska", "mpegts", "avi"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace reel

// Frame-exact reading, proved on every clip of the corpus: whatever piece or
// chunk is decoded, by itself, its frames are bit for bit those of one decode
// from the file's beginning to its end.
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
    for (int y = 0; y < plane.height; ++y) {
      const auto* row =
          reinterpret_cast<const char*>(plane.data + y * plane.stride_bytes);
      const auto bytes = static_cast<size_t>(plane.width) *
                         static_cast<size_t>(plane.bytes_per_sample);
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

  Result<std::vector<SeenFrame>> Piece(
      int64_t first, std::optional<int64_t> end,
      FrameReader::Overlap overlap = FrameReader::Overlap::kNone) const {
    return ReadAll(
        FrameReader::OpenPiece(path, source.video, index, first, end, overlap));
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
  REEL_ASSIGN(clip.frames, clip.Piece(clip.keys.front(), std::nullopt));
  for (const SeenFrame& frame : clip.frames)
    clip.table.push_back({.packet = frame.packet, .pts = model::kNoTime});
  return clip;
}

// Damaged on purpose: how libav conceals may depend on what came before.
bool IsUndecodable(const std::string& name) {
  static const char* const kNames[] = {
      "audio_only_eac3_5.1.mp4", "cut_mid_mdat.mp4", "bitflips_video.mp4",
      "trunc_moov_missing.mp4",  "text_renamed.mp4", "jpeg_renamed.mov",
      "zero_bytes.mp4"};
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

class ExactFramesTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto clip = Load(GetParam());
    ASSERT_TRUE(clip.has_value()) << clip.error().message;
    clip_ = *std::move(clip);
    ASSERT_FALSE(clip_.frames.empty());
  }
  Clip clip_;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExactFramesTest);

TEST_P(ExactFramesTest, PiecesOfEveryLengthJoinToTheLinearDecode) {
  for (size_t length : {size_t{1}, size_t{3}}) {
    // Intra-only clips have as many keys as frames: some thirty pieces will do.
    length = std::max(length, clip_.keys.size() / 30);
    std::vector<SeenFrame> joined;
    for (size_t k = 0; k < clip_.keys.size(); k += length) {
      const auto end = k + length < clip_.keys.size()
                           ? std::optional(clip_.keys[k + length])
                           : std::nullopt;
      const auto piece = clip_.Piece(clip_.keys[k], end);
      ASSERT_TRUE(piece.has_value()) << piece.error().message;
      joined.insert(joined.end(), piece->begin(), piece->end());
    }
    EXPECT_EQ(joined, clip_.frames) << length << " keys a piece";
  }
}

TEST_P(ExactFramesTest, ChunksAreSlicesOfTheLinearDecode) {
  std::mt19937 rng(20240229);
  const auto frames = static_cast<int64_t>(clip_.frames.size());
  for (int i = 0; i < 6; ++i) {
    const int64_t first = static_cast<int64_t>(rng()) % frames;
    const int64_t length = 1 + static_cast<int64_t>(rng()) % 40;
    const model::FrameRange range{first, std::min(first + length, frames)};
    const auto chunk = clip_.Frames(range);
    ASSERT_TRUE(chunk.has_value()) << chunk.error().message;
    EXPECT_EQ(*chunk, clip_.Slice(range)) << "from frame " << first;
  }
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::path(info.param).filename().string();
  for (char& c : name)
    c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Corpus, ExactFramesTest, ::testing::ValuesIn(Clips()),
                         NameOf);

}  // namespace
}  // namespace reel

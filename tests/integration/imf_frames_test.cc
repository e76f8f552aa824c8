// A composition plays exactly the frames and samples that its playlist names:
// held against what ffmpeg decodes of the essence files by themselves.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "imf/imf.h"
#include "media/audio_reader.h"
#include "media/frame_reader.h"
#include "media/packet_scan.h"
#include "media/source_probe.h"
#include "testing/temp_dir.h"

namespace reel {
namespace {

namespace fs = std::filesystem;

fs::path Packages() {
  if (const char* path = std::getenv("REEL_SHARED_IMF")) return path;
  return fs::path(REEL_PROJECT_DIR) / "../shared/imf";
}

// What ffmpeg writes to its standard output.
std::vector<uint8_t> Ffmpeg(const std::string& arguments) {
  const std::string command = "ffmpeg -v error " + arguments + " -";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      ::popen(command.c_str(), "r"), ::pclose);
  std::vector<uint8_t> bytes;
  std::vector<uint8_t> buffer(1 << 20);
  while (pipe) {
    const size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
    if (got == 0) break;
    bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + got);
  }
  return bytes;
}

// Of the samples alone, without what pads the rows.
std::string HashPixels(const media::Picture& picture) {
  base::Sha256Stream stream;
  for (int i = 0; i < picture.planes(); ++i) {
    const media::Plane plane = picture.plane(i);
    for (int y = 0; y < plane.height; ++y) {
      stream.Update({plane.data + y * plane.stride_bytes,
                     static_cast<size_t>(plane.width) *
                         static_cast<size_t>(plane.bytes_per_sample)});
    }
  }
  return stream.Finish();
}

// An edit of the essence, in frames.
struct Edit {
  int64_t entry;
  int64_t duration;
};
// small_imp's README.
constexpr Edit kEdits[] = {{24, 48}, {96, 36}, {0, 24}};
constexpr int64_t kFrames = 108;
constexpr int64_t kSamplesPerFrame = 2000;

class ImfFramesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(package())) GTEST_SKIP() << "no " << package();
    std::vector<imf::KnownDigest> memory;
    const auto opened =
        imf::OpenPackage({.directory = package().string()}, memory, nullptr);
    ASSERT_TRUE(opened) << opened.error().message;
    ASSERT_TRUE(opened->composition);
    composition_ = *opened->composition;
    Write(composition_);
  }

  static fs::path package() { return Packages() / "small_imp"; }
  static std::string Essence(const char* name) {
    return (package() / name).lexically_normal().string();
  }

  void Write(const model::Composition& composition) {
    const std::string path = dir_.path() + "/title.composition";
    ASSERT_TRUE(base::WriteFileAtomically(
        path, base::AsBytes(model::Serialize(composition))));
    path_ = std::string(model::kCompositionScheme) + path;
  }

  // Hashes of the essence's frames, in the order of the edits.
  static std::vector<std::string> WantedFrames() {
    constexpr size_t kFrameBytes = size_t{640} * 360 * 2 * 2;
    const std::vector<uint8_t> raw = Ffmpeg(
        "-i " + Essence("video_a.mxf") + " -f rawvideo -pix_fmt yuv422p10le");
    std::vector<std::string> wanted;
    for (const Edit& edit : kEdits) {
      for (int64_t n = 0; n < edit.duration; ++n) {
        const size_t at = static_cast<size_t>(edit.entry + n) * kFrameBytes;
        if (at + kFrameBytes > raw.size()) return {};
        wanted.push_back(base::Sha256(std::span(raw).subspan(at, kFrameBytes)));
      }
    }
    return wanted;
  }

  struct Scanned {
    model::Source source;
    media::PacketScan scan;
  };
  base::Result<Scanned> Scan() const {
    REEL_ASSIGN(model::Source source, media::ProbeSource(path_));
    REEL_ASSIGN(media::PacketScan scan,
                media::ScanPackets(path_, source, nullptr));
    return Scanned{std::move(source), std::move(scan)};
  }

  // From key packet `first` up to `end`.
  base::Result<std::vector<std::string>> Read(
      const Scanned& scanned, int64_t first, std::optional<int64_t> end) const {
    REEL_ASSIGN(media::FrameReader reader,
                media::FrameReader::OpenPiece(
                    path_, scanned.source.video, scanned.scan.video, first, end,
                    media::FrameReader::Overlap::kNone));
    std::vector<std::string> seen;
    for (;;) {
      REEL_ASSIGN(const auto frame, reader.Next());
      if (!frame) return seen;
      seen.push_back(HashPixels(frame->picture));
    }
  }

  const model::Composition& composition() const { return composition_; }
  const std::string& path() const { return path_; }

 private:
  reel::testing::TempDir dir_;
  model::Composition composition_;
  std::string path_;
};

TEST_F(ImfFramesTest, PlaysTheFramesThatThePlaylistNames) {
  const auto scanned = Scan();
  ASSERT_TRUE(scanned) << scanned.error().message;
  EXPECT_FALSE(scanned->scan.truncated) << scanned->scan.read_error;
  ASSERT_EQ(std::ssize(scanned->scan.video.packets), kFrames);
  const auto seen = Read(*scanned, 0, std::nullopt);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(*seen, WantedFrames());
}

TEST_F(ImfFramesTest, AnyPieceGivesTheSameFrames) {
  const auto scanned = Scan();
  ASSERT_TRUE(scanned) << scanned.error().message;
  const std::vector<std::string> wanted = WantedFrames();
  ASSERT_EQ(std::ssize(wanted), kFrames);
  // Across both seams of the timeline, and right at them.
  for (const auto& [first, end] : std::vector<std::pair<int, int>>{
           {47, 49}, {48, 50}, {83, 86}, {84, 86}, {1, 2}, {107, 108}}) {
    const auto seen =
        Read(*scanned, first,
             end < kFrames ? std::optional<int64_t>(end) : std::nullopt);
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(*seen, std::vector<std::string>(wanted.begin() + first,
                                              wanted.begin() + end))
        << first;
  }
}

TEST_F(ImfFramesTest, CountsWhereThereIsNoIndex) {
  model::Composition unindexed = composition();
  for (model::CompositionFile& file : unindexed.files) {
    EXPECT_TRUE(file.indexed) << file.path;
    file.indexed = false;
  }
  Write(unindexed);
  const auto scanned = Scan();
  ASSERT_TRUE(scanned) << scanned.error().message;
  const auto seen = Read(*scanned, 0, std::nullopt);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(*seen, WantedFrames());
}

TEST_F(ImfFramesTest, RepeatsPlayAgain) {
  model::Composition repeated = composition();
  model::CompositionTrack& picture = repeated.tracks[0];
  picture.resources = {picture.resources[2]};
  picture.resources[0].duration = 3;
  picture.resources[0].repeat = 4;
  repeated.tracks.resize(1);
  Write(repeated);
  const auto scanned = Scan();
  ASSERT_TRUE(scanned) << scanned.error().message;
  ASSERT_EQ(scanned->scan.video.packets.size(), 12U);
  const auto seen = Read(*scanned, 0, std::nullopt);
  ASSERT_TRUE(seen) << seen.error().message;
  const std::vector<std::string> wanted = WantedFrames();
  for (size_t n = 0; n < 12; ++n) EXPECT_EQ((*seen)[n], wanted[84 + n % 3]);
}

TEST_F(ImfFramesTest, PlaysTheSamplesThatThePlaylistNames) {
  const auto scanned = Scan();
  ASSERT_TRUE(scanned) << scanned.error().message;
  ASSERT_EQ(scanned->source.audio.size(), 2U);
  const char* const essences[] = {"audio_en.mxf", "audio_fr.mxf"};
  for (size_t track = 0; track < 2; ++track) {
    const std::vector<uint8_t> raw =
        Ffmpeg("-i " + Essence(essences[track]) + " -f f32le");
    std::vector<float> samples(raw.size() / sizeof(float));
    std::memcpy(samples.data(), raw.data(), samples.size() * sizeof(float));
    std::vector<float> wanted;  // interleaved
    for (const Edit& edit : kEdits) {
      const auto at = [&](int64_t frame) {
        return samples.begin() + frame * kSamplesPerFrame * 2;
      };
      ASSERT_LE((edit.entry + edit.duration) * kSamplesPerFrame * 2,
                std::ssize(samples));
      wanted.insert(wanted.end(), at(edit.entry),
                    at(edit.entry + edit.duration));
    }
    auto reader = media::AudioReader::Open(path(), scanned->source.audio[track],
                                           /*channels=*/2);
    ASSERT_TRUE(reader) << reader.error().message;
    std::vector<float> heard;
    for (;;) {
      const auto block = reader->Next();
      ASSERT_TRUE(block) << block.error().message;
      if (!*block) break;
      EXPECT_EQ((*block)->pts, std::ssize(heard) / 2);
      for (int64_t n = 0; n < (*block)->samples(); ++n) {
        heard.push_back((*block)->pcm[0][static_cast<size_t>(n)]);
        heard.push_back((*block)->pcm[1][static_cast<size_t>(n)]);
      }
    }
    EXPECT_EQ(heard.size(), size_t{kFrames * kSamplesPerFrame * 2});
    EXPECT_TRUE(heard == wanted) << essences[track];
  }
}

}  // namespace
}  // namespace reel

// What the fault suites share: the clips, and the rows of their tables.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "assemble/validate.h"
#include "faults/lab.h"
#include "testing/media_corpus.h"

namespace reel::faults {

inline constexpr int64_t kSegment = 16;  // frames
inline constexpr int64_t kPerChunk = 2;
inline constexpr int64_t kChunk = kSegment * kPerChunk;
inline constexpr int64_t kFrames = 3 * kChunk;  // faults are in the middle one

struct ClipCase {
  std::string label;
  std::string path;
  double start_seconds;
};
inline void PrintTo(const ClipCase& clip, std::ostream* out) {
  *out << clip.label;
}

// Film, animation, effects, traffic, a still camera, a screen.
inline std::vector<ClipCase> FaultClips() {
  const std::string film = "derived/feature_short_a_720p24.mp4";
  return {{"film", film, 0},
          {"film-2", film, 25},
          {"bbb", "originals/bbb_854x480_5.1_20s.mp4", 8},
          {"tears-of-steel", "originals/tears_of_steel_battle_800x332.webm", 5},
          {"car", "originals/car_12fps5_768x432.mp4", 0},
          {"person", "originals/person_10fps_768x432.mp4", 0},
          {"screencast", "originals/screencast_desktop_1024x768.webm", 8}};
}

// A name that GoogleTest takes.
inline std::string TestName(std::string name) {
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

inline bool Has(const assemble::PieceVerdict& verdict,
                const std::string& check) {
  return std::any_of(verdict.faults.begin(), verdict.faults.end(),
                     [&](const auto& fault) { return fault.check == check; });
}

inline std::string Words(const assemble::PieceVerdict& verdict) {
  std::string words;
  for (const auto& fault : verdict.faults) {
    words += fmt::format("\n  {}: chunk {}, frame {}: {}", fault.check,
                         fault.chunk, fault.frame, fault.what);
  }
  return words;
}

// An excerpt of one clip, and its clean encode.
class LabTest : public ::testing::Test {
 protected:
  void Load(const ClipCase& clip, int64_t frames) {
    auto loaded = LoadExcerpt(reel::testing::CorpusClip(clip.path),
                              clip.start_seconds, frames);
    ASSERT_TRUE(loaded) << loaded.error().message;
    source_ = *std::move(loaded);
  }

  void Encode(const model::Rung& rung) {
    auto scaled = ScaleTo(source_, rung);
    ASSERT_TRUE(scaled) << scaled.error().message;
    scaled_ = *std::move(scaled);
    auto title = EncodeTitle(scaled_, rung, kSegment, kPerChunk);
    ASSERT_TRUE(title) << title.error().message;
    title_ = *std::move(title);
  }

  assemble::PieceVerdict Judge(const Title& title) {
    auto verdict = Validate(source_, title, dir_.path());
    EXPECT_TRUE(verdict) << verdict.error().message;
    return verdict ? *verdict : assemble::PieceVerdict();
  }

  // The middle chunk made of other pictures.
  CodedChunk EncodeMiddle(const model::Rung& rung,
                          const std::vector<int64_t>& order) {
    auto chunk = EncodeChunk(scaled_, rung, 1,
                             {title_.segments[2], title_.segments[3]}, order);
    EXPECT_TRUE(chunk) << chunk.error().message;
    return chunk ? *std::move(chunk) : CodedChunk();
  }

  Excerpt source_;
  Excerpt scaled_;
  Title title_;
  reel::testing::TempDir dir_;
};

}  // namespace reel::faults

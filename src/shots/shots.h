// From pictures to a plan: hard cuts, shots, segments, chunks.
//
// A FeatureObserver looks at every frame of the one inspection decode; all
// decisions afterwards are pure functions over its features. How cuts are told
// from motion, flashes and dissolves is in README.md and docs/shots.md. What
// there is to encode in a shot: complexity.h.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "media/observer.h"
#include "model/frames.h"
#include "model/recipe.h"
#include "model/shot.h"
#include "shots/complexity.h"

namespace reel::shots {

// What is kept of one frame, made from a picture of 64 x 36 block means.
// Differences are in 1/16 of an 8-bit level, whatever the source's depth, mean
// per sample. What compares to the frame before is 0 for a piece's first one.
struct FrameFeatures {
  static constexpr int kColumns = 8, kRows = 6;  // of blocks
  static constexpr int kChromaColumns = 4, kChromaRows = 3;

  int64_t packet = 0;  // the frame's identity, see media::DecodedFrame
  // Inside the bars that both frames share (letterbox, pillarbox), over live
  // blocks, which are all but those flat and equal in both:
  uint16_t residual = 0;  // to the frame before, after motion search
  uint16_t texture = 0;   // deviation from the block's mean
  uint8_t live = 0;       // blocks
  uint8_t novel = 0;      // live blocks that the frame before does not explain
  // Where at least half of the live blocks are novel, else 0:
  uint8_t textured = 0;  // live blocks that are not flat
  uint8_t reshaped = 0;  // of those, not explained by a change of light either
  // A coarse look, in levels, comparable between any two frames.
  std::array<uint8_t, kColumns * kRows> luma{};
  std::array<uint8_t, kChromaColumns * kChromaRows> cb{}, cr{};

  friend bool operator==(const FrameFeatures&, const FrameFeatures&) = default;
};
using Features = std::vector<FrameFeatures>;  // presentation order

// Binary form, little-endian, versioned: docs/formats/shot-features.md.
std::vector<uint8_t> Serialize(std::span<const FrameFeatures> features);
// Errors: kCorruptInput.
base::Result<Features> ParseFeatures(std::span<const uint8_t> bytes);

// Computes features in integer arithmetic: equal pictures give equal features
// on every machine. One per piece; not for use from several threads.
class FeatureObserver : public media::FrameObserver {
 public:
  FeatureObserver();
  ~FeatureObserver() override;
  base::Status See(const media::DecodedFrame& frame) override;
  // What was seen since the last Take, in order.
  Features Take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Joins the features of consecutive pieces. Where a piece ends with the frame
// that the next one begins with (Overlap::kOne), that frame is kept once, from
// the earlier piece, which knew its predecessor.
Features MergeFeatures(std::span<const Features> pieces);

// Shots between hard cuts; dissolves, fades and flashes do not cut. They cover
// all frames; empty for no frames.
model::Shots DetectShots(std::span<const FrameFeatures> features);

// Segments no longer than `recipe.max_segment_ms` (but a single frame that is
// itself longer), with boundaries on cuts. A longer shot is divided evenly in
// time. Shots shorter than `recipe.min_segment_ms` share a segment with a
// neighbour where the limit allows. `shots` cover all frames of `timeline`.
model::Segments PlanSegments(const model::Shots& shots,
                             const model::Timeline& timeline,
                             const model::ChunkRecipe& recipe);

// Whole consecutive segments collated to chunks of about
// `recipe.target_chunk_ms` of work each, as even as segments allow. Each
// chunk's `work` estimates its encoding effort, to run the longest first.
//   features  one per frame of `timeline`
std::vector<model::Chunk> PlanChunks(const model::Segments& segments,
                                     const model::Timeline& timeline,
                                     std::span<const FrameFeatures> features,
                                     const model::ChunkRecipe& recipe);

// As PlanChunks, but no chunk goes on over a cut that a segment begins at, and
// none of several segments is longer than `recipe.target_chunk_ms`: a chunk is
// a shot, or part of one, so that each shot can have a quality of its own.
std::vector<model::Chunk> PlanShotChunks(
    const model::Segments& segments, const model::Shots& shots,
    const model::Timeline& timeline, std::span<const FrameFeatures> features,
    const model::ChunkRecipe& recipe);

}  // namespace reel::shots

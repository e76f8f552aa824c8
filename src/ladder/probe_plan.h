// Which encodes a search looks at before anything is encoded for good.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/json.h"
#include "ladder/chunk_facts.h"
#include "model/ladder.h"
#include "model/probe.h"
#include "model/recipe.h"
#include "model/shot.h"

namespace reel::ladder {

// One encode to look at: the rung says how, at its own CRF.
struct PlannedProbe {
  model::Rung rung;
  bool draft = false;  // media::VideoEncoderSettings
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedProbe, rung, draft)

struct ProbePlan {
  std::vector<model::FrameRange> segments;  // each begins with a key frame
  int subsample = 1;                        // every n-th frame of it is scored
  // In rounds: which of the next one are worth making (IsWanted), those of the
  // rounds before tell.
  std::vector<std::vector<PlannedProbe>> rounds;
};

// What rungs may come to be, as far as a chunk tells. Qualities are VMAF of
// drafts, which are below those of real encodes.
struct ProbeBounds {
  double most_vmaf = 100;
  double least_vmaf = 0;
  // Of the whole chunk: no rung is meant to be cheaper. 0: another chunk may
  // make up for it.
  double least_bits = 0;
  bool alone = false;  // the chunk is the whole title
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProbeBounds, most_vmaf, least_vmaf,
                                   least_bits, alone)

// Of a title of so many chunks, one of them `chunk`.
ProbeBounds BoundsOf(const ChunkFacts& chunk, size_t chunks,
                     const model::Recipe& recipe);

// Whether a probe can still tell something that a ladder needs: not one that is
// better than all rungs or above its size's peak rate, nor one that is worse or
// cheaper than all; nor any smaller size where one rung is all that there will
// be. Pure.
//   done  what was probed so far
bool IsWanted(const PlannedProbe& next, std::span<const model::Probe> done,
              const ChunkFacts& chunk, const ProbeBounds& bounds);

// How many frames of a chunk are looked at: a part of it for search "fast", all
// for "exhaustive"; no more than memory may be spent on.
//   frames       of the chunk, >= 1
//   frame_bytes  of one decoded picture, >= 1
int64_t WindowLength(int64_t frames, int64_t frame_bytes,
                     const model::LadderRecipe& recipe);

// Search "fast": of a window of the chunk, at every size three draft encodes,
// which tell how quality and rate fall with CRF, the middle one first; and one
// encode by the real analysis, which tells how far off drafts are.
// "exhaustive": at every size by the real analysis at CRF 18, 21 … 45, every
// frame scored, in one round. Pure.
//   window  of the chunk
//   sizes   candidates, largest first
ProbePlan PlanProbes(const model::Chunk& chunk, model::FrameRange window,
                     const std::vector<model::Rung>& sizes,
                     const model::LadderRecipe& recipe);

// Those of `sizes` that some chunk was probed at, whether that failed or not:
// the others were not wanted. All, if nothing was probed.
std::vector<model::Rung> ProbedSizes(
    const std::vector<model::Rung>& sizes,
    std::span<const model::ChunkProbes> chunks);

// How a chunk is coded at one size and CRF, and nothing else: what rung it is
// for, and what for, is no part of it, so that equal wishes are one task.
model::Rung CodingOf(const model::Rung& size, double crf);

}  // namespace reel::ladder

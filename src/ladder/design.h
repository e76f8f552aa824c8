// The rungs of a searched ladder, from what was measured.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ladder/chunk_curve.h"
#include "ladder/chunk_facts.h"
#include "model/ladder.h"
#include "model/probe.h"
#include "model/recipe.h"

namespace reel::ladder {

// All that is known when a ladder is designed.
struct SearchFacts {
  std::vector<model::Rung> sizes;  // candidates, largest first, with their caps
  std::vector<ChunkFacts> chunks;
  std::vector<model::ChunkProbes> probes;      // [chunks]
  std::vector<model::MeasuredChunk> measured;  // encodes made for good
};

// The curve of a chunk at `size`. Of probes that failed there are no points; a
// size without any takes those of the nearest size that has some. nullopt if
// the chunk has none at all.
//   measured  encodes of this chunk; those of other sizes tell how far off
//             drafts are where there is none of this one
//   shift     taken where neither tells; nullopt: what is usual
std::optional<ChunkCurve> FitCurve(
    const ChunkFacts& chunk, const model::Rung& size,
    const model::ChunkProbes& probes,
    std::span<const model::MeasuredChunk> measured,
    const std::optional<ChunkCurve::Shift>& shift);

// The ladder: from the recipe's target down to its floor in its steps, for each
// the size that takes the fewest bits, never a larger one than for the rung
// before. A rung that is hardly cheaper than the one before is left out; the
// first at or below the floor rate is the last. Where even the best there is
// stays below the target, the steps go down from there.
//
// Per shot, an encode that was measured and is within kSnap of what is wanted
// is taken as it is. Pure.
//   settled  rungs that stay as they are (rounds.h): the first ones; of a title
//            that is not designed rung by rung, any, with others between them
model::Ladder DesignLadder(const SearchFacts& facts,
                           const model::Recipe& recipe,
                           const model::Ladder& settled = {});

// What the title takes at each size at CRF 18, 21 … 45 for all shots: the
// points that ladders are usually chosen from, to draw and to compare with.
std::vector<model::TitlePoint> TitlePoints(const SearchFacts& facts,
                                           const model::Recipe& recipe);

// VMAF; second-order in its cost, since the slope is near equal there.
inline constexpr double kSnap = 1.0;

}  // namespace reel::ladder

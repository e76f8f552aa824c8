// The rounds in which a ladder is designed: what is encoded between one design
// and the next, and what stands of it.
//
// A title of more than kFewChunks chunks has two rounds. After the first design
// the middle rung of each size is encoded, its anchor: it tells about the
// others of that size. Chunks that came out beside their targets make up for
// each other in the second design.
//
// In a shorter title none makes up for another, and there is little to wait
// for: it is designed rung by rung from the first. A rung that came out near
// its target is settled, and its target is what it is; the rest is designed
// again by it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ladder/design.h"
#include "model/ladder.h"
#include "model/probe.h"
#include "model/recipe.h"

namespace reel::ladder {

inline constexpr size_t kFewChunks = 4;
// Whether a title of that many is designed rung by rung.
inline bool GoesByRungs(size_t chunks) { return chunks <= kFewChunks; }

// The rungs to encode before the next design, as indices; none when this design
// is the last.
//   settled   the first rungs of `ladder`, which stay
//   measured  encodes of all chunks so far
std::vector<size_t> NextAnchors(const model::Ladder& ladder,
                                const model::Ladder& settled,
                                std::span<const model::MeasuredChunk> measured);

// `settled` and the rung of `ladder` that comes next, as its encodes came out;
// they are in `measured`. Nullopt if that is too far from what was designed:
// the rung by kRungMove (the first one by kFirstRungMove), a chunk by
// kChunkMove more, or more below its rung than the recipe allows.
//   chunks  of the title, as the ladder has choices
//   anyway  take it however it came out, with the targets that it misses
std::optional<model::Ladder> SettleRung(
    const model::Ladder& ladder, const model::Ladder& settled,
    std::span<const model::MeasuredChunk> measured,
    std::span<const ChunkFacts> chunks, const model::Recipe& recipe,
    bool anyway);
inline constexpr double kChunkMove = 2;

}  // namespace reel::ladder

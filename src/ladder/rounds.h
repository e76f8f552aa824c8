// The rounds in which a ladder is designed: what is encoded between one design
// and the next, and what stands of it.
//
// A title of more than kFewChunks chunks has two designs. After the first the
// best and the worst rung of each size are encoded, its anchors: what lies
// between them is foreseen well. The second one is built around the anchors
// that are settled.
//
// In a shorter title chunks hardly make up for each other, and there is little
// to wait for: it is designed rung by rung from the first.
//
// What came out near its target is settled: its target is what it is, and its
// encodes are kept.
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

// How far a rung may move to where its encodes are, in VMAF: no more than makes
// it look like its neighbour, which an anchor pushes aside. The first one only
// as far as nobody sees.
inline constexpr double kRungMove = 2, kAnchorMove = 3, kFirstRungMove = 1;
// How much further a chunk may.
inline constexpr double kChunkMove = 2;

// Of a long title: those anchors whose encodes came out as designed, but for
// kAnchorMove (the first rung of all: kFirstRungMove). Chunks that are further
// off, or more below their rung than the recipe allows, keep the target that
// they miss, moved as their rung: the gate sees to them.
//   anchors   of `ladder`, rising
//   measured  encodes of all chunks, among them those of the anchors
model::Ladder SettleAnchors(const model::Ladder& ladder,
                            std::span<const size_t> anchors,
                            std::span<const model::MeasuredChunk> measured,
                            std::span<const ChunkFacts> chunks,
                            const model::Recipe& recipe);

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

}  // namespace reel::ladder

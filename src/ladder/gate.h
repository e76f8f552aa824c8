// Whether an encoded chunk keeps its promise, and what to try if not.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ladder/design.h"
#include "model/ladder.h"
#include "model/probe.h"
#include "model/recipe.h"

namespace reel::ladder {

// The VMAF that a chunk is held to. Per shot it is what it was chosen for; one
// CRF for a whole title can promise no more than that no shot is too far below
// its rung's target.
double PromiseOf(const model::ChunkChoice& choice, const model::Rung& rung,
                 const model::Recipe& recipe);

enum class Verdict { kKept, kBelow, kAbove };

// Below: by its mean or by its worst second. Above: by what it counts as
// (held_quality.h).
//   target  VMAF that was promised of the chunk
Verdict Judge(const model::MeasuredChunk& encode, double target,
              const model::QualityRecipe& recipe);

// The CRF to encode a chunk with next, a multiple of model::kCrfStep; nullopt
// when its encodes are good enough, when no other CRF helps, or when an
// overshoot is not worth an encode: less than kWorth of the bits.
//   tried  encodes of this chunk for this rung, in their order; n >= 1
//   curve  of the chunk at its size, bent through all that was measured
std::optional<double> NextCrf(std::span<const model::MeasuredChunk> tried,
                              const ChunkCurve& curve, double target,
                              const model::QualityRecipe& recipe);
inline constexpr double kWorth = 0.01;

// Which of the encodes is kept: of those not below, the one with the fewest
// bits; else the best. Index into `tried`.
size_t Settle(std::span<const model::MeasuredChunk> tried, double target,
              const model::QualityRecipe& recipe);

}  // namespace reel::ladder

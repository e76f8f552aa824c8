// The quality that a chunk counts as: its mean, unless one of its seconds is
// far worse.
//
// A promise is kept by the mean and by the worst second, which may be
// QualityRecipe::second_tolerance below. So a chunk that is uneven needs a
// higher mean for the same promise. How much is foreseen: over CRF and size,
// the distance of mean and worst second grows with the root of 100 - mean
// (measured: docs/ladder.md, "Allocation"). All qualities are VMAF, 0..100.
// Pure.
#pragma once

#include "model/probe.h"
#include "model/recipe.h"

namespace reel::ladder {

// Distance of mean and worst second over the root of 100 - mean: 0 to 6, as no
// CRF cures what is more.
double Unevenness(const model::MeasuredChunk& encode);
double Unevenness(const model::Probe& probe);

// What a chunk with that mean is held to be, <= mean. With a little room: a
// promise should not depend on the last tenth of a prediction.
double HeldVmaf(double mean, double unevenness,
                const model::QualityRecipe& recipe);
double HeldVmaf(const model::MeasuredChunk& encode,
                const model::QualityRecipe& recipe);
// The other way: the mean that a chunk needs for it.
double MeanFor(double held, double unevenness,
               const model::QualityRecipe& recipe);

}  // namespace reel::ladder

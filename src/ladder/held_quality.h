// The quality that a chunk counts as: its mean, unless one of its seconds is
// far worse.
//
// A promise is kept by the mean and by the worst second, which may be
// QualityRecipe::second_tolerance below. So a chunk that is uneven needs a
// higher mean for the same promise. How much is foreseen: as logits,
// log(v / (100 - v)), mean and worst second of a chunk keep their distance over
// CRF and size (docs/ladder.md).
#pragma once

#include "model/probe.h"
#include "model/recipe.h"

namespace reel::ladder {

// Kept within 0.5..99.9: beyond, a score says little about the next one.
double Logit(double vmaf);
double FromLogit(double logit);

// How far the worst second is below the mean, as logits: 0 to 1.5, as no CRF
// cures what is more.
double Unevenness(const model::MeasuredChunk& encode);

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

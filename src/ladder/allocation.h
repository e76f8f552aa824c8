// The cheapest choice of every chunk that gives all of them together one
// quality.
//
// Equal slope (Lagrange; Shoham and Gersho, 1988; the Dynamic Optimizer,
// Katsavounidis 2018): for a price of quality each chunk takes what costs least
// in bits and quality together, and the price is searched for at which their
// pooled quality is the one asked for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/recipe.h"

namespace reel::ladder {

struct Option {
  double crf = 0;
  double vmaf = 0;  // that it counts as (held_quality.h)
  double bits = 0;
  double mean_vmaf = 0;
};

// What one chunk can be.
struct ChunkOptions {
  int64_t frames = 0;           // its weight
  std::vector<Option> options;  // n >= 1, by rising CRF
};

enum class Pooling { kMean, kHarmonicMean };

// As the recipe says.
Pooling PoolingOf(const model::LadderRecipe& recipe);

// Over all frames. The harmonic mean is n / Σ 1/(v + 1) - 1, as of frames.
//   picks  [chunks] indices of options
double PoolVmaf(std::span<const ChunkOptions> chunks,
                std::span<const size_t> picks, Pooling pooling);

struct Wish {
  double vmaf = 0;  // pooled
  // No chunk is worse than this where it has such an option.
  double worst_vmaf = 0;
  Pooling pooling = Pooling::kHarmonicMean;
};

struct Allocation {
  std::vector<size_t> picks;  // [chunks]
  double vmaf = 0;            // pooled
  double bits = 0;
  bool reached = false;  // else this is the best there is
};

// Each chunk for itself.
Allocation AllocatePerShot(std::span<const ChunkOptions> chunks,
                           const Wish& wish);
// The same CRF for all: the largest that reaches the wish. Options of all
// chunks have the same CRFs. Of the wish only the pooled quality counts.
Allocation AllocatePerTitle(std::span<const ChunkOptions> chunks,
                            const Wish& wish);

}  // namespace reel::ladder

#include "ladder/allocation.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace reel::ladder {
namespace {

// Of VMAF: what arithmetic loses.
constexpr double kSame = 1e-6;

// What pooling sums up, so that more is worse.
double Harm(double vmaf, Pooling pooling) {
  return pooling == Pooling::kMean ? -vmaf : 1 / (vmaf + 1);
}

double FromHarm(double mean, Pooling pooling) {
  return pooling == Pooling::kMean ? -mean : 1 / mean - 1;
}

// The options of a chunk that are good enough, as an end of [0, end): options
// get worse along the row. At least one.
size_t GoodEnough(const ChunkOptions& chunk, double worst_vmaf) {
  size_t end = 0;
  while (end < chunk.options.size() && chunk.options[end].vmaf >= worst_vmaf)
    ++end;
  return std::max<size_t>(end, 1);
}

Allocation Describe(std::span<const ChunkOptions> chunks,
                    std::vector<size_t> picks, const Wish& wish) {
  Allocation allocation{.picks = std::move(picks)};
  for (size_t i = 0; i < chunks.size(); ++i)
    allocation.bits += chunks[i].options[allocation.picks[i]].bits;
  allocation.vmaf = PoolVmaf(chunks, allocation.picks, wish.pooling);
  allocation.reached = allocation.vmaf >= wish.vmaf - kSame;
  return allocation;
}

// What each chunk takes when quality costs `price` bits a frame and harm.
std::vector<size_t> PicksAt(std::span<const ChunkOptions> chunks,
                            const Wish& wish, double price) {
  std::vector<size_t> picks;
  for (const ChunkOptions& chunk : chunks) {
    const size_t end = GoodEnough(chunk, wish.worst_vmaf);
    const double weight = price * static_cast<double>(chunk.frames);
    size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < end; ++i) {
      const Option& option = chunk.options[i];
      const double cost =
          option.bits + weight * Harm(option.vmaf, wish.pooling);
      // Of equals the cheaper, which comes later.
      if (cost <= least) {
        least = cost;
        best = i;
      }
    }
    picks.push_back(best);
  }
  return picks;
}

// Equal slope sees the convex hull of each chunk alone, and stops at a corner
// of it. What is above the wish then is given back, chunk by chunk, wherever it
// saves most.
std::vector<size_t> Tighten(std::span<const ChunkOptions> chunks,
                            const Wish& wish, std::vector<size_t> picks) {
  double frames = 0, harm = 0;
  for (size_t i = 0; i < chunks.size(); ++i) {
    const auto weight = static_cast<double>(chunks[i].frames);
    frames += weight;
    harm += weight * Harm(chunks[i].options[picks[i]].vmaf, wish.pooling);
  }
  const double most = frames * Harm(wish.vmaf - kSame, wish.pooling);
  for (;;) {
    size_t best = chunks.size();
    double most_saved = 0, more_harm = 0;
    for (size_t i = 0; i < chunks.size(); ++i) {
      const ChunkOptions& chunk = chunks[i];
      if (picks[i] + 1 >= GoodEnough(chunk, wish.worst_vmaf)) continue;
      const Option& now = chunk.options[picks[i]];
      const Option& next = chunk.options[picks[i] + 1];
      const double more =
          static_cast<double>(chunk.frames) *
          (Harm(next.vmaf, wish.pooling) - Harm(now.vmaf, wish.pooling));
      const double saved = now.bits - next.bits;
      if (harm + more > most || saved <= most_saved) continue;
      best = i;
      most_saved = saved;
      more_harm = more;
    }
    if (best == chunks.size()) return picks;
    ++picks[best];
    harm += more_harm;
  }
}

}  // namespace

Pooling PoolingOf(const model::LadderRecipe& recipe) {
  return recipe.pooling == "mean" ? Pooling::kMean : Pooling::kHarmonicMean;
}

double PoolVmaf(std::span<const ChunkOptions> chunks,
                std::span<const size_t> picks, Pooling pooling) {
  double sum = 0, frames = 0;
  for (size_t i = 0; i < chunks.size(); ++i) {
    const auto weight = static_cast<double>(chunks[i].frames);
    sum += weight * Harm(chunks[i].options[picks[i]].vmaf, pooling);
    frames += weight;
  }
  return frames > 0 ? FromHarm(sum / frames, pooling) : 0;
}

Allocation AllocatePerShot(std::span<const ChunkOptions> chunks,
                           const Wish& wish) {
  // Prices from nothing to more than any bit is worth, halved on a scale of
  // logarithms.
  double low = 0, high = std::log(1e18);
  Allocation best =
      Describe(chunks, PicksAt(chunks, wish, std::exp(high)), wish);
  if (!best.reached) return best;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    Allocation there =
        Describe(chunks, PicksAt(chunks, wish, std::exp(middle)), wish);
    if (there.reached) {
      high = middle;
      best = std::move(there);
    } else {
      low = middle;
    }
  }
  return Describe(chunks, Tighten(chunks, wish, std::move(best.picks)), wish);
}

Allocation AllocatePerTitle(std::span<const ChunkOptions> chunks,
                            const Wish& wish) {
  if (chunks.empty()) return Describe(chunks, {}, wish);
  size_t common = std::numeric_limits<size_t>::max();
  for (const ChunkOptions& chunk : chunks)
    common = std::min(common, chunk.options.size());
  for (size_t pick = common; pick-- > 0;) {
    Allocation there =
        Describe(chunks, std::vector<size_t>(chunks.size(), pick), wish);
    if (there.reached || pick == 0) return there;
  }
  return {};
}

}  // namespace reel::ladder

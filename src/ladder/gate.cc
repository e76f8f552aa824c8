#include "ladder/gate.h"

#include <algorithm>
#include <cmath>

#include "ladder/held_quality.h"

namespace reel::ladder {
namespace {

bool WasTried(std::span<const model::MeasuredChunk> tried, double crf) {
  return std::ranges::any_of(
      tried, [&](const auto& encode) { return encode.crf == crf; });
}

double ToStep(double crf) {
  return std::clamp(std::round(crf / model::kCrfStep) * model::kCrfStep,
                    kLeastCrf, kMostCrf);
}

// Of the encodes that are not good enough, the one next above that CRF.
const model::MeasuredChunk* NextBelow(
    std::span<const model::MeasuredChunk> tried, double crf, double target,
    const model::QualityRecipe& recipe) {
  const model::MeasuredChunk* next = nullptr;
  for (const model::MeasuredChunk& encode : tried) {
    if (encode.crf <= crf || Judge(encode, target, recipe) != Verdict::kBelow)
      continue;
    if (next == nullptr || encode.crf < next->crf) next = &encode;
  }
  return next;
}

// Between an encode that is too good and the next one that is not good enough,
// where a line through both has the target, on the better side; nullopt if no
// CRF lies between them.
std::optional<double> Between(const model::MeasuredChunk& above,
                              const model::MeasuredChunk& below, double target,
                              const model::QualityRecipe& recipe) {
  const double high = HeldVmaf(above, recipe), low = HeldVmaf(below, recipe);
  const double share = high > low ? (high - target) / (high - low) : 0.5;
  const double crf = std::lerp(above.crf, below.crf, share);
  const double first = above.crf + model::kCrfStep;
  const double last = below.crf - model::kCrfStep;
  if (first > last) return std::nullopt;
  return std::clamp(std::floor(crf / model::kCrfStep) * model::kCrfStep, first,
                    last);
}

}  // namespace

double PromiseOf(const model::ChunkChoice& choice, const model::Rung& rung,
                 const model::Recipe& recipe) {
  if (recipe.mode == "per-shot") return choice.target_vmaf;
  return std::min(choice.target_vmaf,
                  rung.target_vmaf - recipe.ladder.worst_shot_below);
}

Verdict Judge(const model::MeasuredChunk& encode, double target,
              const model::QualityRecipe& recipe) {
  if (encode.vmaf < target - recipe.tolerance ||
      encode.worst_second < target - recipe.second_tolerance) {
    return Verdict::kBelow;
  }
  return HeldVmaf(encode, recipe) > target + recipe.overshoot ? Verdict::kAbove
                                                              : Verdict::kKept;
}

size_t Settle(std::span<const model::MeasuredChunk> tried, double target,
              const model::QualityRecipe& recipe) {
  size_t best = 0;
  const auto is_better = [&](size_t a, size_t b) {
    const bool a_good = Judge(tried[a], target, recipe) != Verdict::kBelow;
    const bool b_good = Judge(tried[b], target, recipe) != Verdict::kBelow;
    if (a_good != b_good) return a_good;
    return a_good ? tried[a].bits < tried[b].bits
                  : tried[a].vmaf > tried[b].vmaf;
  };
  for (size_t i = 1; i < tried.size(); ++i) {
    if (is_better(i, best)) best = i;
  }
  return best;
}

std::optional<double> NextCrf(std::span<const model::MeasuredChunk> tried,
                              const ChunkCurve& curve, double target,
                              const model::QualityRecipe& recipe) {
  const model::MeasuredChunk& best = tried[Settle(tried, target, recipe)];
  const Verdict verdict = Judge(best, target, recipe);
  if (verdict == Verdict::kKept) return std::nullopt;
  // A worst second that is too bad lifts the whole chunk.
  double crf = ToStep(curve.CrfOf(MeanFor(target, Unevenness(best), recipe)));
  if (const auto* below = NextBelow(tried, best.crf, target, recipe);
      verdict == Verdict::kAbove && below != nullptr && crf >= below->crf) {
    const auto between = Between(best, *below, target, recipe);
    if (!between) return std::nullopt;
    crf = *between;
  }
  const double away =
      verdict == Verdict::kBelow ? -model::kCrfStep : model::kCrfStep;
  // At least one step in the right direction, onto what was not tried.
  if ((crf - best.crf) * away <= 0) crf = best.crf + away;
  while (WasTried(tried, crf)) crf += away;
  if (crf < kLeastCrf || crf > kMostCrf) return std::nullopt;
  if (verdict == Verdict::kAbove &&
      curve.Bits(crf) > (1 - kWorth) * static_cast<double>(best.bits)) {
    return std::nullopt;
  }
  return crf;
}

}  // namespace reel::ladder

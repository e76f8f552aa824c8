#include "ladder/held_quality.h"

#include <algorithm>
#include <cmath>

namespace reel::ladder {
namespace {

// Of the tolerance for the worst second, what is not counted on.
constexpr double kRoom = 0.5;
// Beyond, something else is wrong than CRF: 90 against 71.
constexpr double kMostUneven = 6;

double SecondBelow(const model::QualityRecipe& recipe) {
  return std::max(0.0, recipe.second_tolerance - kRoom);
}

double Root(double mean) { return std::sqrt(std::max(0.0, 100 - mean)); }

double UnevennessOf(double mean, double worst_second) {
  constexpr double kLeastRoot = 0.5;  // at 100 there is no telling
  return std::clamp((mean - worst_second) / std::max(kLeastRoot, Root(mean)),
                    0.0, kMostUneven);
}

}  // namespace

double Unevenness(const model::MeasuredChunk& encode) {
  return UnevennessOf(encode.vmaf, encode.worst_second);
}

double Unevenness(const model::Probe& probe) {
  return UnevennessOf(probe.vmaf, probe.worst_second);
}

double HeldVmaf(double mean, double unevenness,
                const model::QualityRecipe& recipe) {
  return std::min(mean, mean - unevenness * Root(mean) + SecondBelow(recipe));
}

double HeldVmaf(const model::MeasuredChunk& encode,
                const model::QualityRecipe& recipe) {
  return HeldVmaf(encode.vmaf, Unevenness(encode), recipe);
}

double MeanFor(double held, double unevenness,
               const model::QualityRecipe& recipe) {
  // With r the root of 100 - mean: 100 - r^2 - unevenness r + below = held.
  const double rest = 100 + SecondBelow(recipe) - held;
  const double root =
      (std::sqrt(unevenness * unevenness + 4 * std::max(0.0, rest)) -
       unevenness) /
      2;
  return std::max(held, 100 - root * root);
}

}  // namespace reel::ladder

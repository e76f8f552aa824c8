#include "ladder/held_quality.h"

#include <algorithm>
#include <cmath>

namespace reel::ladder {
namespace {

constexpr double kLeastVmaf = 0.5, kMostVmaf = 99.9;
// Of the tolerance for the worst second, what is not counted on.
constexpr double kRoom = 0.5;
// Beyond, something else is wrong than CRF: 90 against 67.
constexpr double kMostUneven = 1.5;

double SecondBelow(const model::QualityRecipe& recipe) {
  return std::max(0.0, recipe.second_tolerance - kRoom);
}

}  // namespace

double Logit(double vmaf) {
  const double v = std::clamp(vmaf, kLeastVmaf, kMostVmaf);
  return std::log(v / (100 - v));
}

double FromLogit(double logit) { return 100 / (1 + std::exp(-logit)); }

double Unevenness(const model::MeasuredChunk& encode) {
  return std::clamp(Logit(encode.vmaf) - Logit(encode.worst_second), 0.0,
                    kMostUneven);
}

double HeldVmaf(double mean, double unevenness,
                const model::QualityRecipe& recipe) {
  if (unevenness <= 0) return mean;
  return std::min(mean,
                  FromLogit(Logit(mean) - unevenness) + SecondBelow(recipe));
}

double HeldVmaf(const model::MeasuredChunk& encode,
                const model::QualityRecipe& recipe) {
  return HeldVmaf(encode.vmaf, Unevenness(encode), recipe);
}

double MeanFor(double held, double unevenness,
               const model::QualityRecipe& recipe) {
  if (unevenness <= 0) return held;
  return std::max(held,
                  FromLogit(Logit(held - SecondBelow(recipe)) + unevenness));
}

}  // namespace reel::ladder

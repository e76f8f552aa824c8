#include "inspect/light.h"

#include <algorithm>
#include <cmath>

namespace reel::inspect {
namespace {

constexpr double kWhiteNits = 200;

// BT.2100-2, table 5, with the system gamma of a 1000 cd/m2 display.
double HlgNits(double component) {
  constexpr double a = 0.17883277, b = 1 - 4 * a;
  const double c = 0.5 - a * std::log(4 * a);
  const double scene = component <= 0.5
                           ? component * component / 3
                           : (std::exp((component - c) / a) + b) / 12;
  return 1000 * std::pow(scene, 1.2);
}

}  // namespace

double PqNits(double component) {
  constexpr double m1 = 2610.0 / 16384, m2 = 2523.0 / 4096 * 128;
  constexpr double c1 = 3424.0 / 4096, c2 = 2413.0 / 4096 * 32,
                   c3 = 2392.0 / 4096 * 32;
  const double e = std::pow(std::clamp(component, 0.0, 1.0), 1 / m2);
  return 10'000 * std::pow(std::max(e - c1, 0.0) / (c2 - c3 * e), 1 / m1);
}

double RelativeLight(double component, const std::string& transfer) {
  const double value = std::clamp(component, 0.0, 1.0);
  if (transfer == "smpte2084") return std::min(PqNits(value) / kWhiteNits, 1.0);
  if (transfer == "arib-std-b67")
    return std::min(HlgNits(value) / kWhiteNits, 1.0);
  return std::pow(value, 2.4);
}

LumaWeights WeightsOf(const std::string& matrix) {
  if (matrix == "smpte170m" || matrix == "bt470bg" || matrix == "fcc")
    return {0.299, 0.114};
  if (matrix == "bt2020nc" || matrix == "bt2020c") return {0.2627, 0.0593};
  return {0.2126, 0.0722};
}

}  // namespace reel::inspect

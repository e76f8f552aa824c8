#include "service/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "service/display.h"

namespace reel::service {

double NiceStep(double end, int most) {
  const double power = std::pow(10, std::floor(std::log10(end / most)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (end <= factor * power * most) return factor * power;
  return 10 * power;
}

double TimeStep(double end) {
  constexpr std::array<double, 12> kSteps = {1,  2,   5,   10,  15,   30,
                                             60, 120, 300, 600, 1200, 1800};
  const auto fits = [&](double step) { return end <= 10 * step; };
  const auto step = std::find_if(kSteps.begin(), kSteps.end(), fits);
  return step == kSteps.end() ? 3600 * std::ceil(end / 36000) : *step;
}

std::string Svg(double width, double height, const char* label,
                const std::string& content) {
  return fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}</svg>\n",
      width, height, label, content);
}

std::string SvgFile(double width, double height, const std::string& label,
                    const std::string& content) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
      "role=\"img\" aria-label=\"{2}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" "
      "fill=\"#fff\"/>\n{3}</svg>\n",
      width, height, EscapeHtml(label), content);
}

std::string SvgText(double x, double y, const char* anchor,
                    const std::string& text) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>", x, y,
      anchor, EscapeHtml(text));
}

std::string TimeLabels(const Axis& x, double y) {
  std::string out;
  for (double t = 0; t <= x.end; t += TimeStep(x.end))
    out += SvgText(x.At(t), y, t == 0 ? "start" : "middle", DisplayTime(t));
  return out;
}

}  // namespace reel::service

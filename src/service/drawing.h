// What drawings are made of: axes with steps that people read easily, and SVG.
// Pure.
#pragma once

#include <string>

namespace reel::service {

// Maps [begin, end] of some quantity to [from, to] of a drawing. `end` >
// `begin`.
struct Axis {
  double begin = 0;
  double end = 1;
  double from = 0;
  double to = 1;
  double At(double value) const {
    return from + (to - from) * (value - begin) / (end - begin);
  }
};

// 1, 2 or 5 times a power of ten, so that `end` > 0 has at most `most` steps.
double NiceStep(double end, int most);
// As NiceStep for about ten steps, of those that clocks have; seconds, >= 1.
double TimeStep(double end);

// `content` in units of the drawing's own; it grows to the page's width.
std::string Svg(double width, double height, const char* label,
                const std::string& content);
// The same as a file of its own, on white. `label` is escaped.
std::string SvgFile(double width, double height, const std::string& label,
                    const std::string& content);
// `anchor`: "start", "middle" or "end". `text` is escaped.
std::string SvgText(double x, double y, const char* anchor,
                    const std::string& text);
// "0:00", "0:05" … along a horizontal axis of seconds, at height `y`.
std::string TimeLabels(const Axis& x, double y);

}  // namespace reel::service

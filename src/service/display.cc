#include "service/display.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace reel::service {

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default: {
        const bool control = static_cast<unsigned char>(c) < 0x20;
        const bool allowed = !control || c == '\n' || c == '\t';
        if (allowed) out += c;
        if (!allowed) out += "\xEF\xBF\xBD";
      }
    }
  }
  return out;
}

std::string Shorten(std::string text, size_t bytes) {
  if (text.size() <= bytes) return text;
  // Not inside a character of UTF-8.
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
    --bytes;
  text.resize(bytes);
  return text + "…";
}

std::string DisplayTime(double seconds) {
  const auto whole = static_cast<int64_t>(std::max(0.0, seconds));
  const int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0)
    return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string DisplayClock(double seconds) {
  // Beyond a thousand hours it is a damaged number, whatever its digits are.
  const double bounded =
      std::isfinite(seconds) ? std::clamp(seconds, 0.0, 3.6e6) : 0;
  const auto ms = static_cast<int64_t>(std::llround(1000 * bounded));
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

std::string DisplayBitrate(int64_t bits_per_s) {
  const auto value = static_cast<double>(bits_per_s);
  return bits_per_s >= 1'000'000 ? fmt::format("{:.2f} Mb/s", value / 1e6)
                                 : fmt::format("{:.0f} kb/s", value / 1e3);
}

std::string DisplayBytes(int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (bytes >= 1'000'000'000) return fmt::format("{:.2f} GB", value / 1e9);
  if (bytes >= 1'000'000) return fmt::format("{:.1f} MB", value / 1e6);
  return fmt::format("{:.1f} kB", value / 1e3);
}

std::string DisplayNumber(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace reel::service

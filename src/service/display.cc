#include "service/display.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace reel::service {

namespace {

// Bytes of the character in UTF-8 (RFC 3629) that `text` begins with; 0 if it
// begins with none, or with one that XML 1.0 (section 2.2) forbids.
size_t CharacterBytes(std::string_view text) {
  const auto byte = [&](size_t i) -> uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  uint32_t code = byte(0);
  if (code < 0x80) return code >= 0x20 || code == '\n' || code == '\t' ? 1 : 0;
  const size_t bytes = code < 0xE0 ? 2 : code < 0xF0 ? 3 : 4;
  if (code < 0xC0 || code > 0xF4) return 0;
  code &= 0x7Fu >> bytes;
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3F);
  }
  constexpr uint32_t kLeast[] = {0x80, 0x800, 0x10000};  // of 2, 3, 4 bytes
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  const bool allowed = code >= kLeast[bytes - 2] && code <= 0x10FFFF &&
                       !surrogate && code != 0xFFFE && code != 0xFFFF;
  return allowed ? bytes : 0;
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t bytes = CharacterBytes(text);
    const std::string_view character = text.substr(0, bytes);
    if (bytes == 0)
      out += "\xEF\xBF\xBD";
    else if (character == "&")
      out += "&amp;";
    else if (character == "<")
      out += "&lt;";
    else if (character == ">")
      out += "&gt;";
    else if (character == "\"")
      out += "&quot;";
    else if (character == "'")
      out += "&#39;";
    else
      out += character;
    text.remove_prefix(std::max<size_t>(bytes, 1));
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

// Numbers and text as pages show them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reel::service {

// Text for any place in HTML and SVG, attributes in quotes too. Bytes that are
// no valid character of XML 1.0 become U+FFFD.
std::string EscapeHtml(std::string_view text);

// At most `bytes` of it, and "…" if there is more.
std::string Shorten(std::string text, size_t bytes);

std::string DisplayTime(double seconds);         // "1:02:03", "0:07"
std::string DisplayClock(double seconds);        // "01:02:03.456"
std::string DisplayBitrate(int64_t bits_per_s);  // "3.50 Mb/s", "400 kb/s"
std::string DisplayBytes(int64_t bytes);         // "1.25 GB", "3.2 MB"
// At most `decimals` of them, without trailing zeros: "23.976", "24".
std::string DisplayNumber(double value, int decimals);

}  // namespace reel::service

#include "cli/frame_range.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>

namespace reel::cli {
namespace {

// Some 30 years; what is larger is a slip.
constexpr double kLongestSeconds = 1e9;

// Nullopt unless all of `text` is a number.
template <typename Number>
std::optional<Number> Parse(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<quality::FramePlace> ParsePlace(std::string_view text) {
  if (!text.ends_with('s')) {
    const auto frame = Parse<int64_t>(text);
    if (!frame || *frame < 0) return std::nullopt;
    return *frame;
  }
  const auto seconds = Parse<double>(text.substr(0, text.size() - 1));
  if (!seconds || !(*seconds >= 0 && *seconds < kLongestSeconds))
    return std::nullopt;
  return std::chrono::nanoseconds(std::llround(*seconds * 1e9));
}

}  // namespace

base::Result<FramePlaces> ParseFrameRange(const std::string& text) {
  const size_t colon = text.find(':');
  FramePlaces places;
  bool good = colon != std::string::npos;
  if (good && colon > 0) {
    places.first = ParsePlace(std::string_view(text).substr(0, colon));
    good = places.first.has_value();
  }
  if (good && colon + 1 < text.size()) {
    places.end = ParsePlace(std::string_view(text).substr(colon + 1));
    good = places.end.has_value();
  }
  if (!good)
    return base::Fail(base::Code::kInvalidArgument,
                      "--range " + text +
                          ": not of the form A:B, in frames (24:48) or "
                          "seconds (1s:2.5s); either may be left out");
  return places;
}

}  // namespace reel::cli

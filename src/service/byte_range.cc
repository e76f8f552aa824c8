#include "service/byte_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace reel::service {
namespace {

// The digits of `text` as a number; nothing else may stand there.
std::optional<int64_t> Number(std::string_view text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || text[0] == '-' || rest != end || error != std::errc())
    return std::nullopt;
  return value;
}

// The range that is asked for, cut to the file, empty if it lies outside;
// nullopt if `spec` is no range.
std::optional<ByteRange> Requested(std::string_view spec, int64_t size) {
  const size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view left = spec.substr(0, dash);
  const std::string_view right = spec.substr(dash + 1);
  const auto first = Number(left), last = Number(right);
  if (left.empty() && last)
    return ByteRange{size - std::min(*last, size), size};
  if (!first || (!right.empty() && !last)) return std::nullopt;
  if (last && *last < *first) return std::nullopt;
  const int64_t end = last && *last < size ? *last + 1 : size;
  return ByteRange{std::min(*first, end), end};
}

}  // namespace

RangeAnswer AnswerRange(std::string_view header, int64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const RangeAnswer whole{200, {0, size}, ""};
  if (header.substr(0, kUnit.size()) != kUnit) return whole;
  const auto range = Requested(header.substr(kUnit.size()), size);
  if (!range) return whole;
  if (range->bytes() == 0) return {416, {}, fmt::format("bytes */{}", size)};
  return {206, *range,
          fmt::format("bytes {}-{}/{}", range->first, range->end - 1, size)};
}

}  // namespace reel::service

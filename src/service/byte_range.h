// HTTP byte ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reel::service {

struct ByteRange {
  int64_t first = 0;
  int64_t end = 0;  // exclusive
  int64_t bytes() const { return end - first; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// What to send for a request.
struct RangeAnswer {
  int status = 200;           // 200 whole, 206 a part, 416 nothing to send
  ByteRange range;            // empty with 416
  std::string content_range;  // the header's value; empty with 200
};

// Answers a Range header of a file of `size` bytes, 0 <= size. One range is
// served: first-last, first- or -suffix. Several ranges, other units and what
// is no range at all are ignored, as the specification allows: the whole file.
// Source: RFC 9110, sections 14.1.2, 14.2, 14.4 and 15.5.17. Pure.
RangeAnswer AnswerRange(std::string_view header, int64_t size);

}  // namespace reel::service

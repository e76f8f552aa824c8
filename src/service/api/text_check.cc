#include "service/api/text_check.h"

#include <cstdint>

namespace reel::service::api {
namespace {

// Bytes that follow the first one of a character; -1 if none may begin so.
int BytesAfter(uint8_t first) {
  if (first < 0x80) return first < 0x20 || first == 0x7f ? -1 : 0;
  if (first >= 0xc2 && first <= 0xdf) return 1;
  if (first >= 0xe0 && first <= 0xef) return 2;
  if (first >= 0xf0 && first <= 0xf4) return 3;
  return -1;
}

// The second byte rules out what is encoded too long, surrogates, and what is
// beyond U+10FFFF (RFC 3629, section 4).
bool IsSecond(uint8_t first, uint8_t second) {
  const uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most;
}

}  // namespace

bool IsText(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto at = [&](size_t n) { return static_cast<uint8_t>(bytes[n]); };
    const int after = BytesAfter(at(0));
    if (after < 0 || bytes.size() <= static_cast<size_t>(after)) return false;
    if (after > 0 && !IsSecond(at(0), at(1))) return false;
    for (int n = 2; n <= after; ++n)
      if (at(static_cast<size_t>(n)) >> 6 != 2) return false;
    bytes.remove_prefix(static_cast<size_t>(after) + 1);
  }
  return true;
}

}  // namespace reel::service::api

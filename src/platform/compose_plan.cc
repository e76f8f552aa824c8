#include "platform/compose_plan.h"

#include <algorithm>

namespace reel::platform {

int64_t ComposePart::size_bytes() const {
  int64_t sum = 0;
  for (const ComposePiece& piece : pieces) sum += piece.size_bytes;
  return sum;
}

bool ComposePart::is_copied() const {
  return pieces.size() == 1 && pieces.front().size_bytes >= kLeastPartBytes;
}

std::vector<ComposePart> PlanCompose(std::span<const int64_t> sizes) {
  std::vector<ComposePart> parts;
  ComposePart sent;  // being collected
  const auto flush = [&] {
    if (!sent.pieces.empty()) parts.push_back(std::move(sent));
    sent = {};
  };
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t offset = 0;
    const int64_t lacking =
        sent.pieces.empty() ? int64_t{0} : kLeastPartBytes - sent.size_bytes();
    const bool is_copied = sizes[i] - lacking >= kLeastPartBytes;
    const int64_t taken = is_copied ? lacking : sizes[i];
    if (taken > 0) sent.pieces.push_back({i, 0, taken});
    if (sent.size_bytes() >= kLeastPartBytes) flush();
    if (!is_copied) continue;
    for (offset = taken; offset < sizes[i];) {
      int64_t size = std::min(kMostPartBytes, sizes[i] - offset);
      // What would remain must be a part of its own.
      const int64_t rest = sizes[i] - offset - size;
      if (rest > 0 && rest < kLeastPartBytes) size -= kLeastPartBytes;
      parts.push_back({{{i, offset, size}}});
      offset += size;
    }
  }
  flush();
  return parts;
}

}  // namespace reel::platform

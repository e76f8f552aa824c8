// duration-mismatch: the header promises another duration than the packets
// have. Method: container duration against the later end of picture and sound.
// Threshold: 0.5 s and 1 %, as headers of streams are estimates.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/rational.h"
#include "inspect/checks.h"

namespace reel::inspect {
Findings DurationMismatch(const FileFacts& facts) {
  const double promised = base::ToDouble(facts.source.container_duration);
  const auto extent = VideoExtent(facts);
  if (promised <= 0 || !extent || facts.packets.end_us == model::kNoTime) {
    return {};
  }
  const double found =
      static_cast<double>(facts.packets.end_us) / 1e6 - extent->start;
  const double off = std::abs(promised - found);
  if (off <= std::max(0.5, promised / 100)) return {};
  return {{.code = "duration-mismatch",
           .severity = model::Severity::kWarn,
           .start = std::min(promised, found),
           .end = std::max(promised, found),
           .message = fmt::format("The header promises {:.3f} s, the streams "
                                  "last {:.3f} s.",
                                  promised, found),
           .remedy = "Check that the file is complete; write it anew if it is.",
           .evidence = {{"container_seconds", promised},
                        {"stream_seconds", found}}}};
}

}  // namespace reel::inspect

// container-truncated: the file ends before its contents do. Method: a
// top-level box of MP4 (ISO/IEC 14496-12, 4.2) or a segment of Matroska (RFC
// 9559) that claims more bytes than there are, or a demuxer that meets the end
// of the file inside a packet.
#include <fmt/format.h>

#include <algorithm>

#include "base/rational.h"
#include "inspect/checks.h"

namespace reel::inspect {
namespace {

model::Finding Truncated(const FileFacts& facts) {
  const double promised = base::ToDouble(facts.source.container_duration);
  model::Finding finding{
      .code = "container-truncated",
      .severity = model::Severity::kReject,
      .end = promised,
      .message = "The file is cut off: it ends inside its media data",
      .remedy =
          "Transfer the file again and compare sizes or checksums with "
          "the sender.",
      .evidence = {{"bytes", facts.bytes},
                   {"missing_bytes", facts.boxes.missing_bytes}}};
  if (const auto extent = VideoExtent(facts)) {
    finding.stream = facts.source.video.index;
    finding.start = extent->end - extent->start;
    finding.end = std::max(finding.start, promised);
    finding.message += fmt::format(" after {:.3f} s", finding.start);
  }
  if (facts.boxes.missing_bytes > 0) {
    finding.message +=
        fmt::format("; {} bytes are missing", facts.boxes.missing_bytes);
  }
  if (!facts.packets.read_error.empty()) {
    finding.evidence["read_error"] = facts.packets.read_error;
  }
  finding.message += ".";
  return finding;
}

}  // namespace

Findings ContainerTruncated(const FileFacts& facts) {
  if (facts.boxes.missing_bytes <= 0 && !facts.packets.truncated) return {};
  return {Truncated(facts)};
}

}  // namespace reel::inspect

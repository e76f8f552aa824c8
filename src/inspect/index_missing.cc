// index-missing: an MP4 or QuickTime file that cannot be opened, for want of a
// sound moov box, without which its media cannot be told apart. Method: walk of
// the top-level boxes. Source: ISO/IEC 14496-12, 8.2.1.
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {
Findings IndexMissing(const FileFacts& facts) {
  if (!facts.probe_error || !facts.boxes.is_iso ||
      facts.probe_error->code != base::Code::kCorruptInput) {
    return {};
  }
  return {
      {.code = "index-missing",
       .severity = model::Severity::kReject,
       .message = fmt::format("The file's index (moov box) is {}: nothing "
                              "in it can be read.",
                              facts.boxes.has_index ? "damaged" : "missing"),
       .remedy = "Export or transfer the file again; its recording or "
                 "transfer ended before the index was written.",
       .evidence = {{"bytes", facts.bytes},
                    {"has_media", facts.boxes.has_media},
                    {"has_index", facts.boxes.has_index}}}};
}

}  // namespace reel::inspect

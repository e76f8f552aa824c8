// not-media: nothing that libavformat knows. Method: its probe of the content
// (names are not looked at). An MP4 without its index is index-missing instead.
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {
Findings NotMedia(const FileFacts& facts) {
  if (!facts.probe_error || facts.bytes == 0 || facts.boxes.is_iso ||
      facts.probe_error->code != base::Code::kCorruptInput) {
    return {};
  }
  return {
      {.code = "not-media",
       .severity = model::Severity::kReject,
       .message =
           facts.looks_like.empty()
               ? fmt::format("This is not a media file ({} bytes).",
                             facts.bytes)
               : fmt::format("The file begins like {}, but cannot be "
                             "opened: {}.",
                             facts.looks_like, facts.probe_error->message),
       .remedy = "Check that the right file was sent, and that it plays "
                 "where it was made.",
       .evidence = {{"bytes", facts.bytes}, {"looks_like", facts.looks_like}}}};
}

}  // namespace reel::inspect

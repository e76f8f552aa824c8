// empty-file: there are no bytes. Method: the file's size.
#include "inspect/checks.h"

namespace reel::inspect {
Findings EmptyFile(const FileFacts& facts) {
  if (facts.bytes > 0) return {};
  return {{.code = "empty-file",
           .severity = model::Severity::kReject,
           .message = "The file is empty: 0 bytes.",
           .remedy = "Send the file again; its transfer failed or never began.",
           .evidence = {{"bytes", 0}}}};
}

}  // namespace reel::inspect

// codec-unsupported: recognised, but there is no decoder for the picture.
// Method: libavcodec's list of decoders.
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {
Findings CodecUnsupported(const FileFacts& facts) {
  if (!facts.probe_error ||
      facts.probe_error->code != base::Code::kUnsupported) {
    return {};
  }
  return {{.code = "codec-unsupported",
           .severity = model::Severity::kReject,
           .message = fmt::format("The picture's coding cannot be decoded: {}.",
                                  facts.probe_error->message),
           .remedy = "Deliver the picture in a common coding, for example "
                     "ProRes, DNxHR, H.264 or HEVC.",
           .evidence = nullptr}};
}

}  // namespace reel::inspect

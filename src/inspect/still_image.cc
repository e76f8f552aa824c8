// still-image: one picture is no film. Method: at most one packet in an image
// format (libavformat's *_pipe and image2), which is rejected; elsewhere one
// frame is warned of.
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {

Findings StillImage(const FileFacts& facts) {
  const size_t packets = facts.packets.video.packets.size();
  const bool is_image = IsImageFormat(facts);
  if (packets > 1 || (packets == 0 && !is_image)) return {};
  return {
      {.code = "still-image",
       .severity = is_image ? model::Severity::kReject : model::Severity::kWarn,
       .stream = facts.source.video.index,
       .message = fmt::format("The file holds one still picture ({}), no film.",
                              facts.source.container),
       .remedy = "Check that the right file was sent.",
       .evidence = {{"packets", packets}}}};
}

}  // namespace reel::inspect

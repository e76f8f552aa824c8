// still-image: one picture is no film. Method: one packet; in an image format
// (libavformat's *_pipe and image2) it is rejected, elsewhere pointed out.
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

bool IsImageFormat(const std::string& container) {
  return container.ends_with("_pipe") || container == "image2";
}

}  // namespace

Findings StillImage(const FileFacts& facts) {
  if (facts.packets.video.packets.size() != 1) return {};
  return {
      {.code = "still-image",
       .severity = IsImageFormat(facts.source.container)
                       ? model::Severity::kReject
                       : model::Severity::kWarn,
       .stream = facts.source.video.index,
       .first_frame = 0,
       .message = fmt::format("The file holds one still picture ({}, {}).",
                              facts.source.container, facts.source.video.codec),
       .remedy = "Check that the right file was sent.",
       .evidence = {{"frames", 1}}}};
}

}  // namespace reel::inspect

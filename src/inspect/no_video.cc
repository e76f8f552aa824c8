// no-video: nothing to look at: no picture track (cover art does not count), or
// one without a packet. (One of which no frame decodes: inspect/conclude.cc; a
// picture file: still-image.)
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

// "" when there is one.
std::string WhatIsMissing(const FileFacts& facts) {
  if (facts.source.video.index < 0) return "The file has no picture track";
  if (facts.packets.video.packets.empty()) return "The picture track is empty";
  return "";
}

}  // namespace

Findings NoVideo(const FileFacts& facts) {
  if (facts.probe_error || facts.bytes == 0 || IsImageFormat(facts)) return {};
  const std::string missing = WhatIsMissing(facts);
  if (missing.empty()) return {};
  return {{.code = "no-video",
           .severity = model::Severity::kReject,
           .stream = facts.source.video.index,
           .message = fmt::format("{} ({}).", missing, facts.source.container),
           .remedy =
               "Deliver a file with a picture; sound alone cannot be encoded.",
           .evidence = {{"audio_tracks", facts.source.audio.size()},
                        {"packets", facts.packets.video.packets.size()}}}};
}

}  // namespace reel::inspect

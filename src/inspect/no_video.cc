// no-video: nothing to look at: no picture track (cover art does not count), or
// one without a packet, or without a key frame at which decoding may start.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

// "" when there is one.
std::string WhatIsMissing(const FileFacts& facts) {
  const auto& packets = facts.packets.video.packets;
  if (facts.source.video.index < 0) return "The file has no picture track";
  if (packets.empty()) return "The picture track is empty";
  const bool any_key = std::any_of(packets.begin(), packets.end(),
                                   [](const auto& p) { return p.key; });
  return any_key ? "" : "The picture track has no key frame to decode from";
}

}  // namespace

Findings NoVideo(const FileFacts& facts) {
  if (facts.probe_error || facts.bytes == 0) return {};
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

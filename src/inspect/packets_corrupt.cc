// packets-corrupt: coded pictures that the demuxer marks as damaged or that the
// decoder refuses. Method: libav's flags and errors in one decode of the whole.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

std::vector<int64_t> CorruptPackets(const TitleFacts& facts) {
  std::vector<int64_t> packets;
  for (size_t n = 0; n < facts.packets.packets.size(); ++n) {
    if (facts.packets.packets[n].corrupt) {
      packets.push_back(static_cast<int64_t>(n));
    }
  }
  for (const auto& refused : facts.refused) packets.push_back(refused.packet);
  std::sort(packets.begin(), packets.end());
  packets.erase(std::unique(packets.begin(), packets.end()), packets.end());
  return packets;
}

}  // namespace

Findings PacketsCorrupt(const TitleFacts& facts) {
  std::vector<Event> events;
  for (const int64_t packet : CorruptPackets(facts)) {
    events.push_back(facts.EventOfPacket(packet));
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(events))) {
    findings.push_back(
        {.code = "packets-corrupt",
         .severity = model::Severity::kReject,
         .stream = facts.source.video.index,
         .start = burst.start,
         .end = burst.end,
         .first_frame = burst.first_frame,
         .message = fmt::format("{} coded picture(s) are damaged {}.",
                                burst.events, At(burst)),
         .remedy = "Transfer or export the file again; its data was altered or "
                   "lost on the way.",
         .evidence = {{"packets", burst.events}}});
  }
  return findings;
}

}  // namespace reel::inspect

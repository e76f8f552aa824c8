#include "media/packet_facts.h"

#include <algorithm>

namespace reel::media {

model::Packet PacketFacts(const AVPacket& packet,
                          const RandomAccess& random_access) {
  const std::span<const uint8_t> bytes(packet.data,
                                       static_cast<size_t>(packet.size));
  return {.pts = packet.pts,
          .dts = packet.dts,
          .duration = std::max<int64_t>(packet.duration, 0),
          .position = std::max<int64_t>(packet.pos, -1),
          .bytes = packet.size,
          .key = (packet.flags & AV_PKT_FLAG_KEY) != 0 &&
                 random_access.IsStart(bytes),
          .corrupt = (packet.flags & AV_PKT_FLAG_CORRUPT) != 0,
          .discard = (packet.flags & AV_PKT_FLAG_DISCARD) != 0};
}

}  // namespace reel::media

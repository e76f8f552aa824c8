// A demuxed packet as an entry of the packet index.
#pragma once

#include "media/handles.h"
#include "media/random_access.h"
#include "model/packets.h"

namespace reel::media {

static_assert(model::kNoTime == AV_NOPTS_VALUE);

model::Packet PacketFacts(const AVPacket& packet,
                          const RandomAccess& random_access);

}  // namespace reel::media

// Every packet of a source's video track, in file (decode) order: the map that
// makes exact seeking possible. A packet's number, its place in this list, is
// the identity of the frame that it holds, whatever its time stamps say.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"

namespace reel::model {

inline constexpr int64_t kNoTime = std::numeric_limits<int64_t>::min();

struct Packet {
  int64_t pts = kNoTime;  // ticks of the track's time base
  int64_t dts = kNoTime;
  int64_t duration = 0;   // 0: not said
  int64_t position = -1;  // byte offset in the file; -1: not known
  int32_t bytes = 0;
  // Decoding may start here: all that is shown from here on comes out exactly
  // (media/random_access.h). Packets before the first key one show nothing.
  bool key = false;
  bool corrupt = false;  // the demuxer says so, or it is cut short
  // Decoded, since others may refer to it, but not shown: the container's edit
  // list cuts its frame off the title.
  bool discard = false;
  friend bool operator==(const Packet&, const Packet&) = default;
};

struct PacketIndex {
  std::vector<Packet> packets;
};

// Binary form, little-endian, versioned: docs/formats/packet-index.md.
std::vector<uint8_t> Serialize(const PacketIndex& index);
// Errors: kCorruptInput.
base::Result<PacketIndex> ParsePacketIndex(std::span<const uint8_t> bytes);

}  // namespace reel::model

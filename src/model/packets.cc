#include "model/packets.h"

#include <array>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace reel::model {
namespace {

constexpr std::string_view kMagic = "RWPI";
constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderBytes = 4 + 4 + 8;
constexpr size_t kPacketBytes = 4 * 8 + 4 + 1;

enum Flag : uint8_t { kKey = 1, kCorrupt = 2, kDiscard = 4, kAllFlags = 7 };

template <typename T>
void Put(std::vector<uint8_t>& to, T value) {
  auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (size_t i = 0; i < sizeof(T); ++i)
    to.push_back(static_cast<uint8_t>(uint64_t{bits} >> (8 * i)));
}

template <typename T>
T Take(std::span<const uint8_t>& from) {
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(T); ++i) bits |= uint64_t{from[i]} << (8 * i);
  from = from.subspan(sizeof(T));
  return static_cast<T>(bits);
}

uint8_t FlagsOf(const Packet& packet) {
  return static_cast<uint8_t>((packet.key ? kKey : 0) |
                              (packet.corrupt ? kCorrupt : 0) |
                              (packet.discard ? kDiscard : 0));
}

base::Result<Packet> TakePacket(std::span<const uint8_t>& from) {
  Packet packet;
  packet.pts = Take<int64_t>(from);
  packet.dts = Take<int64_t>(from);
  packet.duration = Take<int64_t>(from);
  packet.position = Take<int64_t>(from);
  packet.bytes = Take<int32_t>(from);
  const auto flags = Take<uint8_t>(from);
  if (packet.bytes < 0 || packet.position < -1 || (flags & ~kAllFlags) != 0)
    return base::Fail(base::Code::kCorruptInput, "packet index: bad packet");
  packet.key = (flags & kKey) != 0;
  packet.corrupt = (flags & kCorrupt) != 0;
  packet.discard = (flags & kDiscard) != 0;
  return packet;
}

}  // namespace

std::vector<uint8_t> Serialize(const PacketIndex& index) {
  std::vector<uint8_t> bytes(kMagic.begin(), kMagic.end());
  bytes.reserve(kHeaderBytes + index.packets.size() * kPacketBytes);
  Put(bytes, kVersion);
  Put(bytes, uint64_t{index.packets.size()});
  for (const Packet& packet : index.packets) {
    Put(bytes, packet.pts);
    Put(bytes, packet.dts);
    Put(bytes, packet.duration);
    Put(bytes, packet.position);
    Put(bytes, packet.bytes);
    Put(bytes, FlagsOf(packet));
  }
  return bytes;
}

base::Result<PacketIndex> ParsePacketIndex(std::span<const uint8_t> bytes) {
  if (bytes.size() < kHeaderBytes ||
      std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
    return base::Fail(base::Code::kCorruptInput, "not a packet index");
  bytes = bytes.subspan(kMagic.size());
  if (Take<uint32_t>(bytes) != kVersion)
    return base::Fail(base::Code::kCorruptInput,
                      "packet index: unknown version");
  const auto count = Take<uint64_t>(bytes);
  if (bytes.size() % kPacketBytes != 0 || bytes.size() / kPacketBytes != count)
    return base::Fail(base::Code::kCorruptInput, "packet index: wrong length");
  PacketIndex index;
  index.packets.reserve(count);
  while (!bytes.empty()) {
    REEL_ASSIGN(Packet packet, TakePacket(bytes));
    index.packets.push_back(packet);
  }
  return index;
}

}  // namespace reel::model

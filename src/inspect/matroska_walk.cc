#include "inspect/matroska_walk.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <span>

namespace reel::inspect {
namespace {

constexpr uint64_t kHeader = 0x1A45DFA3, kSegment = 0x18538067, kVoid = 0xEC;
constexpr int kMostElements = 16;  // before the segment
constexpr int kMostIdBytes = 4, kMostSizeBytes = 8;

// A number whose first byte's leading zeros tell its length.
struct VarInt {
  uint64_t value = 0;  // with the bit that marks the length
  int bytes = 0;
  uint64_t marker() const { return uint64_t{1} << (7 * bytes); }
};

// nullopt if there is none within `most` bytes.
std::optional<VarInt> ReadVarInt(std::span<const uint8_t> bytes, int most) {
  if (bytes.empty()) return std::nullopt;
  const int length = std::countl_zero(bytes.front()) + 1;
  if (length > most || std::ssize(bytes) < length) return std::nullopt;
  VarInt number{0, length};
  for (int i = 0; i < length; ++i)
    number.value = number.value << 8 | bytes[static_cast<size_t>(i)];
  return number;
}

struct Element {
  uint64_t id = 0;
  int64_t header_bytes = 0;
  std::optional<int64_t> bytes;  // nullopt: unknown
};

base::Result<std::optional<Element>> ReadElement(const base::ByteSource& source,
                                                 int64_t offset) {
  std::array<uint8_t, kMostIdBytes + kMostSizeBytes> bytes{};
  REEL_ASSIGN(const size_t got, source.ReadAt(offset, bytes));
  const auto known = std::span(bytes).first(got);
  const auto id = ReadVarInt(known, kMostIdBytes);
  if (!id) return std::nullopt;
  const auto size =
      ReadVarInt(known.subspan(static_cast<size_t>(id->bytes)), kMostSizeBytes);
  if (!size) return std::nullopt;
  Element element{id->value, id->bytes + size->bytes, std::nullopt};
  const uint64_t value = size->value - size->marker();
  if (value != size->marker() - 1) element.bytes = static_cast<int64_t>(value);
  return element;
}

}  // namespace

base::Result<int64_t> MissingMatroskaBytes(const base::ByteSource& source) {
  REEL_ASSIGN(const int64_t size, source.Size());
  int64_t offset = 0;
  for (int n = 0; n < kMostElements && offset < size; ++n) {
    REEL_ASSIGN(const auto element, ReadElement(source, offset));
    const bool expected =
        element && (n == 0 ? element->id == kHeader
                           : element->id == kSegment || element->id == kVoid);
    if (!expected || !element->bytes) return 0;
    const int64_t left = size - offset - element->header_bytes;
    if (element->id == kSegment || *element->bytes > left)
      return std::max<int64_t>(0, *element->bytes - left);
    offset += element->header_bytes + *element->bytes;
  }
  return 0;
}

}  // namespace reel::inspect

#include "media/segment_index.h"

#include <string_view>

#include "media/mp4_box.h"

namespace reel::media {
namespace {

using base::Code;
using base::Fail;
using base::Result;

constexpr int64_t kFixedBytes = 40;
constexpr int64_t kReferenceBytes = 12;
constexpr uint32_t kStartsWithSapType1 = 0x9000'0000;
constexpr uint32_t kIsIndex = 0x8000'0000;

bool Fits(int64_t value, int bits) {
  return value >= 0 && value < int64_t{1} << bits;
}

bool Fits(const SegmentIndex& index) {
  if (!Fits(index.timescale_hz, 32) || index.first_ticks < 0) return false;
  for (const auto& reference : index.references) {
    if (!Fits(reference.bytes, 31) || !Fits(reference.duration_ticks, 32))
      return false;
  }
  return index.references.size() < 1 << 16;
}

// Appends `value` in `bytes` bytes, big-endian.
void Put(std::vector<uint8_t>& out, int bytes, int64_t value) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<uint8_t>(value >> shift));
}

}  // namespace

int64_t SegmentIndexBytes(size_t references) {
  return kFixedBytes + kReferenceBytes * static_cast<int64_t>(references);
}

Result<std::vector<uint8_t>> WriteSegmentIndex(const SegmentIndex& index) {
  if (!Fits(index)) {
    return Fail(Code::kUnsupported,
                "a segment index holds at most 65535 segments, each below "
                "2^31 bytes and 2^32 ticks");
  }
  std::vector<uint8_t> out;
  Put(out, 4, SegmentIndexBytes(index.references.size()));
  for (const char c : std::string_view("sidx"))
    out.push_back(static_cast<uint8_t>(c));
  Put(out, 4, 1 << 24);  // version 1: 64-bit times
  Put(out, 4, index.track_id);
  Put(out, 4, index.timescale_hz);
  Put(out, 8, index.first_ticks);
  Put(out, 8, 0);  // the media follow directly
  Put(out, 2, 0);
  Put(out, 2, static_cast<int64_t>(index.references.size()));
  for (const auto& reference : index.references) {
    Put(out, 4, reference.bytes);
    Put(out, 4, reference.duration_ticks);
    Put(out, 4, kStartsWithSapType1);
  }
  return out;
}

Result<SegmentIndex> ParseSegmentIndex(std::span<const uint8_t> sidx) {
  REEL_ASSIGN(const std::span<const uint8_t> payload, RequireBox(sidx, "sidx"));
  FieldReader fields(payload);
  const size_t wide = fields.Get<uint8_t>() == 0 ? 4 : 8;
  fields.Skip(3);
  SegmentIndex index;
  index.track_id = fields.Get<uint32_t>();
  index.timescale_hz = fields.Get<uint32_t>();
  index.first_ticks = static_cast<int64_t>(fields.GetBytes(wide));
  const uint64_t first_offset = fields.GetBytes(wide);
  fields.Skip(2);
  const auto count = fields.Get<uint16_t>();
  bool has_index = false;
  for (int i = 0; i < count && fields.ok(); ++i) {
    const auto bytes = fields.Get<uint32_t>();
    has_index |= (bytes & kIsIndex) != 0;
    index.references.push_back(
        {.bytes = bytes & ~kIsIndex, .duration_ticks = fields.Get<uint32_t>()});
    fields.Skip(4);
  }
  if (!fields.ok() || index.first_ticks < 0 || index.timescale_hz == 0) {
    return Fail(Code::kCorruptInput, "sidx box is cut short or out of range");
  }
  if (has_index || first_offset != 0) {
    return Fail(Code::kUnsupported, "sidx box does not index what follows it");
  }
  return index;
}

}  // namespace reel::media

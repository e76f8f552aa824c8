#include "inspect/box_walk.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace reel::inspect {
namespace {

constexpr int kMaxBoxes = 1'000'000;

struct Box {
  std::array<char, 4> type{};
  int64_t bytes = 0;  // header included; 0: to the end of the file

  bool Is(std::string_view name) const {
    return std::string_view(type.data(), type.size()) == name;
  }
};

int64_t BigEndian(std::span<const uint8_t> bytes) {
  uint64_t value = 0;
  for (const uint8_t byte : bytes) value = value << 8 | byte;
  return static_cast<int64_t>(value);
}

// nullopt when no box header is there: the end, or other bytes.
base::Result<std::optional<Box>> ReadBox(const base::ByteSource& source,
                                         int64_t offset) {
  std::array<uint8_t, 16> header{};
  REEL_ASSIGN(const size_t got, source.ReadAt(offset, header));
  if (got < 8) return std::nullopt;
  Box box;
  std::copy_n(header.begin() + 4, 4, box.type.begin());
  box.bytes = BigEndian(std::span(header).first(4));
  if (box.bytes == 1 && got == header.size()) {
    box.bytes = BigEndian(std::span(header).last(8));
  }
  if (box.bytes != 0 && box.bytes < 8) return std::nullopt;
  return box;
}

// Types that such a file begins with; QuickTime's older files have no ftyp.
bool MayComeFirst(const Box& box) {
  for (const auto name :
       {"ftyp", "styp", "moov", "mdat", "moof", "wide", "free", "skip"}) {
    if (box.Is(name)) return true;
  }
  return false;
}

}  // namespace

base::Result<BoxWalk> WalkBoxes(const base::ByteSource& source) {
  REEL_ASSIGN(const int64_t size, source.Size());
  BoxWalk walk;
  int64_t offset = 0;
  for (int n = 0; n < kMaxBoxes && offset < size; ++n) {
    REEL_ASSIGN(const std::optional<Box> box, ReadBox(source, offset));
    if (!box || (n == 0 && !MayComeFirst(*box))) break;
    walk.is_iso = true;
    walk.has_media |= box->Is("mdat");
    walk.has_index |= box->Is("moov");
    const bool matters = box->Is("mdat") || box->Is("moov") || box->Is("moof");
    if (box->bytes == 0 || box->bytes > size - offset) {
      if (matters && box->bytes != 0) {
        walk.missing_bytes = box->bytes - (size - offset);
      }
      break;
    }
    offset += box->bytes;
  }
  return walk;
}

}  // namespace reel::inspect

// Boxes of ISO BMFF files (ISO/IEC 14496-12, 4.2). Bytes are hostile until
// parsed: every size is held against what contains it, nothing recurses, and
// nothing is allocated for a size that is not there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace reel::media {

// Where a box lies in a file.
struct Box {
  std::string type;  // four bytes, "moof"
  int64_t offset = 0;
  int64_t bytes = 0;         // with its header
  int64_t header_bytes = 0;  // 8, or 16 with a large size
};

// The top-level box at `offset`; nullopt exactly at the end.
// Errors: kCorruptInput if the box is not whole, kIo.
base::Result<std::optional<Box>> ReadBoxHeader(const base::File& file,
                                               int64_t offset);
// All bytes of a box. Errors: kResourceExhausted above `max_bytes`, kIo.
base::Result<std::vector<uint8_t>> ReadBox(const base::File& file,
                                           const Box& box, int64_t max_bytes);

// A box in memory; both views are of the bytes that it was taken from.
struct BoxView {
  std::string_view type;
  std::span<const uint8_t> payload;
};

// Takes the first box off `bytes`; nullopt when there are none.
// Errors: kCorruptInput.
base::Result<std::optional<BoxView>> TakeBox(std::span<const uint8_t>& bytes);
// The payload of the first box of `type` in a row of boxes; nullopt if there is
// none. Errors: kCorruptInput.
base::Result<std::optional<std::span<const uint8_t>>> FindBox(
    std::span<const uint8_t> boxes, std::string_view type);
// As FindBox, where the box has to be there: its lack is kCorruptInput.
base::Result<std::span<const uint8_t>> RequireBox(
    std::span<const uint8_t> boxes, std::string_view type);
// As RequireBox, where a second one is kUnsupported.
base::Result<std::span<const uint8_t>> RequireOnlyBox(
    std::span<const uint8_t> boxes, std::string_view type);

// Big-endian fields of a payload. Reading past the end gives zeros and makes
// `ok` false for good, so that one check at the end is enough.
class FieldReader {
 public:
  explicit FieldReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  template <typename T>
  T Get() {
    return static_cast<T>(GetBytes(sizeof(T)));
  }
  // `count` bytes, 1 to 8, as one number.
  uint64_t GetBytes(size_t count);
  void Skip(size_t count);
  std::span<const uint8_t> rest() const { return bytes_; }
  bool ok() const { return ok_; }

 private:
  std::span<const uint8_t> bytes_;
  bool ok_ = true;
};

}  // namespace reel::media

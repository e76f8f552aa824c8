// Little-endian bytes, for the binary artifacts of docs/formats/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace reel::base {

// A format's first bytes: four letters and a version.
struct FormatTag {
  std::string_view magic;  // 4 characters
  uint32_t version = 1;
};

class ByteWriter {
 public:
  explicit ByteWriter(FormatTag tag) {
    for (const char c : tag.magic) Put(static_cast<uint8_t>(c));
    Put(tag.version);
  }
  // Integers of any width, two's complement.
  template <typename T>
  requires std::is_integral_v<T>
  void Put(T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (size_t i = 0; i < sizeof(T); ++i)
      bytes_.push_back(
          static_cast<uint8_t>(static_cast<uint64_t>(bits) >> (8 * i)));
  }
  template <typename T, size_t kSize>
  void Put(const std::array<T, kSize>& values) {
    for (const T value : values) Put(value);
  }
  std::vector<uint8_t> Take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
};

// Reads what ByteWriter wrote. Reading past the end gives zeros and makes `ok`
// false for good, so that one check at the end is enough; sizes that come from
// the bytes must be held against `remaining` before memory is reserved.
class ByteReader {
 public:
  ByteReader(std::span<const uint8_t> bytes, FormatTag tag) : bytes_(bytes) {
    for (const char c : tag.magic)
      ok_ = Get<uint8_t>() == static_cast<uint8_t>(c) && ok_;
    ok_ = Get<uint32_t>() == tag.version && ok_;
  }
  template <typename T>
  requires std::is_integral_v<T> T Get() {
    if (remaining() < sizeof(T)) {
      ok_ = false;
      return 0;
    }
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof(T); ++i)
      bits |= uint64_t{bytes_[position_++]} << (8 * i);
    return static_cast<T>(bits);
  }
  template <typename T, size_t kSize>
  void Get(std::array<T, kSize>& values) {
    for (T& value : values) value = Get<T>();
  }
  size_t remaining() const { return bytes_.size() - position_; }
  bool ok() const { return ok_; }
  // All read, and nothing was missing.
  bool AtEnd() const { return ok_ && remaining() == 0; }

 private:
  std::span<const uint8_t> bytes_;
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace reel::base

#include "imf/mxf_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace reel::imf {
namespace {

using Bytes = std::span<const uint8_t>;

constexpr int64_t kMaxRunIn = 65536;  // ST 377-1, 6.5
constexpr int64_t kMaxMetadata = int64_t{16} << 20;
constexpr int kMaxPartitions = 100'000;
constexpr size_t kKeyBytes = 16;
// As far as keys are compared; byte 8 is a version.
constexpr std::array<uint8_t, 4> kPrefix{0x06, 0x0E, 0x2B, 0x34};

// Local tags of ST 377-1, annexes A, B, F: static, the primer need not be read.
constexpr uint16_t kPackageUid = 0x4401;
constexpr uint16_t kLinkedPackageUid = 0x2701;
constexpr uint16_t kEssenceContainer = 0x3004;
constexpr uint16_t kPictureCoding = 0x3201;
constexpr uint16_t kSoundCoding = 0x3D06;

uint64_t BigEndian(Bytes bytes) {
  uint64_t value = 0;
  for (const uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

std::string Hex(Bytes bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool KeyIs(Bytes key, std::initializer_list<int> after_prefix) {
  if (key.size() < kKeyBytes ||
      !std::equal(kPrefix.begin(), kPrefix.end(), key.begin()))
    return false;
  size_t at = kPrefix.size();
  for (const int byte : after_prefix) {
    if (byte >= 0 && key[at] != byte) return false;  // -1: any
    ++at;
  }
  return true;
}

bool IsPartitionPack(Bytes key) {
  return KeyIs(key, {2, 5, 1, -1, 0x0D, 1, 2, 1, 1}) && key[13] >= 2 &&
         key[13] <= 4;
}

// A set of header metadata with two-byte tags and lengths.
bool IsLocalSet(Bytes key) {
  return KeyIs(key, {2, 0x53, 1, -1, 0x0D, 1, 1, 1, 1, 1});
}

// Takes a BER length (ST 336, 6.3) off `bytes`; nullopt if it is malformed.
std::optional<uint64_t> TakeLength(Bytes& bytes) {
  if (bytes.empty()) return std::nullopt;
  const uint8_t first = bytes[0];
  const size_t more = first < 0x80 ? 0 : first & 0x7F;
  if (more > 8 || bytes.size() < 1 + more) return std::nullopt;
  const uint64_t length =
      more == 0 && first < 0x80 ? first : BigEndian(bytes.subspan(1, more));
  bytes = bytes.subspan(1 + more);
  return length;
}

// ST 377-1, 7.1.
struct Partition {
  int64_t previous = 0;
  int64_t footer = 0;
  int64_t header_bytes = 0;
  int64_t index_bytes = 0;
  int64_t end = 0;  // of the pack, bytes from the file's run-in
  std::string container;
};

base::Result<Partition> ReadPartition(const base::File& file, int64_t offset) {
  constexpr size_t kFixedBytes = 88;
  const auto not_mxf =
      base::Fail(base::Code::kCorruptInput, "no partition pack");
  std::array<uint8_t, kKeyBytes + 9 + kFixedBytes + kKeyBytes> buffer{};
  REEL_ASSIGN(const size_t got, file.ReadAt(offset, buffer));
  Bytes bytes = Bytes(buffer).first(got);
  if (!IsPartitionPack(bytes)) return not_mxf;
  bytes = bytes.subspan(kKeyBytes);
  const size_t before = bytes.size();
  const auto length = TakeLength(bytes);
  if (!length || *length < kFixedBytes || *length > (1U << 20) ||
      bytes.size() < kFixedBytes)
    return not_mxf;
  const auto number = [&](size_t at) {
    return static_cast<int64_t>(BigEndian(bytes.subspan(at, 8)));
  };
  Partition partition{.previous = number(16),
                      .footer = number(24),
                      .header_bytes = number(32),
                      .index_bytes = number(40),
                      .container = {}};
  partition.end = offset + static_cast<int64_t>(kKeyBytes + before -
                                                bytes.size() + *length);
  const uint64_t containers = BigEndian(bytes.subspan(80, 4));
  if (containers > 0 && bytes.size() >= kFixedBytes + kKeyBytes)
    partition.container = Hex(bytes.subspan(kFixedBytes, kKeyBytes));
  return partition;
}

// Where the header partition begins.
base::Result<int64_t> FindHeader(const base::File& file) {
  std::vector<uint8_t> bytes(kMaxRunIn + kKeyBytes);
  REEL_ASSIGN(const size_t got, file.ReadAt(0, bytes));
  const Bytes beginning = Bytes(bytes).first(got);
  for (size_t at = 0; at + kKeyBytes <= beginning.size(); ++at) {
    if (IsPartitionPack(beginning.subspan(at, kKeyBytes)))
      return static_cast<int64_t>(at);
  }
  return base::Fail(base::Code::kCorruptInput, "not an MXF file");
}

// A UUID from the material number of a UMID (ST 330, 6.3).
std::string UuidOfUmid(Bytes umid) {
  const std::string hex = Hex(umid.subspan(16));
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
                     hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

void ReadItem(uint8_t set, uint16_t tag, Bytes value, MxfFacts& facts) {
  constexpr uint8_t kEssenceContainerData = 0x23;
  constexpr uint8_t kSourcePackage = 0x37;
  const bool is_file_package =
      (set == kEssenceContainerData && tag == kLinkedPackageUid) ||
      (set == kSourcePackage && tag == kPackageUid && facts.package_id.empty());
  if (is_file_package && value.size() == 32)
    facts.package_id = UuidOfUmid(value);
  if (value.size() != 16) return;
  if (tag == kPictureCoding || tag == kSoundCoding) facts.coding = Hex(value);
  if (tag == kEssenceContainer && facts.container.empty())
    facts.container = Hex(value);
}

void ReadSet(uint8_t set, Bytes bytes, MxfFacts& facts) {
  while (bytes.size() >= 4) {
    const auto tag = static_cast<uint16_t>(BigEndian(bytes.first(2)));
    const size_t length = BigEndian(bytes.subspan(2, 2));
    bytes = bytes.subspan(4);
    if (length > bytes.size()) return;
    ReadItem(set, tag, bytes.first(length), facts);
    bytes = bytes.subspan(length);
  }
}

void ReadMetadata(Bytes bytes, MxfFacts& facts) {
  while (bytes.size() > kKeyBytes) {
    const Bytes key = bytes.first(kKeyBytes);
    bytes = bytes.subspan(kKeyBytes);
    const auto length = TakeLength(bytes);
    if (!length || *length > bytes.size()) return;
    const Bytes value = bytes.first(static_cast<size_t>(*length));
    if (IsLocalSet(key)) ReadSet(key[14], value, facts);
    bytes = bytes.subspan(value.size());
  }
}

// From the last partition back to the first.
base::Result<bool> HasIndex(const base::File& file, int64_t run_in,
                            const Partition& header) {
  if (header.index_bytes > 0) return true;
  REEL_ASSIGN(const int64_t size, file.Size());
  int64_t offset = header.footer;
  for (int n = 0; n < kMaxPartitions && offset > 0 && offset < size; ++n) {
    const auto partition = ReadPartition(file, run_in + offset);
    if (!partition) return false;
    if (partition->index_bytes > 0) return true;
    if (partition->previous >= offset) return false;
    offset = partition->previous;
  }
  return false;
}

}  // namespace

base::Result<MxfFacts> ReadMxfFacts(const std::string& path) {
  REEL_ASSIGN(const base::File file, base::File::OpenForReading(path));
  REEL_ASSIGN(const int64_t run_in, FindHeader(file));
  REEL_ASSIGN(const Partition header, ReadPartition(file, run_in));
  MxfFacts facts;
  std::vector<uint8_t> metadata(static_cast<size_t>(
      std::clamp<int64_t>(header.header_bytes, kMaxRunIn, kMaxMetadata)));
  REEL_ASSIGN(const size_t got, file.ReadAt(header.end, metadata));
  ReadMetadata(Bytes(metadata).first(got), facts);
  if (facts.container.empty()) facts.container = header.container;
  REEL_ASSIGN(facts.has_index, HasIndex(file, run_in, header));
  return facts;
}

}  // namespace reel::imf

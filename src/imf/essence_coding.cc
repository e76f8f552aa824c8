#include "imf/essence_coding.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace reel::imf {
namespace {

struct Entry {
  std::string_view digits;  // after the first eight bytes
  const char* name;
};

// The longest beginning that fits wins: the most specific come first.
constexpr Entry kCodings[] = {
    {"04010202030108", "High-Throughput JPEG 2000 (ISO/IEC 15444-15)"},
    {"040102020301", "JPEG 2000 (ISO/IEC 15444-1)"},
    {"040102020304", "ACES (OpenEXR, SMPTE ST 2065-4)"},
    {"040102020305", "VC-5 (SMPTE ST 2073)"},
    {"040102020306", "Apple ProRes (SMPTE RDD 36)"},
    {"040102020308", "JPEG XS (ISO/IEC 21122)"},
    {"04010202010", "MPEG-2 video"},
    {"0401020201", "MPEG video"},
    {"040102020271", "VC-3, DNxHD (SMPTE ST 2019-1)"},
    {"04010202", "compressed pictures"},
    {"04010201", "uncompressed pictures"},
    {"0e090604", "Immersive Audio Bitstream (SMPTE ST 2098-2)"},
    {"0402020101", "linear PCM"},
    {"04020201", "uncompressed sound"},
    {"04020202", "compressed sound"},
    // Containers: where a descriptor names no coding.
    {"0d010301020c06", "JPEG 2000 (ISO/IEC 15444-1)"},
    {"0d010301020c01", "JPEG 2000 (ISO/IEC 15444-1)"},
    {"0d01030102190", "ACES (OpenEXR, SMPTE ST 2065-5)"},
    {"0d010301021d", "Immersive Audio Bitstream (SMPTE ST 2067-201)"},
    {"0d010301020601", "PCM in frames (SMPTE ST 382)"},
    {"0d010301020602", "PCM in clips (SMPTE ST 382)"},
    {"0d010301021301", "timed text (SMPTE ST 429-5)"},
    {"0d010301021c", "Apple ProRes (SMPTE RDD 44)"},
    {"0d0103010220", "VC-5 (SMPTE ST 2073-10)"},
    {"0d0103010221", "JPEG XS (SMPTE ST 2124)"},
};

constexpr Entry kTransfers[] = {
    {"0401010101010000", "gamma28"},     {"0401010101020000", "bt709"},
    {"0401010101030000", "smpte240m"},   {"0401010101040000", "bt709"},
    {"0401010101050000", "bt1361e"},     {"0401010101060000", "linear"},
    {"0401010101070000", "smpte428"},    {"0401010101080000", "iec61966-2-4"},
    {"0401010101090000", "bt2020-10"},   {"04010101010a0000", "smpte2084"},
    {"04010101010b0000", "arib-std-b67"}};

constexpr Entry kPrimaries[] = {
    {"0401010103010000", "smpte170m"}, {"0401010103020000", "bt470bg"},
    {"0401010103030000", "bt709"},     {"0401010103040000", "bt2020"},
    {"0401010103050000", "smpte428"},  {"0401010103060000", "smpte432"}};

constexpr Entry kMatrices[] = {
    {"0401010102010000", "smpte170m"}, {"0401010102020000", "bt709"},
    {"0401010102030000", "smpte240m"}, {"0401010102040000", "ycgco"},
    {"0401010102050000", "gbr"},       {"0401010102060000", "bt2020nc"}};

template <size_t kSize>
std::string Find(const Entry (&table)[kSize], std::string_view label) {
  constexpr size_t kRegistryDigits = 16;
  if (label.size() != 32) return "";
  const std::string_view item = label.substr(kRegistryDigits);
  const auto* found = std::find_if(
      std::begin(table), std::end(table),
      [&](const Entry& entry) { return item.starts_with(entry.digits); });
  return found == std::end(table) ? "" : found->name;
}

}  // namespace

std::string EssenceCodingName(std::string_view label) {
  return Find(kCodings, label);
}

std::string TransferName(std::string_view label) {
  return Find(kTransfers, label);
}

std::string PrimariesName(std::string_view label) {
  return Find(kPrimaries, label);
}

std::string MatrixName(std::string_view label) {
  return Find(kMatrices, label);
}

std::string LabelText(std::string_view label) {
  if (label.size() != 32) return std::string(label);
  return fmt::format("urn:smpte:ul:{}.{}.{}.{}", label.substr(0, 8),
                     label.substr(8, 8), label.substr(16, 8),
                     label.substr(24, 8));
}

}  // namespace reel::imf

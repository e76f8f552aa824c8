#include "media/random_access.h"

#include <algorithm>
#include <optional>

namespace reel::media {
namespace {

using Bytes = std::span<const uint8_t>;

// Takes the first NAL unit off `data`: length-prefixed, or between start codes.
Bytes TakeLengthPrefixed(Bytes& data, int length_bytes) {
  if (data.size() < static_cast<size_t>(length_bytes)) return data = {};
  size_t length = 0;
  for (int i = 0; i < length_bytes; ++i) length = length << 8 | data[i];
  data = data.subspan(length_bytes);
  const Bytes unit = data.first(std::min(length, data.size()));
  data = data.subspan(unit.size());
  return unit;
}

// Offset of the next 00 00 01 at or after `from`; data.size() if none.
size_t FindStartCode(Bytes data, size_t from) {
  constexpr uint8_t kStartCode[] = {0, 0, 1};
  return std::search(data.begin() + from, data.end(), std::begin(kStartCode),
                     std::end(kStartCode)) -
         data.begin();
}

Bytes TakeAnnexB(Bytes& data) {
  const size_t start = FindStartCode(data, 0);
  if (start == data.size()) return data = {};
  const size_t end = FindStartCode(data, start + 3);
  const Bytes unit = data.subspan(start + 3, end - start - 3);
  data = data.subspan(end);
  return unit;
}

// Bits of an RBSP, MSB first, emulation prevention bytes skipped. Past the end
// all bits are 0.
class BitReader {
 public:
  explicit BitReader(Bytes data) : data_(data) {}

  int Bit() {
    if (bit_ == 0) NextByte();
    --bit_;
    return (byte_ >> bit_) & 1;
  }
  uint32_t Bits(int count) {
    uint32_t value = 0;
    while (count-- > 0) value = value << 1 | static_cast<uint32_t>(Bit());
    return value;
  }
  // ue(v), ITU-T H.264, 9.1.
  uint32_t Golomb() {
    int zeros = 0;
    while (zeros < 31 && Bit() == 0) ++zeros;
    return (1U << zeros) - 1 + Bits(zeros);
  }
  bool AtEnd() const { return next_ >= data_.size(); }

 private:
  void NextByte() {
    if (zeros_ >= 2 && next_ < data_.size() && data_[next_] == 3) {
      ++next_;
      zeros_ = 0;
    }
    byte_ = next_ < data_.size() ? data_[next_] : 0;
    ++next_;
    zeros_ = byte_ == 0 ? zeros_ + 1 : 0;
    bit_ = 8;
  }
  Bytes data_;
  size_t next_ = 0;
  uint8_t byte_ = 0;
  int bit_ = 0;
  int zeros_ = 0;
};

// payloadType or payloadSize of an SEI message (ITU-T H.264, 7.3.2.3.1).
uint32_t SeiNumber(BitReader& bits) {
  uint32_t value = 0;
  uint32_t byte = 0;
  do {
    byte = bits.Bits(8);
    value += byte;
  } while (byte == 255 && !bits.AtEnd());
  return value;
}

// `sei`: an SEI NAL unit of H.264 without its header byte.
bool HasExactRecoveryPoint(Bytes sei) {
  constexpr uint32_t kRecoveryPoint = 6;
  BitReader bits(sei);
  while (!bits.AtEnd()) {
    const uint32_t type = SeiNumber(bits);
    const uint32_t size = SeiNumber(bits);
    if (type == kRecoveryPoint) return bits.Golomb() == 0 && bits.Bit() == 1;
    for (uint32_t i = 0; i < size && !bits.AtEnd(); ++i) bits.Bits(8);
  }
  return false;
}

// Goes through the NAL units before the first slice's end.
template <typename Judge>
std::optional<bool> FirstVerdict(Bytes packet, int length_bytes, Judge judge) {
  while (!packet.empty()) {
    const Bytes unit = length_bytes > 0
                           ? TakeLengthPrefixed(packet, length_bytes)
                           : TakeAnnexB(packet);
    if (unit.empty()) continue;
    if (const std::optional<bool> verdict = judge(unit)) return verdict;
  }
  return std::nullopt;
}

bool IsH264Start(Bytes packet, int length_bytes) {
  bool has_parameters = length_bytes > 0;
  bool recovers = false;
  const auto judge = [&](Bytes unit) -> std::optional<bool> {
    switch (unit[0] & 0x1F) {
      case 1:
      case 2:
        return recovers && has_parameters;
      case 5:
        return has_parameters;
      case 6:
        recovers = recovers || HasExactRecoveryPoint(unit.subspan(1));
        return std::nullopt;
      case 7:
        has_parameters = true;
        return std::nullopt;
      default:
        return std::nullopt;
    }
  };
  return FirstVerdict(packet, length_bytes, judge).value_or(false);
}

bool IsHevcStart(Bytes packet, int length_bytes) {
  bool has_parameters = length_bytes > 0;
  const auto judge = [&](Bytes unit) -> std::optional<bool> {
    const int type = (unit[0] >> 1) & 0x3F;
    if (type == 33) has_parameters = true;
    if (type >= 32) return std::nullopt;  // not a slice
    return type >= 16 && type <= 21 && has_parameters;
  };
  return FirstVerdict(packet, length_bytes, judge).value_or(false);
}

bool IsMpegVideoStart(Bytes packet) {
  constexpr uint8_t kPicture = 0x00;
  constexpr uint8_t kSequenceHeader = 0xB3;
  for (size_t at = FindStartCode(packet, 0); at + 3 < packet.size();
       at = FindStartCode(packet, at + 3)) {
    if (packet[at + 3] == kSequenceHeader) return true;
    if (packet[at + 3] == kPicture) return false;
  }
  return false;
}

bool IsMpeg4Start(Bytes packet) {
  constexpr uint8_t kVop = 0xB6;
  // Packed AVI files have placeholders, some typed intra, for frames that came
  // earlier; libavcodec knows them by this size too (mpeg4_unpack_bframes).
  constexpr size_t kMaxPlaceholderBytes = 19;
  if (packet.size() <= kMaxPlaceholderBytes) return false;
  for (size_t at = FindStartCode(packet, 0); at + 4 < packet.size();
       at = FindStartCode(packet, at + 3)) {
    if (packet[at + 3] == kVop) return packet[at + 4] >> 6 == 0;
  }
  return false;
}

// avcC and hvcC (ISO/IEC 14496-15, 5.3.3 and 8.3.3) start with a version of 1,
// Annex B bytes with a zero.
int NalLengthBytes(const AVCodecParameters& codec) {
  const Bytes extra(codec.extradata, static_cast<size_t>(codec.extradata_size));
  const size_t at = codec.codec_id == AV_CODEC_ID_H264 ? 4 : 21;
  if (extra.size() <= at + 1 || extra[0] != 1) return 0;
  return (extra[at] & 3) + 1;
}

}  // namespace

RandomAccess::RandomAccess(const AVCodecParameters& codec)
    : codec_(codec.codec_id) {
  if (codec_ == AV_CODEC_ID_H264 || codec_ == AV_CODEC_ID_HEVC)
    nal_length_bytes_ = NalLengthBytes(codec);
}

bool RandomAccess::IsStart(Bytes packet) const {
  switch (codec_) {
    case AV_CODEC_ID_H264:
      return IsH264Start(packet, nal_length_bytes_);
    case AV_CODEC_ID_HEVC:
      return IsHevcStart(packet, nal_length_bytes_);
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
      return IsMpegVideoStart(packet);
    case AV_CODEC_ID_MPEG4:
      return IsMpeg4Start(packet);
    default:
      return true;
  }
}

}  // namespace reel::media

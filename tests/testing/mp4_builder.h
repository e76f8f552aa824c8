// CMAF tracks made by hand, box by box, so that a test can say exactly what is
// in them, or wrong with them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reel::testing {

using Bytes = std::vector<uint8_t>;

inline Bytes operator+(Bytes a, const Bytes& b) {
  for (const uint8_t byte : b) a.push_back(byte);
  return a;
}

// `value` in so many bytes, big-endian.
inline Bytes Be(int bytes, int64_t value) {
  Bytes out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<uint8_t>(value >> shift));
  return out;
}
inline Bytes U16(int64_t value) { return Be(2, value); }
inline Bytes U32(int64_t value) { return Be(4, value); }
inline Bytes U64(int64_t value) { return Be(8, value); }
inline Bytes Zeros(size_t count) { return Bytes(count); }

inline Bytes MakeBox(std::string_view type, const Bytes& payload) {
  return U32(static_cast<int64_t>(payload.size()) + 8) +
         Bytes(type.begin(), type.end()) + payload;
}
inline Bytes MakeFullBox(std::string_view type, int version, int flags,
                         const Bytes& payload) {
  return MakeBox(type, Be(1, version) + Be(3, flags) + payload);
}

// avcC content of High, level 3.1, without parameter sets.
inline Bytes HighAvcC() { return {1, 100, 0, 31, 0xFF, 0xE0, 0}; }

inline Bytes PictureEntry(int width, int height, const Bytes& avcc) {
  return MakeBox("avc1", Zeros(24) + U16(width) + U16(height) + Zeros(50) +
                             MakeBox("avcC", avcc));
}

// AAC-LC, with descriptors of one-byte and of four-byte sizes.
inline Bytes SoundEntry(int channels, int sample_rate_hz) {
  const Bytes config = Bytes{5, 0x80, 0x80, 0x80, 2, 0x11, 0x90};
  const Bytes decoder =
      Bytes{4, static_cast<uint8_t>(13 + config.size()), 0x40, 0x15} +
      Zeros(11) + config;
  const Bytes stream =
      Bytes{3, static_cast<uint8_t>(3 + decoder.size())} + Zeros(3) + decoder;
  return MakeBox("mp4a", Zeros(16) + U16(channels) + U16(16) + Zeros(4) +
                             U32(int64_t{sample_rate_hz} << 16) +
                             MakeFullBox("esds", 0, 0, stream));
}

struct InitOptions {
  int64_t timescale_hz = 24;
  Bytes sample_entry = PictureEntry(640, 360, HighAvcC());
  int64_t edit_start_ticks = 0;
};

inline Bytes MakeTrak(const InitOptions& options) {
  const Bytes tkhd = MakeFullBox("tkhd", 0, 7, Zeros(8) + U32(1) + Zeros(68));
  const Bytes mdhd = MakeFullBox(
      "mdhd", 0, 0, Zeros(8) + U32(options.timescale_hz) + Zeros(8));
  const Bytes stsd = MakeFullBox("stsd", 0, 0, U32(1) + options.sample_entry);
  Bytes edts;
  if (options.edit_start_ticks != 0) {
    edts = MakeBox("edts",
                   MakeFullBox("elst", 0, 0,
                               U32(1) + U32(0) + U32(options.edit_start_ticks) +
                                   U32(0x10000)));
  }
  return MakeBox(
      "trak",
      tkhd + edts +
          MakeBox("mdia", mdhd + MakeBox("minf", MakeBox("stbl", stsd))));
}

inline Bytes MakeInit(const InitOptions& options) {
  const Bytes trex = MakeFullBox("trex", 0, 0, U32(1) + U32(1) + Zeros(12));
  return MakeBox("ftyp", Bytes{'c', 'm', 'f', 'c'} + U32(0)) +
         MakeBox("moov", MakeTrak(options) + MakeBox("mvex", trex));
}

struct TestSample {
  int64_t bytes = 10;
  int64_t duration_ticks = 1;
  bool sync = false;
  int64_t composition_ticks = 0;
};

struct FragmentOptions {
  int64_t sequence_number = 1;
  int64_t decode_ticks = 0;
  std::vector<TestSample> samples;
  uint8_t fill = 0xAB;  // of the mdat
};

inline Bytes MakeMoof(const FragmentOptions& options, int64_t data_offset) {
  Bytes runs;
  for (const TestSample& sample : options.samples) {
    runs = runs + U32(sample.duration_ticks) + U32(sample.bytes) +
           U32(sample.sync ? 0x2000000 : 0x1010000) +
           U32(sample.composition_ticks);
  }
  const Bytes trun =
      MakeFullBox("trun", 1, 0xF01,
                  U32(static_cast<int64_t>(options.samples.size())) +
                      U32(data_offset) + runs);
  return MakeBox(
      "moof", MakeFullBox("mfhd", 0, 0, U32(options.sequence_number)) +
                  MakeBox("traf", MakeFullBox("tfhd", 0, 0x20000, U32(1)) +
                                      MakeFullBox("tfdt", 1, 0,
                                                  U64(options.decode_ticks)) +
                                      trun));
}

// moof + mdat.
inline Bytes MakeFragment(const FragmentOptions& options) {
  size_t bytes = 0;
  for (const TestSample& sample : options.samples)
    bytes += static_cast<size_t>(sample.bytes);
  const auto moof_bytes = static_cast<int64_t>(MakeMoof(options, 0).size());
  return MakeMoof(options, moof_bytes + 8) +
         MakeBox("mdat", Bytes(bytes, options.fill));
}

}  // namespace reel::testing

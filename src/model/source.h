// What a master says of itself.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/rational.h"

namespace reel::model {

// Names are those of ITU-T H.273 as FFmpeg spells them ("bt709", "smpte2084",
// "tv"); empty when the file does not say.
struct Color {
  std::string primaries;
  std::string transfer;
  std::string matrix;
  std::string range;  // "tv" (limited) or "pc" (full)
};

// Mastering display (SMPTE ST 2086) and content light level (CTA-861.3, Annex
// P). Chromaticities in 0.00002, luminances in 0.0001 cd/m2; 0 where not said.
struct HdrMetadata {
  bool mastering_display = false;
  std::array<int64_t, 6> primaries{};  // x and y of R, G, B
  std::array<int64_t, 2> white_point{};
  int64_t max_luminance = 0;
  int64_t min_luminance = 0;
  bool content_light = false;
  int64_t max_cll = 0;   // cd/m2
  int64_t max_fall = 0;  // cd/m2

  friend bool operator==(const HdrMetadata&, const HdrMetadata&) = default;
};

struct VideoTrack {
  int index = -1;  // in the container
  std::string codec;
  std::string profile;
  std::string pixel_format;
  int width = 0;  // coded, before rotation
  int height = 0;
  int bit_depth = 8;
  base::Rational sample_aspect{1, 1};  // the container's, else the stream's
  base::Rational coded_aspect{0, 1};   // the stream's own; {0, 1} if unsaid
  int rotation_degrees = 0;  // clockwise, to show it upright: 0, 90, 180, 270
  std::string field_order;   // "progressive", "tt", "bb", "tb", "bt" or ""
  base::Rational time_base{1, 1};
  base::Rational frame_rate{0, 1};  // nominal; {0, 1} when unknown
  Color color;
  HdrMetadata hdr;  // as the container has it; pictures may carry their own
};

struct AudioTrack {
  int index = -1;
  std::string codec;
  int sample_rate_hz = 0;
  int channels = 0;
  std::string layout;    // "stereo", "5.1(side)"
  std::string language;  // ISO 639-2 as in the container, or ""
  base::Rational time_base{1, 1};
};

struct Source {
  std::string path;    // as given by the user; never part of an identity
  std::string sha256;  // of the whole file; empty until it was read
  int64_t bytes = 0;
  std::string container;                    // "mov,mp4,m4a,3gp,3g2,mj2"
  base::Rational container_duration{0, 1};  // seconds; {0, 1} when not said
  VideoTrack video;                         // index -1: there is none
  std::vector<AudioTrack> audio;  // the one that belongs to the picture first
};

// Width and height upright, in square pixels (the larger side grows).
struct Size {
  int width = 0;
  int height = 0;
};
Size DisplaySize(const VideoTrack& track);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Color, primaries, transfer, matrix, range)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(HdrMetadata, mastering_display, primaries,
                                   white_point, max_luminance, min_luminance,
                                   content_light, max_cll, max_fall)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(VideoTrack, index, codec, profile,
                                   pixel_format, width, height, bit_depth,
                                   sample_aspect, coded_aspect,
                                   rotation_degrees, field_order, time_base,
                                   frame_rate, color, hdr)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudioTrack, index, codec, sample_rate_hz,
                                   channels, layout, language, time_base)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Source, path, sha256, bytes, container,
                                   container_duration, video, audio)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Size, width, height)

}  // namespace reel::model

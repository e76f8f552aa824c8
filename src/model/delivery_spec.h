// A delivery specification: what a client or a platform accepts. TOML,
// docs/specs.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/rational.h"
#include "base/result.h"

namespace reel::model {

// An empty list, and 0, allow everything.
struct VideoSpec {
  std::vector<std::string> codecs;    // as FFmpeg names them: "prores"
  std::vector<std::string> profiles;  // likewise: "HQ"
  std::vector<std::string> chroma;    // "4:2:0", "4:2:2", "4:4:4"
  std::vector<int64_t> bit_depths;
  std::vector<std::string> sizes;        // "1920x1080", as stored
  std::vector<std::string> frame_rates;  // "24000/1001", "25"
  int64_t max_width = 0;                 // as stored
  int64_t max_height = 0;
  std::string max_frame_rate;
  std::string scan;  // "progressive", "interlaced" or ""
};

struct AudioSpec {
  std::vector<std::string> codecs;
  std::vector<int64_t> sample_rates_hz;
  std::vector<int64_t> channels;
};

struct DeliverySpec {
  std::string name;  // empty: there is none
  std::string title;
  std::vector<std::string> containers;  // one of the demuxer's names
  VideoSpec video;
  AudioSpec audio;
};

// Errors: kInvalidArgument with line and column, also for unknown keys.
base::Result<DeliverySpec> ParseDeliverySpec(std::string_view toml,
                                             const std::string& name);
// Those compiled in from specs/*.toml, by name, sorted.
std::vector<std::string> BuiltInSpecNames();
// A built-in one, or else the one in the file of that path.
// Errors: kNotFound, naming the built-in ones; those of ParseDeliverySpec.
base::Result<DeliverySpec> LoadDeliverySpec(const std::string& name_or_path);

// "24000/1001", "25": a positive rational. Errors: kInvalidArgument.
base::Result<base::Rational> ParseRate(std::string_view text);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(VideoSpec, codecs, profiles, chroma,
                                   bit_depths, sizes, frame_rates, max_width,
                                   max_height, max_frame_rate, scan)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudioSpec, codecs, sample_rates_hz, channels)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DeliverySpec, name, title, containers, video,
                                   audio)

}  // namespace reel::model

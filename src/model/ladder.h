// The ladder of one title: what is encoded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace reel::model {

struct Rung {
  std::string id;       // "720p-h264": the rendition's id and file name
  std::string profile;  // "h264-high"
  std::string preset;
  int width = 0;  // even, square pixels
  int height = 0;
  int crf = 23;
  int64_t rate_bps = 0;
  int64_t maxrate_bps = 0;
  int64_t buffer_bits = 0;
};

struct Ladder {
  std::string mode;         // "fixed"
  std::vector<Rung> rungs;  // largest first
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Rung, id, profile, preset, width, height,
                                   crf, rate_bps, maxrate_bps, buffer_bits)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Ladder, mode, rungs)

}  // namespace reel::model

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
  double crf = 23;  // of all chunks, unless the ladder chooses for each
  int64_t rate_bps = 0;
  int64_t maxrate_bps = 0;
  int64_t buffer_bits = 0;
  // Of a searched ladder; 0 and "" in a fixed one.
  double target_vmaf = 0;
  std::string reason = {};  // why this rung is there, for people
};

// What the search chose for one chunk of one rung, and what it expects.
struct ChunkChoice {
  double crf = 0;   // a multiple of kCrfStep
  double vmaf = 0;  // mean
  // The quality it is held to: less than the mean where its worst second is far
  // below the rest (ladder/gate.h).
  double target_vmaf = 0;
  int64_t bits = 0;
  // The recipe's caps, or the size itself, keep it below its target.
  bool capped = false;
};

// Constant quality is asked for in these steps: finer ones change nothing that
// eyes see, and equal wishes must be equal to be reused.
inline constexpr double kCrfStep = 0.25;

struct Ladder {
  std::string mode;         // "fixed", "per-title", "per-shot"
  std::vector<Rung> rungs;  // best first
  // [rungs][chunks]; empty in a fixed ladder.
  std::vector<std::vector<ChunkChoice>> choices = {};
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Rung, id, profile, preset, width, height,
                                   crf, rate_bps, maxrate_bps, buffer_bits,
                                   target_vmaf, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChunkChoice, crf, vmaf, target_vmaf, bits,
                                   capped)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Ladder, mode, rungs, choices)

}  // namespace reel::model

// A recipe: how a title is made. TOML, docs/recipes.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/rational.h"
#include "base/result.h"
#include "model/inspection_limits.h"

namespace reel::model {

// One step of a fixed ladder, or one size that a search may choose.
struct RungRecipe {
  int height = 0;        // box height; the box is 16:9, see ladder/ladder.h
  int64_t rate_bps = 0;  // nominal; the VBV caps follow from it
  std::string profile;   // "h264-baseline", "h264-main", "h264-high"
};

struct VideoRecipe {
  std::string preset = "medium";
  double crf = 23;
  // Peak rate and buffer as multiples of the rung's rate, in percent.
  int maxrate_percent = 150;
  int buffer_percent = 200;
  std::vector<RungRecipe> rungs;
};

// What a searched ladder is to be: modes "per-title" and "per-shot". Qualities
// are VMAF.
struct LadderRecipe {
  double target_vmaf = 95;  // of the best rung
  double floor_vmaf = 50;   // no rung is meant to be worse
  double step_vmaf = 6;     // between rungs: just noticeable
  // A rung at or below this rate is the last one.
  int64_t floor_rate_bps = 150'000;
  // No shot is further below its rung's target.
  double worst_shot_below = 4;
  std::string pooling = "harmonic-mean";  // of shots; or "mean"
  // "fast", or "exhaustive": every size at CRF 18, 21 … 45, to compare with.
  std::string search = "fast";
};

// The promise that every chunk is held to, once it is encoded.
struct QualityRecipe {
  bool measure = false;         // always in the modes above
  double tolerance = 1;         // of a chunk's mean, below its target
  double second_tolerance = 4;  // of its worst second, below its target
  double overshoot = 1;         // above its target: corrected downward
  int max_attempts = 3;         // encodes of one chunk
};

struct AudioRecipe {
  int64_t rate_bps = 128'000;
  int channels = 2;
};

struct ChunkRecipe {
  int64_t max_segment_ms = 4000;
  int64_t min_segment_ms = 500;    // shorter shots share a segment
  int64_t target_chunk_ms = 5000;  // chunks collate segments up to about this
};

struct Recipe {
  std::string name;
  std::string mode = "fixed";
  VideoRecipe video;
  LadderRecipe ladder;
  QualityRecipe quality;
  AudioRecipe audio;
  ChunkRecipe chunks;
  InspectionLimits inspection;
};

// Errors: kInvalidArgument with line and column, also for unknown keys and
// values out of range.
base::Result<Recipe> ParseRecipe(std::string_view toml,
                                 const std::string& name);

// Recipes compiled in from recipes/*.toml, by name, sorted: "default", "fixed",
// "per-title".
std::vector<std::string> BuiltInRecipeNames();
// Its TOML; nullopt for a name that is none of them.
std::optional<std::string_view> BuiltInRecipeText(const std::string& wanted);
// A built-in recipe, or else the one in the file of that path.
// Errors: kNotFound, naming the built-in ones; those of ParseRecipe.
base::Result<Recipe> LoadRecipe(const std::string& name_or_path);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RungRecipe, height, rate_bps, profile)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(VideoRecipe, preset, crf, maxrate_percent,
                                   buffer_percent, rungs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LadderRecipe, target_vmaf, floor_vmaf,
                                   step_vmaf, floor_rate_bps, worst_shot_below,
                                   pooling, search)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(QualityRecipe, measure, tolerance,
                                   second_tolerance, overshoot, max_attempts)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudioRecipe, rate_bps, channels)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChunkRecipe, max_segment_ms, min_segment_ms,
                                   target_chunk_ms)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Recipe, name, mode, video, ladder, quality,
                                   audio, chunks, inspection)

}  // namespace reel::model

#include "model/recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/file.h"
#include "built_in_recipes.h"  // generated from recipes/*.toml
#include "model/toml_reader.h"

namespace reel::model {
namespace {

using base::Code;
using base::Fail;
using base::Status;

constexpr int64_t kMaxRecipeBytes = 1 << 20;
constexpr size_t kMaxRungs = 32;
constexpr std::array<std::string_view, 3> kModes{"fixed", "per-title",
                                                 "per-shot"};
constexpr std::array<std::string_view, 2> kPoolings{"harmonic-mean", "mean"};
constexpr std::array<std::string_view, 2> kSearches{"fast", "exhaustive"};
constexpr std::array<std::string_view, 3> kProfiles{"h264-baseline",
                                                    "h264-main", "h264-high"};
constexpr std::array<std::string_view, 9> kPresets{
    "ultrafast", "superfast", "veryfast", "faster",  "fast",
    "medium",    "slow",      "slower",   "veryslow"};

void ReadRung(TableReader& reader, RungRecipe& rung) {
  for (const char* key : {"height", "rate_bps", "profile"}) reader.Require(key);
  reader.Read("height", 2, 8640, rung.height);
  reader.Read("rate_bps", 10'000, 1'000'000'000, rung.rate_bps);
  reader.Read("profile", kProfiles, rung.profile);
}

void ReadVideo(TableReader& reader, VideoRecipe& video) {
  reader.Require("rungs");
  reader.Read("preset", kPresets, video.preset);
  reader.ReadNumber("crf", 0, 51, video.crf);
  reader.Read("maxrate_percent", 100, 1000, video.maxrate_percent);
  reader.Read("buffer_percent", 50, 1000, video.buffer_percent);
  reader.ReadTables("rungs", kMaxRungs, [&](TableReader& entry) {
    ReadRung(entry, video.rungs.emplace_back());
  });
}

void ReadLadder(TableReader& reader, LadderRecipe& ladder) {
  reader.ReadNumber("target_vmaf", 1, 100, ladder.target_vmaf);
  reader.ReadNumber("floor_vmaf", 0, 100, ladder.floor_vmaf);
  reader.ReadNumber("step_vmaf", 1, 50, ladder.step_vmaf);
  reader.Read("floor_rate_bps", 0, 1'000'000'000, ladder.floor_rate_bps);
  reader.ReadNumber("worst_shot_below", 0, 100, ladder.worst_shot_below);
  reader.Read("pooling", kPoolings, ladder.pooling);
  reader.Read("search", kSearches, ladder.search);
}

void ReadQuality(TableReader& reader, QualityRecipe& quality) {
  reader.Read("measure", quality.measure);
  reader.ReadNumber("tolerance", 0.1, 100, quality.tolerance);
  reader.ReadNumber("second_tolerance", 0.1, 100, quality.second_tolerance);
  reader.ReadNumber("overshoot", 0.5, 100, quality.overshoot);
  reader.Read("max_attempts", 1, 3, quality.max_attempts);
}

void ReadAudio(TableReader& reader, AudioRecipe& audio) {
  reader.Read("rate_bps", 8'000, 512'000, audio.rate_bps);
  reader.Read("channels", 1, 2, audio.channels);
}

void ReadChunks(TableReader& reader, ChunkRecipe& chunks) {
  reader.Read("max_segment_ms", 500, 60'000, chunks.max_segment_ms);
  reader.Read("min_segment_ms", 0, 60'000, chunks.min_segment_ms);
  reader.Read("target_chunk_ms", 500, 3'600'000, chunks.target_chunk_ms);
}

void ReadInspection(TableReader& reader, InspectionLimits& limits) {
  constexpr int64_t kHourMs = 3'600'000;
  reader.Read("black_ms", 0, kHourMs, limits.black_ms);
  reader.Read("black_at_start_ms", 0, kHourMs, limits.black_at_start_ms);
  reader.Read("black_at_end_ms", 0, kHourMs, limits.black_at_end_ms);
  reader.Read("freeze_ms", 0, kHourMs, limits.freeze_ms);
  reader.Read("gap_reject_ms", 0, kHourMs, limits.gap_reject_ms);
  reader.Read("audio_short_reject_ms", 0, kHourMs,
              limits.audio_short_reject_ms);
  reader.Read("av_offset_warn_ms", 0, kHourMs, limits.av_offset_warn_ms);
  reader.Read("av_offset_reject_ms", 0, kHourMs, limits.av_offset_reject_ms);
  reader.Read("flashes_per_second", 0, 100, limits.flashes_per_second);
  reader.Read("letterbox_percent", 1, 100, limits.letterbox_percent);
  reader.Read("upscaled_percent", 0, 100, limits.upscaled_percent);
}

Status ReadRecipe(const toml::table& table, Recipe& recipe) {
  TableReader reader(table, "");
  reader.Require("video");
  reader.Read("mode", kModes, recipe.mode);
  reader.ReadTable("video",
                   [&](TableReader& r) { ReadVideo(r, recipe.video); });
  reader.ReadTable("ladder",
                   [&](TableReader& r) { ReadLadder(r, recipe.ladder); });
  reader.ReadTable("quality",
                   [&](TableReader& r) { ReadQuality(r, recipe.quality); });
  reader.ReadTable("audio",
                   [&](TableReader& r) { ReadAudio(r, recipe.audio); });
  reader.ReadTable("chunks",
                   [&](TableReader& r) { ReadChunks(r, recipe.chunks); });
  reader.ReadTable("inspection", [&](TableReader& r) {
    ReadInspection(r, recipe.inspection);
  });
  return reader.Finish();
}

// Rules that span several fields.
Status CheckRecipe(const Recipe& recipe) {
  if (recipe.chunks.min_segment_ms > recipe.chunks.max_segment_ms) {
    return Fail(Code::kInvalidArgument,
                "chunks.min_segment_ms is above chunks.max_segment_ms; "
                "lower it");
  }
  if (recipe.ladder.floor_vmaf > recipe.ladder.target_vmaf) {
    return Fail(Code::kInvalidArgument,
                "ladder.floor_vmaf is above ladder.target_vmaf; lower it");
  }
  std::set<int> heights;
  for (const RungRecipe& rung : recipe.video.rungs) {
    if (!heights.insert(rung.height).second) {
      return Fail(Code::kInvalidArgument,
                  fmt::format("two video.rungs have height {}; remove one",
                              rung.height));
    }
  }
  return {};
}

}  // namespace

base::Result<Recipe> ParseRecipe(std::string_view toml,
                                 const std::string& name) {
  const std::string doing = fmt::format("recipe {}", name);
  auto table = ParseToml(toml);
  if (!table) return base::Prefix(table.error(), doing);
  Recipe recipe;
  recipe.name = name;
  REEL_TRY_DOING(doing, ReadRecipe(*table, recipe));
  REEL_TRY_DOING(doing, CheckRecipe(recipe));
  // A search without its proof would promise what nobody has seen.
  if (recipe.mode != "fixed") recipe.quality.measure = true;
  return recipe;
}

std::vector<std::string> BuiltInRecipeNames() {
  std::vector<std::string> names;
  for (const auto& [name, text] : kBuiltInRecipes) names.emplace_back(name);
  return names;
}

std::optional<std::string_view> BuiltInRecipeText(const std::string& wanted) {
  for (const auto& [name, text] : kBuiltInRecipes)
    if (name == wanted) return text;
  return std::nullopt;
}

base::Result<Recipe> LoadRecipe(const std::string& name_or_path) {
  if (const auto built_in = BuiltInRecipeText(name_or_path))
    return ParseRecipe(*built_in, name_or_path);
  auto text = base::ReadTextFile(name_or_path, kMaxRecipeBytes);
  if (!text && text.error().code == Code::kNotFound) {
    return Fail(
        Code::kNotFound,
        fmt::format("recipe {}: no such file, nor a built-in recipe "
                    "({})",
                    name_or_path, fmt::join(BuiltInRecipeNames(), ", ")));
  }
  if (!text)
    return base::Prefix(text.error(), fmt::format("recipe {}", name_or_path));
  return ParseRecipe(*text, name_or_path);
}

}  // namespace reel::model

#include "model/recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/file.h"
#include "built_in_recipes.h"  // generated from recipes/*.toml

namespace reel::model {
namespace {

using base::Code;
using base::Fail;
using base::Status;

constexpr int64_t kMaxRecipeBytes = 1 << 20;
constexpr size_t kMaxRungs = 32;
constexpr std::array<std::string_view, 1> kModes{"fixed"};
constexpr std::array<std::string_view, 3> kProfiles{"h264-baseline",
                                                    "h264-main", "h264-high"};
constexpr std::array<std::string_view, 9> kPresets{
    "ultrafast", "superfast", "veryfast", "faster",  "fast",
    "medium",    "slow",      "slower",   "veryslow"};

// One table of a recipe. Each field that is read is ticked off; what remains
// in the end is unknown. Only the first error is kept.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string path)
      : table_(table), path_(std::move(path)) {}

  // An absent key leaves `value` alone.
  template <typename T>
  void Read(std::string_view key, int64_t least, int64_t most, T& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const auto number = node->value_exact<int64_t>();
    if (!number || *number < least || *number > most) {
      Complain(*node, fmt::format("{} must be a whole number from {} to {}",
                                  Name(key), least, most));
      return;
    }
    value = static_cast<T>(*number);
  }

  void Read(std::string_view key, std::span<const std::string_view> choices,
            std::string& value) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const auto text = node->value_exact<std::string_view>();
    if (!text ||
        std::find(choices.begin(), choices.end(), *text) == choices.end()) {
      Complain(*node, fmt::format("{} must be one of \"{}\"", Name(key),
                                  fmt::join(choices, "\", \"")));
      return;
    }
    value = *text;
  }

  // A table of its own, read by `read`.
  template <typename F>
  void ReadTable(std::string_view key, F read) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    if (const toml::table* table = node->as_table()) {
      ReadInner(*table, Name(key), read);
    } else {
      Complain(*node, fmt::format("{0} must be a table: [{0}]", Name(key)));
    }
  }

  // An array of tables, each read by `read`.
  template <typename F>
  void ReadTables(std::string_view key, size_t most, F read) {
    const toml::node* node = Find(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr || array->size() > most ||
        !array->is_homogeneous(toml::node_type::table)) {
      Complain(*node, fmt::format("{0} must be 1 to {1} tables: [[{0}]]",
                                  Name(key), most));
      return;
    }
    for (const toml::node& entry : *array)
      ReadInner(*entry.as_table(), Name(key), read);
  }

  void Require(std::string_view key) {
    if (!table_.contains(key)) {
      Complain(table_, fmt::format("{} is missing", Name(key)));
    }
  }

  // The first error, or an unknown key.
  Status Finish() {
    for (const auto& [key, node] : table_) {
      if (known_.contains(key.str())) continue;
      Complain(key.source(),
               fmt::format("unknown key {}; known here: {}", Name(key.str()),
                           fmt::join(known_, ", ")));
    }
    if (error_) return Fail(Code::kInvalidArgument, *error_);
    return {};
  }

 private:
  std::string Name(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  const toml::node* Find(std::string_view key) {
    known_.insert(key);
    return table_.get(key);
  }

  template <typename F>
  void ReadInner(const toml::table& table, std::string path, F read) {
    TableReader reader(table, std::move(path));
    read(reader);
    if (auto status = reader.Finish(); !status && !error_)
      error_ = status.error().message;
  }

  void Complain(const toml::node& node, const std::string& what) {
    Complain(node.source(), what);
  }
  void Complain(const toml::source_region& where, const std::string& what) {
    if (error_) return;
    error_ = fmt::format("line {}, column {}: {}", where.begin.line,
                         where.begin.column, what);
  }

  const toml::table& table_;
  std::string path_;
  std::set<std::string_view> known_;
  std::optional<std::string> error_;
};

void ReadRung(TableReader& reader, RungRecipe& rung) {
  for (const char* key : {"height", "rate_bps", "profile"}) reader.Require(key);
  reader.Read("height", 2, 8640, rung.height);
  reader.Read("rate_bps", 10'000, 1'000'000'000, rung.rate_bps);
  reader.Read("profile", kProfiles, rung.profile);
}

void ReadVideo(TableReader& reader, VideoRecipe& video) {
  reader.Require("rungs");
  reader.Read("preset", kPresets, video.preset);
  reader.Read("crf", 0, 51, video.crf);
  reader.Read("maxrate_percent", 100, 1000, video.maxrate_percent);
  reader.Read("buffer_percent", 50, 1000, video.buffer_percent);
  reader.ReadTables("rungs", kMaxRungs, [&](TableReader& entry) {
    ReadRung(entry, video.rungs.emplace_back());
  });
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

Status ReadRecipe(const toml::table& table, Recipe& recipe) {
  TableReader reader(table, "");
  reader.Require("video");
  reader.Read("mode", kModes, recipe.mode);
  reader.ReadTable("video",
                   [&](TableReader& r) { ReadVideo(r, recipe.video); });
  reader.ReadTable("audio",
                   [&](TableReader& r) { ReadAudio(r, recipe.audio); });
  reader.ReadTable("chunks",
                   [&](TableReader& r) { ReadChunks(r, recipe.chunks); });
  return reader.Finish();
}

// Rules that span several fields.
Status CheckRecipe(const Recipe& recipe) {
  if (recipe.chunks.min_segment_ms > recipe.chunks.max_segment_ms) {
    return Fail(Code::kInvalidArgument,
                "chunks.min_segment_ms is above chunks.max_segment_ms; "
                "lower it");
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

// toml++ throws as Debian builds it; nothing gets past here.
base::Result<toml::table> ParseToml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return Fail(Code::kInvalidArgument,
                fmt::format("line {}, column {}: {}", error.source().begin.line,
                            error.source().begin.column, error.description()));
  }
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
  return recipe;
}

std::vector<std::string> BuiltInRecipeNames() {
  std::vector<std::string> names;
  for (const auto& [name, text] : kBuiltInRecipes) names.emplace_back(name);
  return names;
}

base::Result<Recipe> LoadRecipe(const std::string& name_or_path) {
  for (const auto& [name, text] : kBuiltInRecipes)
    if (name == name_or_path) return ParseRecipe(text, name_or_path);
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

#include "model/delivery_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>

#include "base/file.h"
#include "built_in_specs.h"  // generated from specs/*.toml
#include "model/toml_reader.h"

namespace reel::model {
namespace {

using base::Code;
using base::Fail;

constexpr int64_t kMaxSpecBytes = 1 << 20;
constexpr int64_t kMaxSide = 65'536;
constexpr std::array<std::string_view, 2> kScans{"progressive", "interlaced"};

void ReadVideo(TableReader& reader, VideoSpec& video) {
  reader.ReadList("codecs", "texts", video.codecs);
  reader.ReadList("profiles", "texts", video.profiles);
  reader.ReadList("chroma", "texts", video.chroma);
  reader.ReadList("bit_depths", "whole numbers", video.bit_depths);
  reader.ReadList("sizes", "texts", video.sizes);
  reader.ReadList("frame_rates", "texts", video.frame_rates);
  reader.Read("max_width", 2, kMaxSide, video.max_width);
  reader.Read("max_height", 2, kMaxSide, video.max_height);
  reader.Read("max_frame_rate", video.max_frame_rate);
  reader.Read("scan", kScans, video.scan);
}

void ReadAudio(TableReader& reader, AudioSpec& audio) {
  reader.ReadList("codecs", "texts", audio.codecs);
  reader.ReadList("sample_rates_hz", "whole numbers", audio.sample_rates_hz);
  reader.ReadList("channels", "whole numbers", audio.channels);
}

// What the grammar does not say.
base::Status CheckSpec(const DeliverySpec& spec) {
  for (const std::string& rate : spec.video.frame_rates)
    REEL_TRY_DOING("video.frame_rates",
                   ParseRate(rate).map([](base::Rational) {}));
  if (spec.video.max_frame_rate.empty()) return {};
  REEL_TRY_DOING(
      "video.max_frame_rate",
      ParseRate(spec.video.max_frame_rate).map([](base::Rational) {}));
  return {};
}

}  // namespace

base::Result<base::Rational> ParseRate(std::string_view text) {
  base::Rational rate{0, 1};
  const char* const end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, rate.num);
  if (read.ec == std::errc() && read.ptr != end && *read.ptr == '/')
    read = std::from_chars(read.ptr + 1, end, rate.den);
  if (read.ec != std::errc() || read.ptr != end || rate.num <= 0 ||
      rate.den <= 0) {
    return Fail(Code::kInvalidArgument,
                fmt::format("\"{}\" is no rate; write 25 or 24000/1001", text));
  }
  return base::Reduce(rate);
}

base::Result<DeliverySpec> ParseDeliverySpec(std::string_view toml,
                                             const std::string& name) {
  const std::string doing = fmt::format("specification {}", name);
  auto table = ParseToml(toml);
  if (!table) return base::Prefix(table.error(), doing);
  DeliverySpec spec;
  spec.name = name;
  spec.title = name;
  TableReader reader(*table, "");
  reader.Read("title", spec.title);
  reader.ReadList("containers", "texts", spec.containers);
  reader.ReadTable("video", [&](TableReader& r) { ReadVideo(r, spec.video); });
  reader.ReadTable("audio", [&](TableReader& r) { ReadAudio(r, spec.audio); });
  REEL_TRY_DOING(doing, reader.Finish());
  REEL_TRY_DOING(doing, CheckSpec(spec));
  return spec;
}

std::vector<std::string> BuiltInSpecNames() {
  std::vector<std::string> names;
  for (const auto& [name, text] : kBuiltInSpecs) names.emplace_back(name);
  return names;
}

base::Result<DeliverySpec> LoadDeliverySpec(const std::string& name_or_path) {
  for (const auto& [name, text] : kBuiltInSpecs)
    if (name == name_or_path) return ParseDeliverySpec(text, name_or_path);
  auto text = base::ReadTextFile(name_or_path, kMaxSpecBytes);
  if (!text && text.error().code == Code::kNotFound) {
    return Fail(Code::kNotFound,
                fmt::format("specification {}: no such file, nor a built-in "
                            "one ({})",
                            name_or_path, fmt::join(BuiltInSpecNames(), ", ")));
  }
  if (!text)
    return base::Prefix(text.error(),
                        fmt::format("specification {}", name_or_path));
  return ParseDeliverySpec(*text, name_or_path);
}

}  // namespace reel::model

#include "model/composition.h"

#include "base/digest.h"

namespace reel::model {
namespace {

constexpr std::string_view kFormat = "reel-composition";
constexpr int kVersion = 1;
// Far above any title, far below what sums of 64 bits hold.
constexpr int64_t kMaxUnits = int64_t{1} << 40;
constexpr int64_t kMaxBytes = int64_t{1} << 62;

tl::unexpected<base::Error> Corrupt(const std::string& what) {
  return base::Fail(base::Code::kCorruptInput, "composition: " + what);
}

base::Status CheckFile(const CompositionFile& file) {
  if (!file.path.starts_with('/')) return Corrupt("a path is not absolute");
  if (file.size_bytes < 0) return Corrupt("a size is negative");
  return {};
}

// `units` and `bytes` are sums over the track so far.
base::Status CheckResource(const CompositionResource& resource,
                           const std::vector<CompositionFile>& files,
                           int64_t& units, int64_t& bytes) {
  if (resource.file < 0 || resource.file >= std::ssize(files) ||
      resource.stream < 0)
    return Corrupt("a resource's file is not there");
  const auto in_range = [](int64_t value, int64_t least) {
    return value >= least && value <= kMaxUnits;
  };
  if (!in_range(resource.entry, 0) || !in_range(resource.duration, 1) ||
      !in_range(resource.repeat, 1) ||
      resource.repeat > (kMaxUnits - units) / resource.duration)
    return Corrupt("a resource's units are out of range");
  units += resource.duration * resource.repeat;
  const int64_t size = files[static_cast<size_t>(resource.file)].size_bytes;
  if (size > 0 && resource.repeat > (kMaxBytes - bytes) / size)
    return Corrupt("more bytes than can be counted");
  bytes += size * resource.repeat;
  return {};
}

base::Status CheckTrack(const CompositionTrack& track,
                        const std::vector<CompositionFile>& files) {
  constexpr int64_t kMaxRate = 1'000'000'000;
  const base::Rational rate = track.unit_rate;
  if (rate.num < 1 || rate.den < 1 || rate.num > kMaxRate ||
      rate.den > kMaxRate)
    return Corrupt("a track's rate is out of range");
  if (track.resources.empty()) return Corrupt("a track is empty");
  int64_t units = 0;
  int64_t bytes = 0;
  for (const CompositionResource& resource : track.resources)
    REEL_TRY(CheckResource(resource, files, units, bytes));
  return {};
}

base::Status Check(const Composition& composition) {
  for (const CompositionFile& file : composition.files)
    REEL_TRY(CheckFile(file));
  for (const CompositionTrack& track : composition.tracks) {
    REEL_TRY(CheckTrack(track, composition.files));
    const bool is_first = &track == composition.tracks.data();
    if ((track.kind == TrackKind::kPicture) != is_first)
      return Corrupt("one picture track must come first");
  }
  if (composition.tracks.empty()) return Corrupt("no tracks");
  return {};
}

}  // namespace

int64_t CompositionTrack::Units() const {
  int64_t sum = 0;
  for (const CompositionResource& resource : resources)
    sum += resource.duration * resource.repeat;
  return sum;
}

std::string Digest(const Composition& composition) {
  base::Json tracks = base::Json::array();
  for (const CompositionTrack& track : composition.tracks) {
    base::Json resources = base::Json::array();
    for (const CompositionResource& resource : track.resources) {
      const auto file = static_cast<size_t>(resource.file);
      resources.push_back({composition.files.at(file).sha256, resource.stream,
                           resource.entry, resource.duration, resource.repeat});
    }
    const base::Rational rate = base::Reduce(track.unit_rate);
    tracks.push_back({track.kind, track.language, rate, resources});
  }
  return base::Sha256(base::DumpJson(
      {{"format", kFormat}, {"version", kVersion}, {"tracks", tracks}}));
}

std::string Serialize(const Composition& composition) {
  base::Json json = composition;
  json["format"] = kFormat;
  json["version"] = kVersion;
  return base::DumpPrettyJson(json) + "\n";
}

base::Result<Composition> ParseComposition(std::string_view text) {
  REEL_ASSIGN(const base::Json json, base::ParseJson(text));
  if (!json.is_object() || json.value("format", base::Json()) != kFormat)
    return Corrupt("not a composition file");
  if (json.value("version", base::Json()) != kVersion)
    return Corrupt("another version");
  REEL_ASSIGN(Composition composition, base::FromJson<Composition>(json));
  REEL_TRY(Check(composition));
  return composition;
}

std::optional<std::string> CompositionPath(std::string_view source) {
  if (!source.starts_with(kCompositionScheme)) return std::nullopt;
  return std::string(source.substr(kCompositionScheme.size()));
}

}  // namespace reel::model

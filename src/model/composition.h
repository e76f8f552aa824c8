// A title put together from parts of several media files: what an IMF package's
// composition playlist says, resolved to files. media::Input plays it as one
// continuous source. docs/formats/composition.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/rational.h"
#include "base/result.h"

namespace reel::model {

// A media file that a composition plays from.
struct CompositionFile {
  std::string path;  // absolute; never part of an identity
  int64_t size_bytes = 0;
  int64_t modified_ns = 0;  // since 1970
  std::string sha256;
  // Whether its index tells where each edit unit is. Without one, units are
  // counted from the file's beginning.
  bool indexed = false;
};

// A stretch of a file, played `repeat` times in a row.
struct CompositionResource {
  int32_t file = 0;      // in Composition::files
  int32_t stream = 0;    // in the file
  int64_t entry = 0;     // first unit that is played
  int64_t duration = 0;  // units, >= 1
  int64_t repeat = 1;    // >= 1
};

enum class TrackKind { kPicture, kSound, kText };
NLOHMANN_JSON_SERIALIZE_ENUM(TrackKind, {{TrackKind::kPicture, "picture"},
                                         {TrackKind::kSound, "sound"},
                                         {TrackKind::kText, "text"}})

// One track from the title's start to its end. Its units are frames of a
// picture, samples of a sound.
struct CompositionTrack {
  TrackKind kind = TrackKind::kPicture;
  std::string language;                        // RFC 5646 tag, or ""
  base::Rational unit_rate;                    // units per second
  std::vector<CompositionResource> resources;  // in the order of the timeline
  int64_t Units() const;
};

struct Composition {
  std::vector<CompositionFile> files;
  std::vector<CompositionTrack> tracks;  // at most one picture, the first
};

// The identity: SHA-256 over what is played, with the files' digests instead of
// their places. Two packages with equal essence and edits are one source. Pure.
std::string Digest(const Composition& composition);

// The text of a composition file. Pure.
std::string Serialize(const Composition& composition);
// Errors: kCorruptInput for what Serialize would not write: no JSON, another
// version, paths that are not absolute, indices, units or sizes out of range
// (then also sums stay below 2^62).
base::Result<Composition> ParseComposition(std::string_view text);

// How media code names a composition file to be opened as one source. Only
// workflow::Inputs hands out such names, and a path that a user typed never is
// one, for those are made absolute: so no file that was handed in can name
// others by claiming to be a composition.
inline constexpr std::string_view kCompositionScheme = "composition:";
// The file's path; nullopt for the path of an ordinary file.
std::optional<std::string> CompositionPath(std::string_view source);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompositionFile, path, size_bytes,
                                   modified_ns, sha256, indexed)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompositionResource, file, stream, entry,
                                   duration, repeat)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompositionTrack, kind, language, unit_rate,
                                   resources)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Composition, files, tracks)

}  // namespace reel::model

// IMF packages (SMPTE ST 2067): from the directory in which a studio delivers a
// title to one composition that media::Input plays. What is supported, and what
// is found: docs/imf.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/rational.h"
#include "base/result.h"
#include "imf/hash_check.h"
#include "model/composition.h"
#include "model/finding.h"

namespace reel::imf {

struct PackageRequest {
  std::string directory;
  // Directories of original versions, which a supplemental package builds on.
  std::vector<std::string> originals{};
  // Id of the composition to take; "": the only one.
  std::string composition{};
  // Which one to take if none is named and there are several: the first, or
  // kInvalidArgument.
  enum class Several { kFirst, kRefuse } several = Several::kRefuse;
};

// What people ask of a package.
struct TrackListing {
  std::string kind;  // "picture", "sound", "text", or its sequences' name
  std::string id;
  std::string language;  // RFC 5646 tag, or ""
  std::string coding;    // "JPEG 2000 (ISO/IEC 15444-1)", or ""
  base::Rational edit_rate;
  int64_t units = 0;  // edit units
  int64_t resources = 0;
  double duration = 0;  // seconds
};

struct CompositionListing {
  std::string id;
  std::string title;
  std::string file;
  base::Rational edit_rate;
  double duration = 0;  // seconds, of the picture
  int64_t segments = 0;
  std::vector<std::string> applications;
  std::vector<TrackListing> tracks;
  bool chosen = false;
};

struct PackageListing {
  std::string directory;
  std::string id;
  std::vector<CompositionListing> compositions;
  std::vector<std::string> output_profiles;
};

struct Package {
  PackageListing listing;
  std::vector<model::Finding> findings;
  std::string title;  // of the chosen composition
  // Of the chosen composition, unless a finding rejects.
  std::optional<model::Composition> composition;
};

// Reads the package, checks every file of it against its packing list, resolves
// the chosen composition and looks into its essence. Whatever is wrong with the
// package is a finding.
//   memory    see DigestAssets
//   progress  gets the fraction done, 0..1, and stops the work with kCancelled
//             by returning false; may be empty
// Errors: kNotFound, kInvalidArgument (no directory; no composition of that id,
// or several to choose from: the message names them), kIo, kCancelled,
// kResourceExhausted.
base::Result<Package> OpenPackage(const PackageRequest& request,
                                  std::vector<KnownDigest>& memory,
                                  const std::function<bool(double)>& progress);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TrackListing, kind, id, language, coding,
                                   edit_rate, units, resources, duration)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompositionListing, id, title, file,
                                   edit_rate, duration, segments, applications,
                                   tracks, chosen)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PackageListing, directory, id, compositions,
                                   output_profiles)

}  // namespace reel::imf

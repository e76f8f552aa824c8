// Entry header of packaging: finished tracks to HLS and DASH manifests, and
// thumbnails. Pure functions; the caller writes what they return.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "model/encoded.h"
#include "package/bitrate.h"     // IWYU pragma: export
#include "package/stills.h"      // IWYU pragma: export
#include "package/thumbnails.h"  // IWYU pragma: export

namespace reel::package {

// One title, ready to be described. Its files lie beside the manifests:
// video/RENDITION.mp4, audio/RENDITION.mp4, thumbnails/.
struct Title {
  std::vector<model::VideoTrackFile> video;  // n >= 1, best first
  std::vector<model::AudioTrackFile> audio;  // may be empty; default first
  // The timeline's; one for all renditions.
  base::Rational frame_rate{0, 1};
  std::optional<ThumbnailLayout> thumbnails;
};

// Path relative to the title's directory -> contents.
using Manifests = std::map<std::string, std::string>;

// All text files of a title:
//   master.m3u8, manifest.mpd
//   video/RENDITION.m3u8, video/RENDITION-iframes.m3u8, audio/RENDITION.m3u8
//   thumbnails/thumbnails.vtt, if there are thumbnails
// Errors: kInvalidArgument for a title without video or segments, times that do
// not follow each other, or a name or language that is more than plain text.
// Sources: RFC 8216bis (HLS, version 7), ISO/IEC 23009-1 8.3 (DASH on-demand
// profile), DASH-IF IOP 4.3 6.2.6 (thumbnails), WebVTT.
base::Result<Manifests> WriteManifests(const Title& title);

}  // namespace reel::package

// HLS playlists. Source: draft-pantos-hls-rfc8216bis, protocol version 7.
#pragma once

#include <string>

#include "model/encoded.h"
#include "package/package.h"

namespace reel::package {

// Of a title that WriteManifests has checked.
std::string MasterPlaylist(const Title& title);
std::string MediaPlaylist(const model::VideoTrackFile& track);
std::string MediaPlaylist(const model::AudioTrackFile& track);
// Each segment's key frame alone, shown until the next.
std::string IFramePlaylist(const model::VideoTrackFile& track);

}  // namespace reel::package

// Which codec libraries do the work, for `reel --version` and reports.
#pragma once

#include <string>
#include <vector>

namespace reel::media {

struct LibraryVersion {
  std::string library;  // "libavcodec", "x264"
  std::string version;  // of the library that runs, not of its headers
};

// libavformat, libavcodec, libavutil, libswscale, libswresample, x264; a
// library that is missing has the version "none".
std::vector<LibraryVersion> LibraryVersions();

}  // namespace reel::media

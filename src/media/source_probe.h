// Opening a source: what it says of itself.
#pragma once

#include <string>

#include "base/result.h"
#include "model/source.h"

namespace reel::media {

// The facts of a file's header; its main picture track (default disposition,
// then the larger) and all audio tracks, the related one first. sha256 stays
// empty. A file without a picture track is no error: video.index is -1;
// attached pictures (cover art) do not count.
// Errors: kNotFound, kInvalidArgument (unreadable), kCorruptInput (libav cannot
// tell what it is; an empty file too), kUnsupported (recognised, no decoder).
base::Result<model::Source> ProbeSource(const std::string& path);

// The container that the file's first bytes look like,
// "mov,mp4,m4a,3gp,3g2,mj2" or the like; empty when they look like none. Tells
// a damaged or cut media file, which ProbeSource refuses, from one that is none
// at all. Errors: kNotFound, kInvalidArgument (unreadable), kIo.
base::Result<std::string> RecognizeContainer(const std::string& path);

}  // namespace reel::media

// What a demuxer says of its tracks, in our words.
#pragma once

#include "media/handles.h"
#include "model/source.h"

namespace reel::media {

// The main picture track: default disposition first, then the larger, then the
// first. Attached pictures and still images are none. -1: there is none.
int MainVideoStream(const AVFormatContext& context);
model::VideoTrack VideoFacts(AVFormatContext& context, int stream);
// All audio tracks that say how they sound; the one that goes with stream
// `video` (its program's, the container's default) first.
std::vector<model::AudioTrack> AudioFacts(AVFormatContext& context, int video);

}  // namespace reel::media

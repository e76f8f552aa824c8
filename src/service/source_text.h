// What a source is and what was found in it, in words. Pure.
#pragma once

#include <string>

#include "model/finding.h"
#include "model/source.h"

namespace reel::service {

// "h264 High, 1280 × 720, 8 bit, yuv420p"
std::string Describe(const model::VideoTrack& track);
// "aac, stereo, 48000 Hz, eng"
std::string Describe(const model::AudioTrack& track);
// "bt709, bt709, bt709, tv"; empty if the file says nothing.
std::string Describe(const model::Color& color);

const char* SeverityName(model::Severity severity);  // "reject"
// "10.583 to 10.7 s, from frame 254, stream 0"; empty for the whole file.
std::string DescribePlace(const model::Finding& finding);

}  // namespace reel::service

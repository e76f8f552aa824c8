// What libavcodec knows of a codec by itself.
#pragma once

#include <cstdint>

#include "media/handles.h"

namespace reel::media {

// Whether every packet is a picture that refers to no other.
bool IsIntraOnly(AVCodecID codec);
// Bits of one sample of one channel; 0 if the sound is not linear PCM in whole
// bytes.
int LinearPcmBits(AVCodecID codec);

}  // namespace reel::media

// The first picture of a track, for what only a picture tells.
#pragma once

#include "base/result.h"
#include "media/handles.h"
#include "media/input.h"

namespace reel::media {

// Reads on from where `input` is. Errors: as Input::Read; kUnsupported with the
// decoder's words when no picture comes of the first packets.
base::Result<Frame> DecodeFirstPicture(Input& input, int stream);

// Its order of fields as libav knows it; AV_FIELD_UNKNOWN if it does not say
// that it has any.
AVFieldOrder FieldOrderOf(const AVFrame& frame);

}  // namespace reel::media

// What a stream says of the screen it was graded on.
#pragma once

#include "media/handles.h"
#include "media/picture.h"
#include "model/source.h"

namespace reel::media {

// Of a decoded picture (SEI messages, metadata OBUs). Pure.
model::HdrMetadata HdrMetadataOf(const Picture& picture);
// Of a stream's header (mdcv and clli boxes). Pure.
model::HdrMetadata HdrMetadataOf(const AVStream& stream);

}  // namespace reel::media

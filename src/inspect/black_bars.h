// Black rows and columns at the edges of a picture.
#pragma once

#include "inspect/picture_stats.h"
#include "media/picture.h"

namespace reel::inspect {

// A row or column is black when all but one in fifty of its samples are at most
// 14 levels of 8 bits above black and their mean at most 8: black stays so
// through coding, dark pictures do not. Looks at every fourth sample. A black
// picture is all top and all left. Pure.
Bars FindBars(const media::Picture& picture);

}  // namespace reel::inspect

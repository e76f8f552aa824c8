// Are the two fields of a picture of one moment? After the idea of FFmpeg's
// idet (Niedermayer): a line that fits between its neighbours belongs to them.
#pragma once

#include "inspect/picture_stats.h"
#include "media/picture.h"

namespace reel::inspect {

// `before` null or of another size or depth: only `own` is measured. Pure.
FieldWeave MeasureWeave(const media::Picture& picture,
                        const media::Picture* before);

enum class Fields {
  kUnknown,  // too little moves
  kOneMoment,
  kTopFirst,
  kBottomFirst,
};
// Moving fields of two moments leave neighbouring lines fitting hardly better
// than lines of one field do (combing), and the nearer field of the picture
// before fits better than the farther. Pure.
Fields JudgeWeave(const FieldWeave& weave);

}  // namespace reel::inspect

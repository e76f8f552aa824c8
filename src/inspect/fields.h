// What the frames of a title are made of, field by field.
#pragma once

#include <cstdint>

#include "inspect/check.h"

namespace reel::inspect {

struct FieldCount {
  int64_t top_first = 0;
  int64_t bottom_first = 0;
  int64_t one_moment = 0;
  int64_t first_interlaced = -1;  // frame

  bool IsInterlaced() const;
  bool IsProgressive() const;
};
// JudgeWeave of every frame.
FieldCount CountFields(const TitleFacts& facts);

bool IsFlaggedInterlaced(const model::VideoTrack& video);

}  // namespace reel::inspect

// Which frames show what a finding is about. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/finding.h"
#include "model/source.h"

namespace reel::service {

// Whether the finding is about a place in the title, not all of the file.
bool HasPlace(const model::Finding& finding);

enum class PictureRole { kBefore, kFirst, kAfter, kMiddle, kLast };

struct FramePick {
  size_t finding = 0;
  int64_t frame = 0;  // of the title
  PictureRole role = PictureRole::kFirst;
};

struct FramePicks {
  std::vector<FramePick> picks;  // by finding, then in the title's order
  bool capped = false;           // there would have been more
};

// The first frame of each finding with a place. Of one that lasts a few frames
// also the one before and the one after, so that what stands out is seen to; of
// a longer one that is more than info the middle and the last; of one about
// sound no more. None for what is said of the sound of the whole title. Where
// there are more than `most`, first frames go first, and earlier findings
// before later ones.
//   starts  [frames of the title] seconds, never decreasing
FramePicks PickFrames(const model::Source& source,
                      std::span<const model::Finding> findings,
                      std::span<const double> starts, size_t most);

}  // namespace reel::service

// How much of each defect a source may have: the part of a recipe that decides
// inspection's verdict. What each check looks for: docs/inspection.md.
#pragma once

#include <cstdint>

#include "base/json.h"

namespace reel::model {

struct InspectionLimits {
  // Black picture is warned of from this length on; the beginning and the end
  // of the title may be black for longer.
  int64_t black_ms = 1000;
  int64_t black_at_start_ms = 10'000;
  int64_t black_at_end_ms = 30'000;
  // A picture that stands still amid motion.
  int64_t freeze_ms = 1000;
  // Missing frames in one place: warned of below, rejected from here on.
  int64_t gap_reject_ms = 250;
  // Sound that ends before the picture.
  int64_t audio_short_reject_ms = 500;
  // Sound before or after the picture.
  int64_t av_offset_warn_ms = 40;
  int64_t av_offset_reject_ms = 100;
  // Pairs of opposite changes of light within one second (ITU-R BT.1702).
  int64_t flashes_per_second = 3;
  // Bars at the edges, of the picture's height or width.
  int64_t letterbox_percent = 3;
  // Detail that goes no further, of what the picture's size can hold.
  int64_t upscaled_percent = 67;

  friend bool operator==(const InspectionLimits&,
                         const InspectionLimits&) = default;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InspectionLimits, black_ms,
                                   black_at_start_ms, black_at_end_ms,
                                   freeze_ms, gap_reject_ms,
                                   audio_short_reject_ms, av_offset_warn_ms,
                                   av_offset_reject_ms, flashes_per_second,
                                   letterbox_percent, upscaled_percent)

}  // namespace reel::model

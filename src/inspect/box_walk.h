// The top-level boxes of an ISO base media file (MP4, QuickTime): enough to
// tell a file that was cut short from one that is no media at all, when libav
// opens neither. Source: ISO/IEC 14496-12, 4.2.
#pragma once

#include <cstdint>

#include "base/byte_source.h"
#include "base/result.h"

namespace reel::inspect {

struct BoxWalk {
  bool is_iso = false;        // begins like such a file
  bool has_media = false;     // mdat
  bool has_index = false;     // moov
  int64_t missing_bytes = 0;  // of a media or index box that is cut short
};

// Reads the boxes' headers only, at most a million of them.
// Errors: kIo.
base::Result<BoxWalk> WalkBoxes(const base::ByteSource& source);

}  // namespace reel::inspect

// What libavformat's MP4 muxer leaves out of an init segment, or says wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace reel::media {

// Sound that begins with `priming` samples of no meaning and lasts `samples`.
struct SoundEdges {
  int64_t priming = 0;
  int64_t samples = 0;
  int64_t padding = 0;  // to a whole number of frames
};

// `muxed` (ftyp + moov with one track, from the muxer) with
// - the brands of CMAF (ISO/IEC 23000-19, 7.2): the muxer's own flag for that
//   brings negative composition offsets with it;
// - an edit list (ISO/IEC 14496-12, 8.6.6) of one entry without an end, if
//   `edit_start_ticks` is not 0: presentation starts there. The muxer would
//   write one only with the first fragment;
// - for sound, the same once more as iTunes' gapless tag, iTunSMPB: only for
//   that does libavformat cut priming in a fragmented file;
// - no other user data.
std::vector<uint8_t> FinishInit(std::span<const uint8_t> muxed,
                                int64_t edit_start_ticks,
                                std::optional<SoundEdges> sound);

}  // namespace reel::media

// Which packets decoding may start at, such that every picture shown from there
// on comes out exactly as in a decode from the file's beginning.
#pragma once

#include <cstdint>
#include <span>

#include "media/handles.h"

namespace reel::media {

// Judges packets that the demuxer calls key. Its word is not enough: some mark
// any intra picture, some a gradual refresh. What must be in the packet:
//   H.264   an IDR picture, or a recovery point SEI with recovery_frame_cnt 0
//           and exact_match_flag 1 (ITU-T H.264, D.2.8): an open GOP
//   HEVC    an IRAP picture, nal_unit_type 16..21 (ITU-T H.265, 7.4.2.2)
//   MPEG-1/2  a sequence header before the picture
//   MPEG-4 part 2  a coded I-VOP first (ISO/IEC 14496-2, 6.2.5)
// and for H.264 and HEVC its sequence parameter set, unless the container
// holds the parameter sets. All other codecs: the demuxer's word.
class RandomAccess {
 public:
  explicit RandomAccess(const AVCodecParameters& codec);
  // `packet` has AV_PKT_FLAG_KEY. Pure.
  bool IsStart(std::span<const uint8_t> packet) const;

 private:
  AVCodecID codec_;
  int nal_length_bytes_ = 0;  // 0: Annex B start codes
};

}  // namespace reel::media

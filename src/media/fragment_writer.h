// CMAF fragments by libavformat's MP4 muxer: an init segment (ftyp + moov),
// then one moof + mdat per segment, each with its true decode time (tfdt).
// Decode times are the presentation times in order, so a fragment's tfdt is
// when its first picture is shown, and its durations are those of the pictures.
// They are coded ahead of being shown, so composition offsets carry a constant
// delay, which a one-entry edit list (media_time = delay) takes off again.
// Offsets with a sign would do without, but libavformat, which most players
// stand on, moves such pictures by the largest negative offset that it has
// seen. The same entry cuts off the priming of sound, which starts at decode
// time 0. Such edit lists are what players must support (W3C, ISO BMFF Byte
// Stream Format, 3). Byte-identical for equal input, on any machine.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/audio_encoder.h"
#include "media/video_encoder.h"

namespace reel::media {

class FragmentWriter {
 public:
  // For the packets of `encoder`, which must outlive the writer's Open only.
  //   first_sequence       mfhd.sequence_number of the first fragment, >= 1
  //   longest_frame_ticks  of the whole title, so that all chunks get one delay
  static base::Result<FragmentWriter> OpenVideo(const VideoEncoder& encoder,
                                                int64_t first_sequence,
                                                int64_t longest_frame_ticks);
  // For all packets of a track's encoder.
  //   language  ISO 639-2 for mdhd, or ""
  //   samples   that all its packets present together
  static base::Result<FragmentWriter> OpenAudio(const AudioEncoder& encoder,
                                                const std::string& language,
                                                int64_t samples);
  FragmentWriter(FragmentWriter&&) noexcept;
  FragmentWriter& operator=(FragmentWriter&&) noexcept;
  ~FragmentWriter();

  // ftyp + moov. The same bytes for all chunks of a rung.
  const std::vector<uint8_t>& init() const;

  // One whole segment: its packets in decode order, the first a key frame.
  //   starts   [packets + 1] presentation times in order, the last is the end;
  //            ticks of the encoder's timescale; the first is the end of the
  //            segment before
  // Returns moof + mdat. Errors: kInvalidArgument if the packets' times are not
  // exactly those of `starts`.
  base::Result<std::vector<uint8_t>> WriteSegment(
      std::span<const CodedPacket> packets, std::span<const int64_t> starts);

 private:
  struct State;
  explicit FragmentWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

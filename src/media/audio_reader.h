// Decoded sound of one track, in file order, with the container's times.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/packets.h"
#include "model/source.h"

namespace reel::media {

// Planar PCM, full scale at +-1: channels[c][n], all of one length.
using Pcm = std::vector<std::vector<float>>;

// For AudioReader: the channels as they are, unmixed.
inline constexpr int kNativeChannels = 0;

struct AudioBlock {
  // When its first sample is heard: ticks of the track's time base on the
  // container's clock, the one of the video track. kNoTime: right after the
  // block before.
  int64_t pts = model::kNoTime;
  Pcm pcm;
  int64_t samples() const {
    return pcm.empty() ? 0 : static_cast<int64_t>(pcm[0].size());
  }
};

// Decodes a track from its start and mixes every block to a fixed number of
// channels by libswresample's standard matrix (ITU-R BS.775: centre and
// surrounds at -3 dB, no LFE), scaled down where the sum of a row exceeds 1, so
// that mixing never clips; mono goes to both sides as it is. Encoder delay that
// the container signals is cut. Packets that cannot be decoded are counted and
// left out. Bounded memory. Not for use from several threads.
class AudioReader {
 public:
  //   track     one of ProbeSource's; its rate is the rate of all blocks
  //   channels  1 (mono), 2 (stereo) or kNativeChannels: those of the track's
  //             first frame, to which later ones with other channels are mixed
  // Errors: kNotFound, kInvalidArgument, kCorruptInput, kUnsupported (no
  // decoder).
  static base::Result<AudioReader> Open(const std::string& path,
                                        const model::AudioTrack& track,
                                        int channels);
  // The first audio track of `head` followed by the bytes of the file at
  // `path`: an init segment and its fragments. `head` must outlive the reader.
  static base::Result<AudioReader> OpenFragments(std::span<const uint8_t> head,
                                                 const std::string& path,
                                                 int channels);
  AudioReader(AudioReader&&) noexcept;
  AudioReader& operator=(AudioReader&&) noexcept;
  ~AudioReader();

  // The next block, never empty; nullopt at the end. Errors: kIo,
  // kResourceExhausted, kUnsupported (the sample rate changes on the way).
  base::Result<std::optional<AudioBlock>> Next();

  // Facts of the track as the demuxer gives them.
  const model::AudioTrack& track() const;
  // Packets so far that the decoder refused.
  int64_t damaged_packets() const;
  // Bytes of the packets so far.
  int64_t coded_bytes() const;

 private:
  struct State;
  explicit AudioReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

// Decoded audio frames to planar float of a fixed channel count, and float of
// one rate to another: libswresample.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "media/audio_reader.h"
#include "media/handles.h"

namespace reel::media {

// Converts frames of any format, layout and rate, which may change on the way.
// The rate is kept.
class AudioMixer {
 public:
  //   channels  1, 2 or kNativeChannels: as many as the first frame has
  explicit AudioMixer(int channels)
      : channels_(channels), native_(channels == kNativeChannels) {}
  // Errors: kUnsupported for a layout that cannot be mixed.
  base::Result<Pcm> Mix(const AVFrame& frame);

 private:
  base::Status Configure(const AVFrame& frame);

  int channels_;  // kNativeChannels until the first frame
  bool native_;
  uint64_t native_mask_ = 0;  // 0: not known
  Resampler context_;
  // What `context_` was made for.
  int format_ = -1;
  int source_channels_ = 0;
  uint64_t source_mask_ = 0;
};

// Room for `samples` of each channel, and the channels' addresses for libav.
Pcm MakePcm(int channels, int64_t samples);
std::vector<uint8_t*> Pointers(Pcm& pcm);
void Resize(Pcm& pcm, int64_t samples);

}  // namespace reel::media

// AAC-LC by libavcodec's own encoder. It computes in floating point with the
// machine's vector instructions: equal input gives equal bytes on one kind of
// machine, not on all.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "media/audio_reader.h"
#include "media/video_encoder.h"

struct AVCodecContext;

namespace reel::media {

struct AudioEncoderSettings {
  int64_t rate_bps = 0;
  int sample_rate_hz = 0;  // 44'100 or 48'000
  int channels = 0;        // 1 or 2
};

// Every packet holds kFrameSamples samples. A packet's pts is the number of the
// first sample that its decoding completes; the first packet has -kPriming:
// what it decodes to precedes the sound.
// Not for use from several threads.
class AudioEncoder {
 public:
  static constexpr int64_t kFrameSamples = 1024;
  static constexpr int64_t kPriming = 1024;

  // Errors: kInvalidArgument for settings the encoder refuses.
  static base::Result<AudioEncoder> Open(const AudioEncoderSettings& settings);
  AudioEncoder(AudioEncoder&&) noexcept;
  AudioEncoder& operator=(AudioEncoder&&) noexcept;
  ~AudioEncoder();

  // Any number of samples. Returns packets that are ready, often none.
  base::Result<std::vector<CodedPacket>> Send(const Pcm& pcm);
  // The packets still inside, the last filled up with silence. Nothing may be
  // sent afterwards.
  base::Result<std::vector<CodedPacket>> Finish();

  const AudioEncoderSettings& settings() const;
  // For media/ itself.
  const AVCodecContext& codec() const;

 private:
  struct State;
  explicit AudioEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

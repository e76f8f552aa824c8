// Sample rate conversion by libswresample.
#pragma once

#include <memory>

#include "base/result.h"
#include "media/audio_reader.h"

namespace reel::media {

// One continuous stretch of sound. Output sample n is heard at n / to_hz
// seconds, input sample n at n / from_hz: the filter's delay is taken out. With
// equal rates samples pass untouched. Not for use from several threads.
class AudioResampler {
 public:
  // Errors: kInvalidArgument for rates outside 1'000 .. 768'000 or channels
  // outside 1 .. 8.
  static base::Result<AudioResampler> Create(int from_hz, int to_hz,
                                             int channels);
  AudioResampler(AudioResampler&&) noexcept;
  AudioResampler& operator=(AudioResampler&&) noexcept;
  ~AudioResampler();

  // What is ready; may be empty.
  base::Result<Pcm> Convert(const Pcm& pcm);
  // The samples still inside. Nothing may be converted afterwards.
  base::Result<Pcm> Finish();

 private:
  struct State;
  explicit AudioResampler(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

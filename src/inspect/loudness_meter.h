// Loudness after EBU R128 (ITU-R BS.1770-4), by libebur128, and true peak.
#pragma once

#include <ebur128.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "inspect/sound_facts.h"
#include "inspect/sound_levels.h"

namespace reel::inspect {

// The largest magnitude of a signal between its samples too: four times as many
// are interpolated (ITU-R BS.1770-4, annex 2) by a sinc in a Hann window of 49
// taps. A stretch that cannot exceed what was found already (12 neighbours, and
// the filter's gain) is not interpolated, so that this costs next to nothing.
class TruePeakMeter {
 public:
  TruePeakMeter();
  void See(const std::vector<float>& samples);
  // 1 is full scale.
  double peak() const { return peak_; }

 private:
  static constexpr int kFactor = 4;
  static constexpr size_t kTaps = 12;  // of each phase; the 49th is 0

  void Interpolate(const float* first, size_t count);

  float filter_[kFactor][kTaps] = {};
  float gain_ = 1;  // no output is larger than this times an input
  double peak_ = 0;
  std::vector<float> samples_;  // the last kTaps - 1, and then the new ones
};

class LoudnessMeter {
 public:
  // `layout` as FFmpeg names it; LFE has no weight, surrounds +1.5 dB.
  // Errors: kUnsupported (more than 64 channels, absurd rates),
  // kResourceExhausted.
  static base::Result<LoudnessMeter> Create(int channels,
                                            const std::string& layout,
                                            int rate_hz);
  void See(const Slice& slice);
  // Time in which there is no sound: the series of momentary loudness goes on.
  void Skip(double seconds);
  LoudnessFacts Take();

 private:
  struct Destroy {
    void operator()(ebur128_state* state) const noexcept;
  };
  using State = std::unique_ptr<ebur128_state, Destroy>;
  LoudnessMeter(State state, size_t channels)
      : state_(std::move(state)), peaks_(channels) {}

  // LUFS over the last so many tenths of a second. The library would sum all
  // their samples each time.
  double MeanOfLast(size_t count) const;

  State state_;
  std::array<double, 30> energies_{};  // ring, of a tenth of a second each
  size_t slices_ = 0;
  std::vector<TruePeakMeter> peaks_;
  std::vector<float> interleaved_;
  LoudnessFacts facts_;
};

}  // namespace reel::inspect

// Where sound begins: onsets of any kind, and beeps.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "inspect/sound_facts.h"
#include "inspect/sound_levels.h"

namespace reel::inspect {

// An onset is where the level of all channels together, over 5 ms, is 10 dB
// above the mean of the 60 ms before, and above -50 dBFS; the next can come 60
// ms later. A beep is one of 20 dB after which the loudest channel is one
// steady tone (inspect/tonality.h) for 15 ms to 1.5 s, and then falls by 20 dB
// at once.
class OnsetMeter {
 public:
  void See(const Slice& slice);
  // The kMaxOnsets that rise most, in order.
  std::vector<Onset> TakeOnsets();
  const std::vector<Beep>& beeps() const { return beeps_; }

 private:
  static constexpr size_t kBefore = 12;  // levels: 60 ms
  // A beep that is still going on.
  struct Candidate {
    size_t channel = 0;
    double start = 0;            // of `samples`
    std::vector<float> samples;  // around its beginning, 15 ms
    double quiet = 0;            // power before it
    double power = 0;            // once it is steady
    double hz = 0;
    int levels = 0;  // that it lasts already
    int falling = 0;
  };

  void SeeFine(const Slice& slice, size_t fine);
  void Follow(const Slice& slice, size_t fine);
  void EndBeep(double end, int rate_hz);
  void KeepStrongest();

  std::array<double, kBefore> before_{};  // ring of powers
  size_t seen_ = 0;
  int rest_ = 0;  // levels until the next onset may come
  std::vector<std::vector<float>> last_;  // the 5 ms before, [channel]
  double last_time_ = 0;
  bool open_ = false;
  Candidate beep_;
  std::vector<Onset> onsets_;
  std::vector<Beep> beeps_;
};

}  // namespace reel::inspect

// Single impulses that do not belong to the sound.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inspect/sound_facts.h"
#include "inspect/sound_levels.h"

namespace reel::inspect {

// Method: sound is predictable from its past, an impulse is not. Around a place
// where the curvature of the wave leaps, linear prediction of order 20 is
// fitted to the 30 ms on both sides; the largest prediction error is a click
// when it is large against the median of the others, alone (voice and brass are
// trains of impulses), and when the sound after it is as well predicted as
// before (a drum or a consonant goes on).
// Vaseghi, "Advanced Digital Signal Processing and Noise Reduction", ch. 12;
// Godsill and Rayner, "Digital Audio Restoration", 1998, ch. 5.
class ClickMeter {
 public:
  explicit ClickMeter(int channels);
  void See(const Slice& slice);

  // In order; at most kMaxSoundEvents, while count() has all.
  const std::vector<Click>& clicks() const { return clicks_; }
  int64_t count() const { return count_; }

 private:
  // How much the wave bends within 5 ms: mean and largest second difference.
  struct Bend {
    float mean = 0;
    float most = 0;
  };
  // This slice and the one before: what is judged lies in the middle.
  struct Channel {
    std::vector<float> samples;
    std::vector<Bend> bends;
  };

  void Judge(size_t first_fine, size_t end_fine);
  void JudgeAt(int channel, size_t fine);

  std::vector<Channel> channels_;
  int rate_hz_ = 0;
  double time_ = 0;   // of the first sample held
  double last_ = -1;  // time of the latest click, in any channel
  std::vector<Click> clicks_;
  int64_t count_ = 0;
};

// Coefficients a[k] such that x[n] is about the sum of a[k] x[n-1-k], for sound
// of this autocorrelation r[0 .. order]. Levinson-Durbin. Pure.
std::vector<double> LinearPrediction(std::span<const double> autocorrelation);

}  // namespace reel::inspect

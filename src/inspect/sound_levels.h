// The level of sound, 5 ms at a time: what most meters of sound begin with.
#pragma once

#include <cstdint>
#include <vector>

#include "media/audio_reader.h"

namespace reel::inspect {

inline constexpr int kFinePerSecond = 200;
inline constexpr double kFineSeconds = 1.0 / kFinePerSecond;
// A slice is 20 of these, a tenth of a second.
inline constexpr int kFinePerSlice = 20;

// Samples of 5 ms (rounded down, at least 1), and of a slice.
int FineSamples(int rate_hz);
inline int SliceSamples(int rate_hz) {
  return FineSamples(rate_hz) * kFinePerSlice;
}

struct FineLevel {
  float power = 0;  // mean square
  float peak = 0;   // largest magnitude
};

// A tenth of a second of sound (the last may be shorter), with its levels.
struct Slice {
  double time = 0;  // of the first sample, seconds
  int rate_hz = 0;
  const media::Pcm& pcm;
  std::vector<std::vector<FineLevel>> levels;  // [channel][whole 5 ms]

  int64_t samples() const { return static_cast<int64_t>(pcm[0].size()); }
  double TimeOf(int64_t sample) const {
    return time + static_cast<double>(sample) / rate_hz;
  }
  double TimeOfFine(size_t fine) const {
    return TimeOf(static_cast<int64_t>(fine) * FineSamples(rate_hz));
  }
};

// Measures `pcm`, which must outlive the slice: one channel at least.
Slice MakeSlice(double time, int rate_hz, const media::Pcm& pcm);

// 10 log10, not below kSilenceDb.
double PowerDb(double power);

}  // namespace reel::inspect

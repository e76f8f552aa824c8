// Sound whose tops are cut off.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "inspect/sound_facts.h"
#include "inspect/sound_levels.h"

namespace reel::inspect {

// Two methods, second by second and channel by channel; the one that finds more
// counts.
//
// Flat tops: three and more equal samples at the largest magnitude of the
// second with a corner on both sides, four times at least. In sound that is not
// cut no two tops are equal, and tops are round.
//
// Pile-up, as lossy coding bends flat tops: the histogram of magnitudes falls
// towards its end; sound that was cut has a peak there, as high as half as much
// again as the valley before it, and what exceeds the valley was cut off. A
// pure tone has such a peak too and is left out. A limiter has none: it
// scales whole waves down.
//
// Histogram: Laguna and Lerch, "An efficient algorithm for clipping detection
// and declipping audio", AES 141 (2016), simplified.
class ClipMeter {
 public:
  ClipMeter(int channels, int rate_hz);
  void See(const Slice& slice);
  ClippingFacts Take();

 private:
  // Bins of 1/64 of full scale, up to twice as much.
  static constexpr size_t kBins = 128;
  struct Channel {
    std::array<int32_t, kBins> histogram{};
    float top = 0;     // largest magnitude so far
    float before = 0;  // the magnitude that led to the run
    float last = 0;
    int run = 0;       // samples at the top, at the moment
    int32_t runs = 0;  // flat tops
    int32_t in_runs = 0;
  };
  struct Cut {
    int32_t samples = 0;
    double level = 0;
  };

  static void SeeFine(Channel& channel, const float* samples, int count);
  static void SeeSample(Channel& channel, float magnitude);
  static Cut FlatTops(const Channel& channel);
  static Cut PileUp(const Channel& channel);
  void EndSecond();

  int rate_hz_;
  std::vector<Channel> channels_;  // of this second
  int64_t samples_ = 0;            // of this second
  int32_t most_ = 0;               // samples cut in any second
  ClippingFacts facts_;
};

}  // namespace reel::inspect

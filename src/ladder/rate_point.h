// One encode as comparisons see it: what it costs and what it gives.
#pragma once

namespace reel::ladder {

struct RatePoint {
  double rate_bps = 0;
  double quality = 0;  // higher is better: VMAF, PSNR in dB
};

}  // namespace reel::ladder

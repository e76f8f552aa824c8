#include "cli/ladder_text.h"

#include <fmt/format.h>

#include <cmath>

#include "base/rational.h"
#include "ladder/ladder.h"
#include "service/display.h"

namespace reel::cli {

LadderEstimate EstimateLadder(const model::Ladder& ladder,
                              const model::Timeline& timeline,
                              const model::VideoTrack& source, bool measured) {
  const double seconds = base::Seconds(timeline.Start(timeline.frames),
                                       {1, timeline.timescale_hz});
  const auto frames = static_cast<double>(timeline.frames);
  LadderEstimate estimate{.seconds = seconds, .bytes = {}, .cpu_seconds = {}};
  for (size_t r = 0; r < ladder.rungs.size(); ++r) {
    const model::Rung& rung = ladder.rungs[r];
    const double megapixels = 1e-6 * rung.width * rung.height * frames;
    double cpu = megapixels * ladder::EncodeSecondsPerMegapixel(rung.preset);
    if (measured) {
      cpu += 1e-6 * source.width * source.height * frames *
             ladder::kScoreSecondsPerMegapixel;
    }
    estimate.bytes.push_back(
        std::llround(static_cast<double>(rung.rate_bps) * seconds / 8));
    estimate.cpu_seconds.push_back(cpu);
  }
  return estimate;
}

std::string FormatLadder(const model::Ladder& ladder,
                         const LadderEstimate& estimate) {
  std::string out =
      fmt::format("{:<16} {:>11} {:>6} {:>12} {:>10} {:>8}  {}\n", "rung",
                  "size", "VMAF", "rate", "bytes", "CPU", "why");
  int64_t bytes = 0;
  double cpu = 0;
  for (size_t r = 0; r < ladder.rungs.size(); ++r) {
    const model::Rung& rung = ladder.rungs[r];
    out += fmt::format(
        "{:<16} {:>11} {:>6} {:>12} {:>10} {:>8}  {}\n", rung.id,
        fmt::format("{}x{}", rung.width, rung.height),
        rung.target_vmaf > 0 ? fmt::format("{:.1f}", rung.target_vmaf) : "-",
        service::DisplayBitrate(rung.rate_bps),
        service::DisplayBytes(estimate.bytes[r]),
        fmt::format("{:.0f} s", estimate.cpu_seconds[r]),
        rung.reason.empty() ? "of the recipe" : rung.reason);
    bytes += estimate.bytes[r];
    cpu += estimate.cpu_seconds[r];
  }
  out += fmt::format("{} rungs, {} of pictures, about {:.0f} s of CPU\n",
                     ladder.rungs.size(), service::DisplayBytes(bytes), cpu);
  return out;
}

}  // namespace reel::cli

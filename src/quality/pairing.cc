#include "quality/pairing.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace reel::quality {
namespace {

using std::chrono::nanoseconds;

// Where no rate is known: half a frame at 25 frames a second.
constexpr nanoseconds kUnknownHalfFrame = std::chrono::milliseconds(20);

nanoseconds HalfFrame(const StreamFacts& reference,
                      const StreamFacts& distorted) {
  const double rate = std::max(base::ToDouble(reference.frame_rate),
                               base::ToDouble(distorted.frame_rate));
  if (rate <= 0) return kUnknownHalfFrame;
  return nanoseconds(static_cast<int64_t>(0.5e9 / rate));
}

bool RatesDiffer(const StreamFacts& a, const StreamFacts& b) {
  return a.frame_rate.num > 0 && b.frame_rate.num > 0 &&
         !(a.frame_rate == b.frame_rate);
}

double Seconds(nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

base::Status CheckTimes(const StreamFacts& reference,
                        std::optional<nanoseconds> reference_time,
                        const StreamFacts& distorted,
                        std::optional<nanoseconds> distorted_time,
                        int64_t frame) {
  if (!reference_time || !distorted_time) return {};
  const bool rates_differ = RatesDiffer(reference, distorted);
  const nanoseconds rounding = reference.clock_tick + distorted.clock_tick;
  const nanoseconds bound =
      rates_differ ? rounding
                   : std::max(rounding, HalfFrame(reference, distorted));
  if (std::chrono::abs(*reference_time - *distorted_time) <= bound) return {};
  const std::string remedy =
      rates_differ
          ? fmt::format(
                "the frame rates differ ({} and {} frames/s); bring one "
                "file to the other's rate first",
                base::ToString(distorted.frame_rate),
                base::ToString(reference.frame_rate))
          : "frames are missing or were added; --align and --range score the "
            "part where they agree";
  return base::Fail(
      base::Code::kInvalidArgument,
      fmt::format("{}: frame {} is shown {:.3f} s after the first, frame {} of "
                  "{} {:.3f} s: {}",
                  distorted.name, frame, Seconds(*distorted_time), frame,
                  reference.name, Seconds(*reference_time), remedy));
}

tl::unexpected<base::Error> CountsDiffer(const StreamFacts& reference,
                                         int64_t reference_frames,
                                         const StreamFacts& distorted,
                                         int64_t distorted_frames) {
  return base::Fail(
      base::Code::kInvalidArgument,
      fmt::format("{} has {} frames, {} has {}: which belong together is not "
                  "known; --align finds out, --range A:B scores a part",
                  distorted.name, distorted_frames, reference.name,
                  reference_frames));
}

}  // namespace reel::quality

#include "inspect/sound_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rational.h"

namespace reel::inspect {
namespace {

// A cut changes the cells of the picture by so much (1/256 of a luma level) and
// so many times more than the frames around it change.
constexpr int kCutChange = 8 * 256;
constexpr int kCutTimes = 4;
constexpr int64_t kCutNeighbours = 3;

}  // namespace

double TrackFacts::Time(double container_seconds) const {
  return container_seconds -
         base::Seconds(title.frames.front().pts, title.source.video.time_base);
}

int64_t TrackFacts::FrameAt(double seconds) const {
  const auto after =
      std::upper_bound(title.frames.begin(), title.frames.end(), seconds + 1e-6,
                       [&](double time, const model::SourceFrame& frame) {
                         return time < title.SecondsOf(frame.pts);
                       });
  return std::max<int64_t>(0, after - title.frames.begin() - 1);
}

Event TrackFacts::EventAt(double start, double end) const {
  return {start, end, FrameAt(start)};
}

model::Finding TrackFacts::Found(const std::string& code,
                                 model::Severity severity, double start,
                                 double end) const {
  model::Finding finding;
  finding.code = code;
  finding.severity = severity;
  finding.stream = sound.stream;
  finding.start = std::max(0.0, start);
  finding.end = std::max(finding.start, end);
  finding.first_frame = FrameAt(finding.start);
  return finding;
}

std::string ChannelName(int channel, int channels) {
  if (channels == 2) return channel == 0 ? "left" : "right";
  return fmt::format("channel {}", channel + 1);
}

std::vector<int64_t> Cuts(const TitleFacts& title) {
  const model::Fingerprints& prints = title.fingerprints;
  const auto change = [&](int64_t n) {
    const bool known = n >= 1 && n < std::ssize(prints);
    return known ? int{prints[static_cast<size_t>(n)].change} : 0;
  };
  std::vector<int64_t> cuts;
  for (int64_t n = 1; n < std::ssize(prints); ++n) {
    int most = 0;
    for (int64_t k = 1; k <= kCutNeighbours; ++k) {
      most = std::max({most, change(n - k), change(n + k)});
    }
    if (change(n) >= kCutChange && change(n) >= kCutTimes * most) {
      cuts.push_back(n);
    }
  }
  return cuts;
}

}  // namespace reel::inspect

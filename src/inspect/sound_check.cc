#include "inspect/sound_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rational.h"

namespace reel::inspect {
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

}  // namespace reel::inspect

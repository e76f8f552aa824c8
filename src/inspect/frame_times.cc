#include "inspect/frame_times.h"

#include <algorithm>
#include <vector>

#include "base/rational.h"

namespace reel::inspect {
namespace {

constexpr int64_t kLatest = int64_t{1} << 60;

bool Known(const model::SourceFrame& frame) {
  return frame.pts != model::kNoTime;
}

int64_t NominalFrameTicks(const model::VideoTrack& track) {
  const base::Rational rate = track.frame_rate;
  // Rates outside are what containers say when they do not know.
  const bool sane = rate.den > 0 && !(rate < base::Rational{1, 1}) &&
                    !(base::Rational{1000, 1} < rate);
  const base::Rational period =
      sane ? base::Inverse(rate) : base::Rational{1, 25};
  return std::max<int64_t>(1, base::Rescale(1, period, track.time_base));
}

// False, and nothing done, if a frame has no decode time either.
bool UseDecodeTimes(model::FrameTable& frames,
                    const model::PacketIndex& packets) {
  std::vector<int64_t> times;
  for (const auto& frame : frames) {
    times.push_back(packets.packets[static_cast<size_t>(frame.packet)].dts);
    if (times.back() == model::kNoTime) return false;
  }
  std::sort(times.begin(), times.end());
  for (size_t n = 0; n < frames.size(); ++n) frames[n].pts = times[n];
  return true;
}

using FrameIterator = model::FrameTable::iterator;

// Times for the frames between two that have theirs.
void Interpolate(FrameIterator before, FrameIterator after) {
  const int64_t steps = after - before;
  const int64_t span = after->pts - before->pts;
  for (int64_t n = 1; n < steps; ++n) {
    before[n].pts = before->pts + span / steps * n + span % steps * n / steps;
  }
}

void Extrapolate(FrameIterator before, FrameIterator end, int64_t period) {
  for (int64_t n = 1; n < end - before; ++n) {
    before[n].pts = before->pts + n * period;
  }
}

}  // namespace

void DropAbsurdTimes(model::PacketIndex& packets) {
  const auto clean = [](int64_t& time) {
    if (time > kLatest || time < -kLatest) time = model::kNoTime;
  };
  for (auto& packet : packets.packets) {
    clean(packet.pts);
    clean(packet.dts);
    packet.duration = std::clamp<int64_t>(packet.duration, 0, kLatest);
  }
}

void FillTimes(model::FrameTable& frames, const model::PacketIndex& packets,
               const model::VideoTrack& track) {
  if (frames.empty()) return;
  auto known = std::find_if(frames.begin(), frames.end(), Known);
  if (known == frames.end() && UseDecodeTimes(frames, packets)) return;
  const int64_t period =
      std::min(TypicalFrameTicks(frames, track),
               kLatest / static_cast<int64_t>(frames.size()));
  if (known == frames.end()) {
    known = frames.begin();
    known->pts = 0;
  }
  for (auto frame = known; frame != frames.begin(); --frame) {
    std::prev(frame)->pts = frame->pts - period;
  }
  while (known != frames.end()) {
    const auto next = std::find_if(std::next(known), frames.end(), Known);
    next == frames.end() ? Extrapolate(known, next, period)
                         : Interpolate(known, next);
    known = next;
  }
}

int64_t TypicalFrameTicks(const model::FrameTable& frames,
                          const model::VideoTrack& track) {
  std::vector<int64_t> distances;
  for (size_t n = 1; n < frames.size(); ++n) {
    if (!Known(frames[n]) || !Known(frames[n - 1])) continue;
    const int64_t distance = frames[n].pts - frames[n - 1].pts;
    if (distance > 0) distances.push_back(distance);
  }
  if (distances.empty()) return NominalFrameTicks(track);
  const auto middle =
      distances.begin() + static_cast<ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle;
}

}  // namespace reel::inspect

#include "model/frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/bytes.h"
#include "model/constant_grid.h"
#include "model/packets.h"

namespace reel::model {
namespace {

using base::Code;
using base::Fail;
using base::Rational;

constexpr base::FormatTag kTag{.magic = "RLFT", .version = 1};
constexpr size_t kEntryBytes = 16;

// Durations and clocks are 31-bit numbers in the files that we write.
constexpr int64_t kMaxField = std::numeric_limits<int32_t>::max();
constexpr int64_t kFineClockHz = 10'000;
constexpr int64_t kFallbackClockHz = 90'000;
// Hostile time stamps must not overflow sums.
constexpr int64_t kMaxTicks = int64_t{1} << 61;

// Rates of the field, for short clips whose rounded times fit several.
constexpr std::array<Rational, 14> kUsualRates{{{24, 1},
                                                {24000, 1001},
                                                {25, 1},
                                                {30, 1},
                                                {30000, 1001},
                                                {50, 1},
                                                {60, 1},
                                                {60000, 1001},
                                                {48, 1},
                                                {48000, 1001},
                                                {120, 1},
                                                {120000, 1001},
                                                {15, 1},
                                                {25, 2}}};

// Broken headers claim anything; beyond these bounds it is no frame rate.
bool IsRate(Rational rate) {
  return rate.num > 0 && rate.den > 0 && Rational{1, 3600} < rate &&
         rate < Rational{1'000'000, 1};
}

std::optional<Rational> Product(Rational a, Rational b) {
  Rational product;
  if (__builtin_mul_overflow(a.num, b.num, &product.num) ||
      __builtin_mul_overflow(a.den, b.den, &product.den)) {
    return std::nullopt;
  }
  return base::Reduce(product);
}

// Seconds per frame, for frames without a time.
Rational NominalDuration(Rational time_base, Rational nominal,
                         int64_t last_duration) {
  if (IsRate(nominal)) return base::Inverse(nominal);
  const auto last = Product({last_duration, 1}, time_base);
  return last && IsRate(base::Inverse(*last)) ? *last : Rational{1, 25};
}

// Known times, the others by `duration`, strictly increasing, bounded.
base::Result<std::vector<int64_t>> UsableTicks(const FrameTable& frames,
                                               Rational time_base,
                                               Rational duration) {
  const auto absurd = [](size_t frame, int64_t pts) {
    return Fail(Code::kUnsupported,
                fmt::format("frame {} has the absurd time stamp {}; write the "
                            "file anew with correct times",
                            frame, pts));
  };
  const int64_t step = base::Rescale(1, duration, time_base) + 1;
  if (static_cast<int64_t>(frames.size()) > kMaxTicks / step)
    return absurd(frames.size() - 1, kMaxTicks);

  const auto known = std::find_if(frames.begin(), frames.end(),
                                  [](auto& f) { return f.pts != kNoTime; });
  int64_t anchor = known == frames.end() ? 0 : known - frames.begin();
  int64_t anchor_pts = known == frames.end() ? 0 : known->pts;
  std::vector<int64_t> ticks;
  ticks.reserve(frames.size());
  for (const SourceFrame& frame : frames) {
    const int64_t i = static_cast<int64_t>(ticks.size());
    if (frame.pts != kNoTime) anchor = i, anchor_pts = frame.pts;
    if (anchor_pts > kMaxTicks || anchor_pts < -kMaxTicks)
      return absurd(ticks.size(), anchor_pts);
    const int64_t pts =
        anchor_pts + base::Rescale(i - anchor, duration, time_base);
    ticks.push_back(ticks.empty() ? pts : std::max(pts, ticks.back() + 1));
  }
  return ticks;
}

// A clock that divides 1/hz exactly and is fine enough for players' sums.
int64_t FinerClock(int64_t hz) {
  while (hz < kFineClockHz) hz *= 2;
  return hz;
}

// The timeline of frames `interval` ticks apart, if our files can say it.
std::optional<Timeline> ConstantTimeline(Rational interval, Rational time_base,
                                         int64_t frames) {
  const auto seconds = Product(interval, time_base);
  if (!seconds || seconds->num <= 0 || seconds->den > kMaxField)
    return std::nullopt;
  const int64_t clock = FinerClock(seconds->den);
  const auto ticks = Product(*seconds, {clock, 1});
  if (!ticks || ticks->num > kMaxField) return std::nullopt;
  return Timeline{clock, frames, ticks->num, {}};
}

std::optional<Timeline> FindConstantRate(std::span<const int64_t> ticks,
                                         Rational time_base, Rational nominal,
                                         int64_t frames) {
  std::vector<Rational> rates;
  if (IsRate(nominal)) rates.push_back(nominal);
  rates.insert(rates.end(), kUsualRates.begin(), kUsualRates.end());
  for (const Rational rate : rates) {
    const auto interval =
        Product(base::Inverse(rate), base::Inverse(time_base));
    if (interval && LiesOnGrid(ticks, *interval))
      return ConstantTimeline(*interval, time_base, frames);
  }
  constexpr int64_t kMaxDen = 4096;
  const auto interval = FitConstantGrid(ticks, kMaxDen);
  return interval ? ConstantTimeline(*interval, time_base, frames)
                  : std::nullopt;
}

// `ticks` with the end as its last entry.
base::Result<Timeline> VariableTimeline(std::span<const int64_t> ticks,
                                        Rational time_base) {
  const bool exact = time_base.den <= kMaxField;
  const int64_t clock = exact ? FinerClock(time_base.den) : kFallbackClockHz;
  const Rational tick{1, clock};
  const int64_t longest = base::RescaleFloor(kMaxField, tick, time_base);

  Timeline timeline{clock, static_cast<int64_t>(ticks.size()) - 1, 0, {0}};
  for (size_t i = 1; i < ticks.size(); ++i) {
    if (ticks[i] - ticks[i - 1] > longest) {
      return Fail(
          Code::kUnsupported,
          fmt::format("frame {} lasts {:.0f} seconds by its time stamps; "
                      "write the file anew with correct times",
                      i - 1,
                      base::Seconds(ticks[i] - ticks[i - 1], time_base)));
    }
    const int64_t start = base::Rescale(ticks[i] - ticks[0], time_base, tick);
    timeline.starts.push_back(std::max(start, timeline.starts.back() + 1));
  }
  return timeline;
}

}  // namespace

std::vector<uint8_t> Serialize(const FrameTable& frames) {
  base::ByteWriter writer(kTag);
  writer.Put(uint64_t{frames.size()});
  for (const SourceFrame& frame : frames) {
    writer.Put(frame.packet);
    writer.Put(frame.pts);
  }
  return writer.Take();
}

base::Result<FrameTable> ParseFrameTable(std::span<const uint8_t> bytes) {
  base::ByteReader reader(bytes, kTag);
  const auto count = reader.Get<uint64_t>();
  if (!reader.ok() || reader.remaining() % kEntryBytes != 0 ||
      reader.remaining() / kEntryBytes != count) {
    return Fail(Code::kCorruptInput, "not a frame table of version 1");
  }
  FrameTable frames(count);
  for (SourceFrame& frame : frames) {
    frame.packet = reader.Get<int64_t>();
    frame.pts = reader.Get<int64_t>();
  }
  return frames;
}

int64_t Timeline::Start(int64_t frame) const {
  REEL_CHECK(frame >= 0 && frame <= frames);
  return frame_ticks > 0 ? frame * frame_ticks
                         : starts[static_cast<size_t>(frame)];
}

std::vector<int64_t> Timeline::Starts(int64_t first, int64_t end) const {
  std::vector<int64_t> ticks;
  for (int64_t frame = first; frame <= end; ++frame)
    ticks.push_back(Start(frame));
  return ticks;
}

int64_t Timeline::LongestFrame() const {
  int64_t longest = frame_ticks;
  for (size_t i = 1; i < starts.size(); ++i) {
    longest = std::max(longest, starts[i] - starts[i - 1]);
  }
  return longest;
}

Rational Timeline::FrameRate() const {
  if (frame_ticks > 0) return base::Reduce({timescale_hz, frame_ticks});
  return base::Reduce({frames * timescale_hz, Start(frames)});
}

base::Result<Timeline> MakeTimeline(const FrameTable& frames,
                                    Rational time_base, Rational nominal,
                                    int64_t last_duration) {
  if (frames.empty())
    return Fail(Code::kInvalidArgument, "a title of no frames has no timeline");
  if (time_base.num <= 0 || time_base.den <= 0)
    return Fail(Code::kInvalidArgument, "the time base is not positive");
  time_base = base::Reduce(time_base);
  const Rational duration = NominalDuration(time_base, nominal, last_duration);
  REEL_ASSIGN(std::vector<int64_t> ticks,
              UsableTicks(frames, time_base, duration));
  // A container's word on the last frame is often wrong, so it has no say in
  // whether the rate is constant, unless there is nothing else to go by.
  const int64_t last =
      last_duration > 0 && last_duration < kMaxTicks ? last_duration
      : ticks.size() > 1 ? ticks.back() - ticks[ticks.size() - 2]
                         : base::Rescale(1, duration, time_base);
  const size_t judged = std::max<size_t>(ticks.size(), 2);
  ticks.push_back(ticks.back() + std::max<int64_t>(last, 1));
  const auto constant =
      FindConstantRate(std::span(ticks).first(judged), time_base, nominal,
                       static_cast<int64_t>(frames.size()));
  if (constant) return *constant;
  return VariableTimeline(ticks, time_base);
}

}  // namespace reel::model

#include "service/time_series.h"

#include <algorithm>
#include <cmath>

namespace reel::service {
namespace {

// EBU Tech 3341: 3 s hold 27 windows of 0.4 s that begin 0.1 s apart.
constexpr size_t kWindowsOfShortTerm = 27;

bool IsPositive(double value) { return std::isfinite(value) && value > 0; }

double Energy(double lufs) { return std::pow(10, lufs / 10); }

void Add(double value, Envelope::Column& column) {
  column.low = column.known ? std::min(column.low, value) : value;
  column.high = column.known ? std::max(column.high, value) : value;
  column.known = true;
}

// When a packet is shown; where the file does not say, by its place in it.
double TimeOf(const model::PacketIndex& index, size_t packet,
              base::Rational time_base, int64_t origin_ticks, double duration) {
  const int64_t pts = index.packets[packet].pts;
  if (pts != model::kNoTime && time_base.num > 0 && time_base.den > 0)
    return (static_cast<double>(pts) - static_cast<double>(origin_ticks)) *
           base::ToDouble(time_base);
  return duration * static_cast<double>(packet) /
         static_cast<double>(index.packets.size());
}

}  // namespace

Envelope Thin(std::span<const double> values, double start, double spacing,
              double duration) {
  Envelope out;
  if (!IsPositive(duration) || !IsPositive(spacing) || values.empty())
    return out;
  out.step_seconds = std::max(spacing, duration / double{kMostColumns});
  const auto count =
      static_cast<size_t>(std::ceil(duration / out.step_seconds - 1e-9));
  out.columns.resize(std::clamp<size_t>(count, 1, kMostColumns));
  for (size_t i = 0; i < values.size(); ++i) {
    const double time = start + spacing * static_cast<double>(i);
    if (!(time >= 0 && time < duration) || !std::isfinite(values[i])) continue;
    // A time on a column's border must not fall before it by rounding.
    const auto column = static_cast<size_t>(time / out.step_seconds + 1e-6);
    Add(values[i], out.columns[std::min(column, out.columns.size() - 1)]);
  }
  return out;
}

std::vector<double> ShortTerm(std::span<const double> momentary) {
  std::vector<double> out;
  double sum = 0;
  for (size_t i = 0; i < momentary.size(); ++i) {
    sum += Energy(momentary[i]);
    if (i + 1 < kWindowsOfShortTerm) continue;
    const double mean = sum / double{kWindowsOfShortTerm};
    out.push_back(10 * std::log10(std::max(mean, 1e-12)));
    sum -= Energy(momentary[i + 1 - kWindowsOfShortTerm]);
  }
  return out;
}

BitRate MeasureBitRate(const model::PacketIndex& index,
                       base::Rational time_base, int64_t origin_ticks,
                       double duration) {
  BitRate out;
  if (!IsPositive(duration) || index.packets.empty()) return out;
  out.step_seconds = std::max(1.0, std::ceil(duration / double{kMostColumns}));
  const auto count =
      static_cast<size_t>(std::ceil(duration / out.step_seconds - 1e-6));
  out.bps.resize(std::max<size_t>(1, count));
  double bits = 0;
  for (size_t i = 0; i < index.packets.size(); ++i) {
    const double time = TimeOf(index, i, time_base, origin_ticks, duration);
    // Outside is what the edit list cuts off, and what has an absurd time.
    if (!(time >= 0 && time < duration)) continue;
    const double size = 8.0 * index.packets[i].bytes;
    bits += size;
    const auto column = static_cast<size_t>(time / out.step_seconds + 1e-6);
    out.bps[std::min(column, out.bps.size() - 1)] += size;
  }
  for (size_t i = 0; i < out.bps.size(); ++i) {
    const double left = duration - out.step_seconds * static_cast<double>(i);
    out.bps[i] /= std::clamp(left, 0.04, out.step_seconds);
    out.max_bps = std::max(out.max_bps, out.bps[i]);
  }
  out.mean_bps = bits / duration;
  return out;
}

}  // namespace reel::service

// What was measured over a title's time, thinned to the columns of a plot: a
// page about a long film is no larger than that of a short one. Pure.
//
// Times are seconds from the title's first frame. Nothing here divides by a
// duration that is not positive, or gives a value that is not finite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/rational.h"
#include "model/packets.h"

namespace reel::service {

inline constexpr size_t kMostColumns = 600;

// Column k spans [k, k + 1) * step_seconds.
struct Envelope {
  // The least and the greatest value in it.
  struct Column {
    double low = 0;
    double high = 0;
    bool known = false;  // whether there is any
  };
  double step_seconds = 0;
  std::vector<Column> columns;  // [<= kMostColumns]
};

// Values that lie `spacing` > 0 seconds apart, the first at `start`. What lies
// outside of [0, duration) is left out.
Envelope Thin(std::span<const double> values, double start, double spacing,
              double duration);

// Short-term loudness (EBU Tech 3341: 3 s, sliding) of momentary loudness in
// LUFS, one value each 0.1 s: the mean of the energies of the 27 windows of
// 0.4 s that lie inside. Exact but for the window's outermost 0.3 s, which
// weigh less. Value k is that of the 3 s from momentary value k on; empty for
// less than 3 s.
std::vector<double> ShortTerm(std::span<const double> momentary);

// Bits per second of each column, of a whole number of seconds each.
struct BitRate {
  double step_seconds = 0;
  std::vector<double> bps;  // [<= kMostColumns]
  double mean_bps = 0;      // of the title
  double max_bps = 0;       // of `bps`
};
// Packets count where they are shown, those that are not shown not at all;
// those without a time, where their place in the file would be at a constant
// rate.
//   origin_ticks  of the title's first frame
BitRate MeasureBitRate(const model::PacketIndex& index,
                       base::Rational time_base, int64_t origin_ticks,
                       double duration);

}  // namespace reel::service

// How far each stage of a job is, and how to say so. No clock, no terminal:
// those are progress_display.h's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reel::cli {

// Seconds of a steady clock, from any start.
using Seconds = double;

struct StageProgress {
  std::string name;  // "encode"
  double work = 0;   // known so far; any unit, the same for `done`
  double done = 0;
  Seconds started = -1;  // when its first task began; -1: not yet
  Seconds ended = -1;    // when all work that was known was done; -1: not yet

  double Fraction() const { return work > 0 ? done / work : 0; }
};

// One line of a terminal `columns` wide:
//   "encode    ━━━━━━━━━╌╌╌╌╌  42 %   35 frames/s   0:31 left"
//   frames  of the title, for the rate; 0 while not known
std::string FormatBar(const StageProgress& stage, int64_t frames, Seconds now,
                      int columns);

// The stages under way in one plain line:
//   "encode 42 %, 35 frames/s, 0:31 left"
// Empty if there are none.
std::string FormatLine(const std::vector<StageProgress>& stages, int64_t frames,
                       Seconds now);

}  // namespace reel::cli

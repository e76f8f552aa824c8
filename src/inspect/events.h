// From single events to findings that a person can read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reel::inspect {

// Of one code: nobody reads more.
inline constexpr size_t kMaxFindings = 50;

// Something at one place of the title.
struct Event {
  double start = 0;  // seconds
  double end = 0;
  int64_t frame = -1;  // -1: not known
  int64_t weight = 1;  // how many of what is counted
};

// A run of events.
struct Burst {
  double start = 0;
  double end = 0;
  int64_t first_frame = -1;
  int64_t events = 0;
  int64_t weight = 0;  // sum of the events'
};

// Joins events that are less than two seconds apart, so that one fault is one
// finding, also where it goes on across pieces. At most kMaxFindings: the
// last covers all the rest. `events` in any order. Pure.
std::vector<Burst> JoinEvents(std::vector<Event> events);

// "at 1.500 s (frame 45)".
std::string At(double seconds, int64_t frame);
// "from 1.500 s (frame 45) to 4.033 s".
std::string At(const Burst& burst);

}  // namespace reel::inspect

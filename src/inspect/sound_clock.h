// Where on the container's clock decoded sound is heard, and where packets of
// it are missing.
#pragma once

#include <optional>
#include <vector>

#include "inspect/sound_facts.h"

namespace reel::inspect {

// Blocks of sound follow each other by the count of their samples. Where the
// time stamps run ahead of that count by more than 15 ms, and for half a second
// at least stay ahead, there is a hole; a stamp that comes late alone is
// jitter. Stamps that go back are followed, and make no hole.
class SoundClock {
 public:
  // When the block is heard: what its stamp says, else right after the block
  // before.
  //   stated   seconds
  //   seconds  that the block lasts
  double Place(std::optional<double> stated, double seconds);
  // Nothing follows.
  void Finish();

  // Start and end only, in order; at most kMaxSoundEvents.
  const std::vector<Hole>& holes() const { return holes_; }
  double start() const { return start_.value_or(0); }
  double end() const { return end_; }
  // SoundFacts::clock_drift_seconds.
  double drift_seconds() const;

 private:
  // Perhaps a hole: the stamps have left the count, and stayed ahead of it by
  // `least`.
  struct Doubt {
    double start = 0;
    double expected = 0;  // end of the sound by the count
    double least = 0;
    double until = 0;  // then it is certain
  };
  void Settle();

  std::optional<double> start_;
  double end_ = 0;
  double counted_ = 0;  // seconds of samples
  double jumps_ = 0;    // sum of holes and steps back
  std::optional<Doubt> doubt_;
  std::vector<Hole> holes_;
};

}  // namespace reel::inspect

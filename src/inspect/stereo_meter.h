// How left and right belong together, and which channels are dead.
#pragma once

#include <optional>
#include <vector>

#include "inspect/sound_facts.h"
#include "inspect/sound_levels.h"

namespace reel::inspect {

// Tenths of a second that share a property, as stretches; a gap of two tenths
// or less, or one that says nothing, does not end a stretch.
class StretchFinder {
 public:
  StretchFinder(int channel, double least_seconds)
      : channel_(channel), least_seconds_(least_seconds) {}
  //   holds  nullopt: says nothing
  void See(double start, double end, std::optional<bool> holds);
  // Those seen so far of at least `least_seconds`, added to `stretches` up to
  // kMaxSoundEvents.
  void AddTo(std::vector<Stretch>& stretches);

 private:
  void Close();

  int channel_;
  double least_seconds_;
  std::optional<Stretch> open_;
  int misses_ = 0;
  std::vector<Stretch> found_;
};

// Peaks and levels of every channel, and stretches in which one is silent
// (below -75 dBFS) while another sounds (above -45).
class ChannelMeter {
 public:
  explicit ChannelMeter(int channels);
  void See(const Slice& slice);
  std::vector<ChannelFacts> channels() const { return channels_; }
  std::vector<Stretch> TakeSilent();

 private:
  std::vector<ChannelFacts> channels_;
  std::vector<StretchFinder> silent_;
};

// Correlation of the first two channels, per tenth of a second in which both
// are above -55 dBFS.
class StereoMeter {
 public:
  void See(const Slice& slice);
  StereoFacts Take();

 private:
  StereoFacts facts_;
  StretchFinder opposed_{-1, 3};
};

}  // namespace reel::inspect

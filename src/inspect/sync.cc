#include "inspect/sync.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace reel::inspect {
namespace {

constexpr int kFlashLevels = 12 * 256;
constexpr int64_t kMostFlashFrames = 5;
// How far sound may be from its flash, and how much farther than the last was
// (drift, and the rounding of frames).
constexpr double kReach = 2.5;
constexpr double kStep = 0.05;
constexpr size_t kLeastPairs = 3;
constexpr double kLeastShare = 0.6;
constexpr size_t kMostSingles = 2;
constexpr double kSingleReach = 1;
constexpr double kMostBeepSeconds = 0.15;
constexpr double kSharpRise = 20;  // dB

int Mean(const TitleFacts& title, int64_t frame) {
  return title.fingerprints[static_cast<size_t>(frame)].mean;
}

// How many frames the flash that begins at `frame` lasts; 0: it is none.
int64_t FlashFrames(const TitleFacts& title, int64_t frame) {
  const int64_t frames = std::ssize(title.fingerprints);
  const int before = Mean(title, frame - 1);
  const int rise = Mean(title, frame) - before;
  if (std::abs(rise) < kFlashLevels) return 0;
  for (int64_t n = 1; n <= kMostFlashFrames && frame + n < frames; ++n) {
    if (std::abs(Mean(title, frame + n) - before) < std::abs(rise) / 4) {
      return n;
    }
  }
  return 0;
}

// From one flash to the next, the sound nearest to where the last pair's
// distance puts it.
std::vector<Pair> Follow(std::span<const double> flashes,
                         std::span<const double> sounds, double distance) {
  std::vector<Pair> pairs;
  for (const double flash : flashes) {
    const double want = flash + distance;
    const auto next = std::lower_bound(sounds.begin(), sounds.end(), want);
    auto best = next;
    if (next == sounds.end() ||
        (next != sounds.begin() && want - *(next - 1) < *next - want)) {
      best = next == sounds.begin() ? next : next - 1;
    }
    if (best == sounds.end() || std::abs(*best - want) > kStep) continue;
    distance = *best - flash;
    pairs.push_back({flash, *best});
  }
  return pairs;
}

double Distance(const Pair& pair) { return pair.sound - pair.picture; }

double MedianDistance(const std::vector<Pair>& pairs) {
  std::vector<double> distances;
  for (const Pair& pair : pairs) distances.push_back(Distance(pair));
  std::sort(distances.begin(), distances.end());
  return distances[distances.size() / 2];
}

// Of all distances at which the first flashes have a sound.
std::vector<Pair> BestPairs(std::span<const double> flashes,
                            std::span<const double> sounds, double reach) {
  std::vector<Pair> best;
  for (const double flash :
       flashes.first(std::min<size_t>(3, flashes.size()))) {
    for (const double sound : sounds) {
      if (std::abs(sound - flash) > reach) continue;
      auto pairs = Follow(flashes, sounds, sound - flash);
      const bool better =
          pairs.size() > best.size() ||
          (!best.empty() && pairs.size() == best.size() &&
           std::abs(MedianDistance(pairs)) < std::abs(MedianDistance(best)));
      if (better) best = std::move(pairs);
    }
  }
  return best;
}

// Whether the pairs are most of what there is in their time.
bool IsMost(const std::vector<Pair>& pairs, std::span<const double> events,
            bool of_sound) {
  const auto at = [&](const Pair& pair) {
    return of_sound ? pair.sound : pair.picture;
  };
  const auto between =
      std::count_if(events.begin(), events.end(), [&](double time) {
        return time >= at(pairs.front()) && time <= at(pairs.back());
      });
  return static_cast<double>(pairs.size()) >=
         kLeastShare * static_cast<double>(between);
}

// Offset and growth by least squares.
Sync Fit(std::vector<Pair> pairs) {
  double mean_time = 0;
  double mean_distance = 0;
  const auto count = static_cast<double>(pairs.size());
  for (const Pair& pair : pairs) {
    mean_time += pair.picture / count;
    mean_distance += Distance(pair) / count;
  }
  double above = 0;
  double below = 0;
  for (const Pair& pair : pairs) {
    const double time = pair.picture - mean_time;
    above += time * (Distance(pair) - mean_distance);
    below += time * time;
  }
  const double slope = below > 0 ? above / below : 0;
  Sync sync;
  const double span = pairs.back().picture - pairs.front().picture;
  sync.growth = pairs.size() >= kLeastPairs ? slope * span : 0;
  sync.offset = mean_distance + slope * (pairs.front().picture - mean_time);
  sync.pairs = std::move(pairs);
  return sync;
}

std::vector<double> Times(const std::vector<Flash>& flashes) {
  std::vector<double> times;
  for (const Flash& flash : flashes) times.push_back(flash.time);
  return times;
}

// Whether the picture stands still around the flash, as that of a leader does.
bool IsAlone(const TitleFacts& title, const Flash& flash) {
  constexpr int64_t kAround = 10;
  constexpr int kStill = 64;  // 1/256 of a luma level
  const int64_t frames = std::ssize(title.fingerprints);
  // Its own two edges move; coding blurs them by a frame.
  const auto moves = [&](int64_t first, int64_t end) {
    for (int64_t n = std::max<int64_t>(first, 1); n < std::min(end, frames);
         ++n) {
      if (title.fingerprints[static_cast<size_t>(n)].change > kStill) {
        return true;
      }
    }
    return false;
  };
  const int64_t after = flash.frame + flash.frames + 2;
  return !moves(flash.frame - kAround, flash.frame - 1) &&
         !moves(after, after + kAround);
}

// Single flashes in a picture that stands still, and the short beeps beside
// them: a 2-pop, whatever follows in the programme.
std::optional<Sync> FindPop(const TrackFacts& track,
                            const std::vector<Flash>& flashes) {
  std::vector<double> alone;
  for (const Flash& flash : flashes) {
    if (IsAlone(track.title, flash)) alone.push_back(flash.time);
  }
  std::vector<double> beeps;
  for (const Beep& beep : track.sound.beeps) {
    const double time = track.Time(beep.start);
    const bool beside = std::any_of(
        alone.begin(), alone.end(),
        [&](double flash) { return std::abs(time - flash) <= kSingleReach; });
    if (beside && beep.seconds <= kMostBeepSeconds) beeps.push_back(time);
  }
  return MatchEvents(alone, beeps, true);
}

}  // namespace

std::vector<Flash> Flashes(const TitleFacts& title) {
  std::vector<Flash> flashes;
  for (int64_t n = 1; n < std::ssize(title.fingerprints); ++n) {
    const int64_t frames = FlashFrames(title, n);
    if (frames == 0) continue;
    flashes.push_back({title.Start(n), n, frames});
    n += frames;
  }
  return flashes;
}

std::optional<Sync> MatchEvents(std::span<const double> flashes,
                                std::span<const double> sounds, bool single) {
  if (flashes.empty() || sounds.empty()) return std::nullopt;
  const bool few = single && flashes.size() <= kMostSingles &&
                   sounds.size() == flashes.size();
  const auto pairs = BestPairs(flashes, sounds, few ? kSingleReach : kReach);
  if (pairs.empty()) return std::nullopt;
  const bool many = pairs.size() >= kLeastPairs &&
                    IsMost(pairs, flashes, false) &&
                    IsMost(pairs, sounds, true);
  if (!many && !(few && pairs.size() == flashes.size())) return std::nullopt;
  return Fit(pairs);
}

std::optional<Sync> FindSync(const TrackFacts& track) {
  const std::vector<Flash> found = Flashes(track.title);
  const std::vector<double> flashes = Times(found);
  std::vector<double> beeps;
  for (const Beep& beep : track.sound.beeps) {
    beeps.push_back(track.Time(beep.start));
  }
  auto sync = MatchEvents(flashes, beeps, false);
  if (!sync) sync = FindPop(track, found);
  if (sync) {
    sync->beeps = true;
    return sync;
  }
  std::vector<double> onsets;
  for (const Onset& onset : track.sound.onsets) {
    if (onset.rise_db >= kSharpRise) onsets.push_back(track.Time(onset.time));
  }
  sync = MatchEvents(flashes, onsets, false);
  // Any sound could come by chance three times.
  if (sync && sync->pairs.size() < kLeastPairs + 1) return std::nullopt;
  return sync;
}

std::optional<Correlation> Correlate(std::span<const double> cuts,
                                     std::span<const double> onsets,
                                     double seconds) {
  constexpr size_t kLeastEvents = 10;
  constexpr double kBin = 0.02;
  constexpr int kBins = 50;  // on either side of 0
  if (cuts.size() < kLeastEvents || onsets.size() < kLeastEvents) {
    return std::nullopt;
  }
  std::vector<int64_t> counts(2 * kBins + 1);
  for (const double cut : cuts) {
    for (const double onset : onsets) {
      const double bin = std::round((onset - cut) / kBin);
      if (std::abs(bin) <= kBins) ++counts[static_cast<size_t>(bin + kBins)];
    }
  }
  // Two bins together: events are not aligned to them.
  Correlation best;
  for (size_t bin = 0; bin + 1 < counts.size(); ++bin) {
    const int64_t both = counts[bin] + counts[bin + 1];
    if (both <= best.coincidences) continue;
    best.coincidences = both;
    best.offset = (static_cast<double>(bin) + 0.5 - kBins) * kBin;
  }
  const double expected = 2 * kBin * static_cast<double>(cuts.size()) *
                          static_cast<double>(onsets.size()) /
                          std::max(seconds, 1.0);
  best.significance = (static_cast<double>(best.coincidences) - expected) /
                      std::sqrt(std::max(expected, 1.0));
  return best;
}

}  // namespace reel::inspect

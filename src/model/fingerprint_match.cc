#include "model/fingerprint_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace reel::model {
namespace {

// Projections, or a difference of such, in 1/32 of a level; padded to whole
// registers.
using Vector = std::array<int32_t, 48>;
static_assert(Vector{}.size() >= kFingerprintProjections);

// Energies are sums of squares over the projections. This is that of a change
// of one level (root mean square over the picture).
constexpr double kLevel = 32.0 * 32.0 * kFingerprintProjections;

// Changes below this many levels are not judged.
constexpr double kFloorLevels = 0.5;
constexpr double kFloor = kFloorLevels * kFloorLevels * kLevel;
// A coder that saves bits repeats pictures that differ by less by itself.
constexpr double kHeldLevels = 1;
constexpr double kHeldFloor = kHeldLevels * kHeldLevels * kLevel;
// What a faithful rendition may differ by all the same, per change: rounding
// and scaling.
constexpr double kRounding = 0.15 * 0.15 * kLevel;

double Dot(const Vector& a, const Vector& b) {
  int64_t sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += int64_t{a[i]} * b[i];
  return static_cast<double>(sum);
}
double Energy(const Vector& a) { return Dot(a, a); }

Vector operator-(const Vector& a, const Vector& b) {
  Vector out;
  for (size_t i = 0; i < a.size(); ++i) out[i] = a[i] - b[i];
  return out;
}

Vector Wide(const Fingerprint& f) {
  Vector out{};
  std::copy(f.projection.begin(), f.projection.end(), out.begin());
  return out;
}

// Source frames and what was decoded in their place; frame numbers are those of
// the source.
class Sequences {
 public:
  Sequences(std::span<const Fingerprint> source, FrameRange range,
            std::span<const Fingerprint> rendition)
      : first(range.first_frame),
        end(first +
            std::min(static_cast<int64_t>(rendition.size()), range.frames())),
        source_first_(std::max<int64_t>(first - kContext, 0)) {
    const auto source_end =
        std::min(static_cast<int64_t>(source.size()), end + kContext);
    for (int64_t k = source_first_; k < source_end; ++k)
      source_.push_back(Wide(source[static_cast<size_t>(k)]));
    for (int64_t k = 0; k < end - first; ++k)
      shown_.push_back(Wide(rendition[static_cast<size_t>(k)]));
  }

  const Vector& Source(int64_t frame) const {
    return source_[static_cast<size_t>(frame - source_first_)];
  }
  const Vector& Shown(int64_t frame) const {
    return shown_[static_cast<size_t>(frame - first)];
  }
  bool HasSource(int64_t frame) const {
    return frame >= source_first_ &&
           frame < source_first_ + static_cast<int64_t>(source_.size());
  }

  const int64_t first;  // of what is judged
  const int64_t end;

 private:
  static constexpr int64_t kContext = 3;  // frames that any explanation needs
  int64_t source_first_;
  std::vector<Vector> source_;
  std::vector<Vector> shown_;
};

// What frames [first, end) may show instead of themselves.
struct Explanation {
  enum class Kind {
    kSwap,    // two frames: each the other
    kShift,   // each the frame `shift` later
    kFreeze,  // all of them the frame before the first
    kForeign  // nothing near
  };
  Kind kind = Kind::kShift;
  int64_t first = 0;
  int64_t end = 0;
  int64_t shift = 0;
  double gained = 0;  // energy that the right order leaves and this does not

  int64_t Shows(int64_t frame) const {
    switch (kind) {
      case Kind::kSwap:
        return frame == first ? first + 1 : first;
      case Kind::kShift:
        return frame + shift;
      case Kind::kFreeze:
        return first - 1;
      case Kind::kForeign:
        break;
    }
    return -1;
  }
};

// How the rendition follows one change of the source, from frame k to k + 1.
struct Step {
  double source = 0;    // energy of the source's change
  double residual = 0;  // energy of what the rendition makes otherwise
  double gain = 0;      // part of the change that it makes: 1 when faithful
};

double Gain(const Vector& shown, const Vector& source) {
  return Dot(shown, source) / (Energy(source) + 0.02 * kLevel);
}

std::vector<Step> Steps(const Sequences& s) {
  std::vector<Step> steps;
  for (int64_t k = s.first; k + 1 < s.end; ++k) {
    const Vector source = s.Source(k + 1) - s.Source(k);
    const Vector shown = s.Shown(k + 1) - s.Shown(k);
    steps.push_back(
        {Energy(source), Energy(shown - source), Gain(shown, source)});
  }
  return steps;
}

// Gains from which on a rendition counts as following its source.
constexpr double kFollowsAtAll = 0.4;
constexpr double kFollowsWell = 0.65;
// Below this, a step is one of standing still.
constexpr double kStandsStill = 0.2;

// How well the rendition follows around a place.
struct Surroundings {
  // Without any to compare with: what a coder leaves of a single change.
  double noise = 0.4;  // median of a step's residual in parts of its change
  double gain = 0;     // that four of five steps reach
};

template <typename T>
T Quantile(std::vector<T>& values, size_t part, size_t of) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() * part / of);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Of the nearest ten steps on each side of steps [begin, end) whose changes are
// of a size with `change`: how a coder follows others says nothing of it.
Surroundings Look(const std::vector<Step>& steps, size_t begin, size_t end,
                  double change) {
  constexpr size_t kWanted = 10, kReach = 48, kEnough = 4;
  constexpr double kComparable = 2 * 2;
  std::vector<double> noise, gain;
  const auto take = [&](const Step& step) {
    if (step.source > change * kComparable ||
        step.source * kComparable < change)
      return;
    noise.push_back(step.residual / (step.source + 0.01 * kLevel));
    gain.push_back(step.gain);
  };
  for (size_t k = begin; k > 0 && begin - k < kReach; --k) {
    if (noise.size() < kWanted) take(steps[k - 1]);
  }
  const size_t before = noise.size();
  for (size_t k = end; k < std::min(end + kReach, steps.size()); ++k) {
    if (noise.size() < before + kWanted) take(steps[k]);
  }
  if (noise.size() < kEnough) return {};
  return {Quantile(noise, 1, 2), Quantile(gain, 1, 5)};
}

// Whether a few frames show others, judged by the steps at and between them.
class LocalTest {
 public:
  LocalTest(const Sequences& s, const std::vector<Step>& steps,
            std::span<const int64_t> run_ends)
      : s_(s), steps_(steps), run_ends_(run_ends) {}

  // `e` with what it gains, if it is to be believed.
  std::optional<Explanation> Judge(Explanation e) const {
    if (!Distinct(e)) return std::nullopt;
    const int64_t begin = std::max(e.first - 1, s_.first);
    const int64_t end = std::min(e.end, s_.end - 1);  // steps [begin, end)
    double straight = 0, explained = 0;
    for (int64_t k = begin; k < end; ++k) straight += steps_[At(k)].residual;
    for (int64_t k = begin; k < end; ++k) {
      const Vector other = s_.Source(Shows(e, k + 1)) - s_.Source(Shows(e, k));
      explained += Energy(s_.Shown(k + 1) - s_.Shown(k) - other);
      if (explained >= straight) return std::nullopt;
    }
    e.gained = straight - explained;
    double expected = 0, gain = 1;
    for (int64_t k = begin; k < end; ++k) {
      const double change = steps_[At(k)].source;
      const Surroundings around = Look(steps_, At(begin), At(end), change);
      expected += around.noise * change + kRounding;
      gain = std::min(gain, around.gain);
    }
    if (e.gained <= Bound(e, gain) * (explained + expected))
      return std::nullopt;
    return e;
  }

 private:
  size_t At(int64_t step) const { return static_cast<size_t>(step - s_.first); }
  static int64_t Shows(const Explanation& e, int64_t frame) {
    return frame >= e.first && frame < e.end ? e.Shows(frame) : frame;
  }

  // Every source frame that is moved differs from the one in its place.
  bool Distinct(const Explanation& e) const {
    for (int64_t k = e.first; k < e.end; ++k) {
      if (!s_.HasSource(e.Shows(k)) ||
          Energy(s_.Source(e.Shows(k)) - s_.Source(k)) <
              (e.kind == Explanation::Kind::kSwap ? kFloor : kHeldFloor))
        return false;
    }
    return true;
  }

  // Gain in parts of what remains, above which an explanation is believed. A
  // coder never puts frames in another order, but it does hold them back when
  // it has few bits, and then it follows its source badly all around.
  double Bound(const Explanation& e, double gain) const {
    // At the range's first frame a step is not seen that would speak against.
    const double weak = e.first == s_.first ? 3 : AtRunEnd(e) ? 2 : 1;
    if (e.kind == Explanation::Kind::kSwap)
      return weak * (gain >= kFollowsAtAll ? 0.35 : 1);
    if (gain >= kFollowsWell) return weak * 1.2;
    return weak * (gain >= kFollowsAtAll ? 2 : 3);
  }

  // Whether `e` has to do with the last frames of an encode.
  bool AtRunEnd(const Explanation& e) const {
    constexpr int64_t kCareless = 3;
    const auto ends = [&](int64_t run_end) {
      return e.first < run_end && e.end > run_end - kCareless;
    };
    return ends(s_.end) ||
           std::any_of(run_ends_.begin(), run_ends_.end(), ends);
  }

  const Sequences& s_;
  const std::vector<Step>& steps_;
  std::span<const int64_t> run_ends_;
};

// Sums over windows of frames, of what remains when the source is shifted or
// left out: from running sums, so that any window takes one look.
class Remainders {
 public:
  // Of the rendition alone, of the source alone, or of their difference with
  // the source `shift` frames later.
  enum class Of { kShown, kSource, kDifference };
  Remainders(const Sequences& s, Of of, int64_t shift = 0) : first_(s.first) {
    Sum sum{};
    Vector last{};
    double energy = 0, steps = 0;
    for (int64_t k = s.first; k < s.end; ++k) {
      Vector rest = of == Of::kSource ? s.Source(k) : s.Shown(k);
      if (of == Of::kDifference && s.HasSource(k + shift))
        rest = rest - s.Source(k + shift);
      sums_.push_back(sum);
      energies_.push_back(energy);
      steps_.push_back(steps);
      for (size_t i = 0; i < sum.size(); ++i) sum[i] += rest[i];
      energy += Energy(rest);
      if (k > s.first) steps += Energy(rest - last);
      last = rest;
    }
    sums_.push_back(sum);
    energies_.push_back(energy);
    steps_.push_back(steps);
  }

  // Energy of the frames about their mean, and of their steps.
  double Total(int64_t first, int64_t end) const {
    return AboutMean(first, end) + steps_[At(end)] - steps_[At(first + 1)];
  }
  double AboutMean(int64_t first, int64_t end) const {
    const Sum& a = sums_[At(first)];
    const Sum& b = sums_[At(end)];
    double mean = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      const auto sum = static_cast<double>(b[i] - a[i]);
      mean += sum * sum;
    }
    return Raw(first, end) - mean / static_cast<double>(end - first);
  }
  double Raw(int64_t first, int64_t end) const {
    return energies_[At(end)] - energies_[At(first)];
  }

 private:
  using Sum = std::array<int64_t, Vector{}.size()>;

  size_t At(int64_t frame) const { return static_cast<size_t>(frame - first_); }

  int64_t first_;
  std::vector<Sum> sums_;
  std::vector<double> energies_;
  std::vector<double> steps_;
};

// Whether long runs of frames show others, judged as a whole: much weaker
// evidence per frame is enough.
class RunTest {
 public:
  RunTest(const Sequences& s, const std::vector<Step>& steps)
      : s_(s),
        steps_(steps),
        straight_(s, Remainders::Of::kDifference),
        alone_(s, Remainders::Of::kShown) {
    for (const int64_t shift : {-3, -2, -1, 1, 2, 3}) {
      shifted_.push_back(
          {shift, Remainders(s, Remainders::Of::kDifference, shift)});
    }
  }

  void Find(std::vector<Explanation>& out) const {
    for (const Length& length : kLengths) {
      for (int64_t k = s_.first; k + length.frames <= s_.end; ++k)
        JudgeWindow(k, length, out);
    }
  }

 private:
  using Kind = Explanation::Kind;

  // Gains in parts of what remains, above which an explanation is believed. A
  // coder short of bits lets a slow dark scene stand for seconds.
  struct Length {
    int64_t frames;
    double shift_bound;
    double freeze_bound;
  };
  static constexpr Length kLengths[] = {
      {6, 5, 120},   {8, 4, 120},   {12, 2.5, 60}, {16, 1.8, 14},
      {24, 1.2, 20}, {36, 0.8, 25}, {48, 0.8, 30}, {72, 0.8, 40}};
  // Shifts of at least so many frames in a rendition that follows its source
  // closely.
  static constexpr int64_t kLong = 12;
  static constexpr double kFollows = 0.6;
  static constexpr double kFollowsBound = 0.6;
  // How much stronger the proof of a frozen picture must be where the coder may
  // have frozen it.
  static constexpr double kFrozenByCoder = 30;

  void JudgeWindow(int64_t k, const Length& length,
                   std::vector<Explanation>& out) const {
    const int64_t end = k + length.frames;
    const double straight = straight_.Total(k, end);
    // Nothing can be gained here that would be worth a look.
    if (straight < 0.25 * kFloor * static_cast<double>(length.frames)) return;
    for (const auto& [shift, rest] : shifted_) {
      if (!s_.HasSource(k + shift) || !s_.HasSource(end - 1 + shift)) continue;
      Add({Kind::kShift, k, end, shift}, straight, rest.Total(k, end),
          length.shift_bound, out);
    }
    Add({Kind::kFreeze, k, end, 0}, straight, alone_.Total(k, end),
        length.freeze_bound, out);
  }

  void Add(Explanation e, double straight, double rest, double bound,
           std::vector<Explanation>& out) const {
    const auto frames = static_cast<double>(e.end - e.first);
    e.gained = straight - rest;
    const double part = e.gained / (rest + 2 * kRounding * frames);
    if (e.gained < 0.25 * kFloor * frames ||
        part <= std::min(bound, kFollowsBound))
      return;
    if (e.kind == Kind::kShift) {
      const double gain = GainOf(e);
      if (gain < kStandsStill) return;
      if (gain >= kFollows && e.end - e.first >= kLong) bound = kFollowsBound;
    }
    if (part <= bound) return;
    if (e.kind == Kind::kFreeze && part <= bound * kFrozenByCoder &&
        !FollowsAround(e))
      return;
    out.push_back(Trimmed(e));
  }

  // `e` without the frames at its ends that look more like themselves.
  Explanation Trimmed(Explanation e) const {
    const auto itself = [&](int64_t k) {
      const auto far = [&](int64_t frame) {
        return Energy(s_.Shown(k) - s_.Source(frame));
      };
      return s_.HasSource(e.Shows(k)) && far(k) < far(e.Shows(k));
    };
    while (e.first + 1 < e.end && itself(e.first)) ++e.first;
    while (e.first + 1 < e.end && itself(e.end - 1)) --e.end;
    return e;
  }

  // Whether the rendition follows its source before and after it stands still.
  bool FollowsAround(const Explanation& e) const {
    auto begin = static_cast<size_t>(e.first - s_.first);
    auto end = static_cast<size_t>(e.end - 1 - s_.first);
    double change = 0;
    for (size_t k = begin; k < end; ++k)
      change = std::max(change, steps_[k].source);
    const auto still = [&](size_t k) { return steps_[k].gain < kStandsStill; };
    while (begin > 0 && still(begin - 1)) --begin;
    while (end < steps_.size() && still(end)) ++end;
    return Look(steps_, begin, end, change).gain >= kFollowsAtAll;
  }

  // The part of the changes that `e` says it should make, which the rendition
  // makes in four of five steps. A coder that holds pictures back makes hardly
  // any.
  double GainOf(const Explanation& e) const {
    std::vector<double> gains;
    for (int64_t k = e.first; k + 1 < e.end; ++k) {
      gains.push_back(Gain(s_.Shown(k + 1) - s_.Shown(k),
                           s_.Source(e.Shows(k + 1)) - s_.Source(e.Shows(k))));
    }
    return Quantile(gains, 1, 5);
  }

  const Sequences& s_;
  const std::vector<Step>& steps_;
  Remainders straight_;
  Remainders alone_;
  std::vector<std::pair<int64_t, Remainders>> shifted_;
};

void FindLocal(const Sequences& s, const std::vector<Step>& steps,
               std::span<const int64_t> run_ends,
               std::vector<Explanation>& out) {
  using Kind = Explanation::Kind;
  constexpr int64_t kLongest = 6;
  const LocalTest test(s, steps, run_ends);
  const auto judge = [&](const Explanation& e) {
    if (e.end > s.end) return;
    if (const auto found = test.Judge(e)) out.push_back(*found);
  };
  for (int64_t k = s.first; k < s.end; ++k) {
    judge({Kind::kSwap, k, k + 2});
    for (int64_t n = 1; n <= kLongest; ++n) {
      judge({Kind::kShift, k, k + n, 1});
      judge({Kind::kShift, k, k + n, -1});
      if (n > 1) judge({Kind::kFreeze, k, k + n});
    }
  }
}

// Runs that do not look like their source at all, or move otherwise.
void FindForeign(const Sequences& s, std::vector<Explanation>& out) {
  constexpr int64_t kWindow = 24;
  constexpr double kFar = 12 * 12 * kLevel;
  constexpr double kMoves = 1 * 1 * kLevel;
  constexpr double kLeastCorrelation = 0.1;
  using Of = Remainders::Of;
  const Remainders straight(s, Of::kDifference), shown(s, Of::kShown),
      source(s, Of::kSource);
  const int64_t window = std::min(kWindow, s.end - s.first);
  if (window < 2) return;
  for (int64_t k = s.first; k + window <= s.end; ++k) {
    const int64_t end = k + window;
    const auto frames = static_cast<double>(window);
    const double a = shown.AboutMean(k, end);
    const double b = source.AboutMean(k, end);
    const double dot = (a + b - straight.AboutMean(k, end)) / 2;
    const bool far = straight.Raw(k, end) > kFar * frames;
    const bool otherwise =
        window == kWindow && std::min(a, b) > kMoves * frames &&
        dot * std::abs(dot) < kLeastCorrelation * kLeastCorrelation * a * b;
    if (far || otherwise)
      out.push_back(
          {Explanation::Kind::kForeign, k, end, 0, straight.Raw(k, end)});
  }
}

// The best explanation of each place, by frame.
std::vector<Explanation> Choose(std::vector<Explanation> found) {
  std::stable_sort(
      found.begin(), found.end(),
      [](const auto& a, const auto& b) { return a.gained > b.gained; });
  std::vector<Explanation> chosen;
  for (const Explanation& e : found) {
    const bool taken = std::any_of(
        chosen.begin(), chosen.end(),
        [&](const auto& c) { return e.first < c.end && c.first < e.end; });
    if (!taken) chosen.push_back(e);
  }
  std::sort(chosen.begin(), chosen.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return chosen;
}

FrameMismatch Describe(const Explanation& e) {
  using Kind = Explanation::Kind;
  const int64_t frames = e.end - e.first;
  const std::string length =
      frames == 1 ? "" : fmt::format(", {} frames long", frames);
  switch (e.kind) {
    case Kind::kSwap:
      return {e.first, e.first + 1, "has changed places with the next frame"};
    case Kind::kShift:
      return {e.first, e.Shows(e.first),
              fmt::format("shows the picture {} {}{}", std::abs(e.shift),
                          e.shift > 0 ? "later" : "earlier", length)};
    case Kind::kFreeze:
      return {e.first, e.first - 1, "the picture stands still" + length};
    case Kind::kForeign:
      break;
  }
  return {e.first, -1, "shows something else" + length};
}

}  // namespace

std::vector<FrameMismatch> MatchFingerprints(
    std::span<const Fingerprint> source,
    std::span<const Fingerprint> rendition) {
  return MatchFingerprints(source, {0, static_cast<int64_t>(source.size())},
                           rendition);
}

std::vector<FrameMismatch> MatchFingerprints(
    std::span<const Fingerprint> source, FrameRange range,
    std::span<const Fingerprint> rendition, std::span<const int64_t> run_ends) {
  REEL_CHECK(range.first_frame >= 0 &&
             range.end_frame <= static_cast<int64_t>(source.size()));
  const auto shown = static_cast<int64_t>(rendition.size());
  const Sequences s(source, range, rendition);
  std::vector<Explanation> found;
  const std::vector<Step> steps = Steps(s);
  FindLocal(s, steps, run_ends, found);
  RunTest(s, steps).Find(found);
  FindForeign(s, found);
  std::vector<FrameMismatch> mismatches;
  for (const Explanation& e : Choose(std::move(found)))
    mismatches.push_back(Describe(e));
  if (shown != range.frames()) {
    mismatches.push_back({s.end, -1,
                          fmt::format("{} frames are shown instead of {}",
                                      shown, range.frames())});
  }
  return mismatches;
}

double DistanceLevels(const Fingerprint& a, const Fingerprint& b) {
  return std::sqrt(Energy(Wide(a) - Wide(b)) / kLevel);
}

int64_t CountIndistinct(std::span<const Fingerprint> source) {
  int64_t count = 0;
  for (size_t k = 1; k < source.size(); ++k)
    count += DistanceLevels(source[k - 1], source[k]) < kHeldLevels ? 1 : 0;
  return count;
}

}  // namespace reel::model

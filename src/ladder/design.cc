#include "ladder/design.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "ladder/allocation.h"
#include "ladder/held_quality.h"
#include "ladder/rounds.h"
#include "ladder/same_size.h"

namespace reel::ladder {
namespace {

using model::Rung;

// How much better real encodes are than drafts where nobody has looked, in CRF
// and logarithm of bits: the middle of a film's shots (docs/ladder.md).
constexpr ChunkCurve::Shift kUsualShift{3, 0.03};
constexpr double kUsualCrf = 30;

// And how much more where the window is only a part of the chunk: an encode
// that sees further ahead gives more to what others are predicted from.
constexpr ChunkCurve::Shift kUsualBeyondWindow{0.75, 0.04};

// Trends over CRF: the usual one; this much spread (a sum of squares) of CRFs
// counts half against it; the most that was ever seen is about this.
constexpr ChunkCurve::Shift kUsualTrend{0.045, 0.006};
constexpr double kTrendSpread = 20;
constexpr ChunkCurve::Shift kMostTrend{0.3, 0.06};

// Of heights, as a logarithm: sizes of a ladder are some 0.25 apart.
constexpr double kSizeReach = 0.35;

// A rung must be this much cheaper than the one before.
constexpr double kLeastRateStep = 1.15;
// A smaller size that costs no more than this is taken: it decodes for less.
constexpr double kSizeBonus = 1.01;
constexpr size_t kMaxRungs = 24;
// Of the peak rate: what a whole chunk can hold, with some room for the
// encoder's own caution.
constexpr double kCapShare = 0.95;
// A common CRF whose quality is this near is kept.
constexpr double kTitleSnap = 0.5;

struct Points {
  std::vector<CurvePoint> draft;
  std::vector<CurvePoint> real;
};

// `size`: anything that has a width and a height.
Points PointsAt(const ChunkFacts& chunk, const auto& size,
                const model::ChunkProbes& probes) {
  Points points;
  for (const model::Probe& probe : probes.probes) {
    if (!probe.failure.empty() || !IsOfSize(probe, size)) continue;
    (probe.draft ? points.draft : points.real).push_back(PointOf(probe, chunk));
  }
  return points;
}

// Points of the size that is nearest by its height and has some.
Points NearestPoints(const ChunkFacts& chunk, const Rung& size,
                     const model::ChunkProbes& probes) {
  Points nearest;
  double least = std::numeric_limits<double>::infinity();
  for (const model::Probe& probe : probes.probes) {
    const double distance =
        std::abs(std::log(static_cast<double>(probe.height) / size.height));
    if (!probe.failure.empty() || distance >= least) continue;
    least = distance;
    nearest = PointsAt(chunk, probe, probes);
  }
  return nearest;
}

// A curve by drafts, or by real probes where no draft is.
std::optional<ChunkCurve> ShapeOf(const Points& points) {
  if (!points.draft.empty()) return ChunkCurve(points.draft);
  if (!points.real.empty()) return ChunkCurve(points.real);
  return std::nullopt;
}

using Shift = ChunkCurve::Shift;

std::optional<Shift> MeanOf(const std::vector<Shift>& shifts) {
  if (shifts.empty()) return std::nullopt;
  Shift mean;
  const auto n = static_cast<double>(shifts.size());
  for (const Shift& shift : shifts) {
    mean.crf += shift.crf / n;
    mean.log_bits += shift.log_bits / n;
  }
  return mean;
}

// How far encodes of the whole chunk will be from its drafts, by the real
// probes that were made beside them, and at which CRF.
struct Foreseen {
  double crf = 0;
  Shift shift;
};

std::optional<Foreseen> ProbedShift(const ChunkFacts& chunk,
                                    const model::ChunkProbes& probes) {
  std::vector<Shift> shifts;
  double crf = 0;
  bool part = false;
  for (const model::Probe& probe : probes.probes) {
    if (probe.draft || !probe.failure.empty()) continue;
    const Points points = PointsAt(chunk, probe, probes);
    if (points.draft.empty()) continue;
    shifts.push_back(ChunkCurve(points.draft).ShiftOf(PointOf(probe, chunk)));
    crf += probe.crf;
    part = part || probe.frames < chunk.frames;
  }
  std::optional<Shift> mean = MeanOf(shifts);
  if (!mean) return std::nullopt;
  if (part) {
    mean->crf += kUsualBeyondWindow.crf;
    mean->log_bits += kUsualBeyondWindow.log_bits;
  }
  return Foreseen{crf / static_cast<double>(shifts.size()), *mean};
}

CurvePoint PointOf(const model::MeasuredChunk& measured) {
  return {measured.crf, measured.vmaf, static_cast<double>(measured.bits)};
}

// Shifts that change with CRF.
struct Trend {
  double crf = 0;  // where the shift is
  Shift shift;
  Shift per_crf;
};

// How much an encode of another size tells of `size`: half as much where their
// heights are 1.4 to 1.
double WeightOf(const model::MeasuredChunk& encode, const Rung& size) {
  const double away =
      std::log(static_cast<double>(encode.height) / size.height) / kSizeReach;
  return 1 / (1 + away * away);
}

// How far encodes of the chunk are from the drafts of their sizes, and how that
// changes with CRF: the window that drafts show is harder or easier than the
// whole chunk in much the same way at every size, and the more so at sizes that
// are close. The line of least squares, its slope drawn to the usual one where
// CRFs are close together.
std::optional<Trend> MeasuredTrend(
    const ChunkFacts& chunk, const Rung& size, const model::ChunkProbes& probes,
    std::span<const model::MeasuredChunk> measured) {
  struct Seen {
    double weight, crf;
    Shift shift;
  };
  std::vector<Seen> seen;
  double sum = 0;
  for (const model::MeasuredChunk& encode : measured) {
    const Points points = PointsAt(chunk, encode, probes);
    if (points.draft.empty()) continue;
    seen.push_back({WeightOf(encode, size), encode.crf,
                    ChunkCurve(points.draft).ShiftOf(PointOf(encode))});
    sum += seen.back().weight;
  }
  if (seen.empty()) return std::nullopt;
  Trend trend{.crf = 0,
              .shift = {},
              .per_crf = {kTrendSpread * kUsualTrend.crf,
                          kTrendSpread * kUsualTrend.log_bits}};
  for (const Seen& one : seen) {
    const double share = one.weight / sum;
    trend.crf += share * one.crf;
    trend.shift.crf += share * one.shift.crf;
    trend.shift.log_bits += share * one.shift.log_bits;
  }
  double spread = kTrendSpread;
  for (const Seen& one : seen) {
    const double away = one.weight * (one.crf - trend.crf);
    spread += away * (one.crf - trend.crf);
    trend.per_crf.crf += away * (one.shift.crf - trend.shift.crf);
    trend.per_crf.log_bits +=
        away * (one.shift.log_bits - trend.shift.log_bits);
  }
  trend.per_crf.crf =
      std::clamp(trend.per_crf.crf / spread, -kMostTrend.crf, kMostTrend.crf);
  trend.per_crf.log_bits =
      std::clamp(trend.per_crf.log_bits / spread, -kMostTrend.log_bits,
                 kMostTrend.log_bits);
  return trend;
}

}  // namespace

std::optional<ChunkCurve> FitCurve(
    const ChunkFacts& chunk, const Rung& size, const model::ChunkProbes& probes,
    std::span<const model::MeasuredChunk> measured,
    const std::optional<Shift>& shift) {
  Points points = PointsAt(chunk, size, probes);
  if (points.draft.empty() && points.real.empty())
    points = NearestPoints(chunk, size, probes);
  std::optional<ChunkCurve> curve = ShapeOf(points);
  std::vector<CurvePoint> here;
  for (const model::MeasuredChunk& encode : measured) {
    if (IsOfSize(encode, size)) here.push_back(PointOf(encode));
  }
  if (!curve && !here.empty()) curve.emplace(here);
  if (!curve) return std::nullopt;
  const std::optional<Trend> trend =
      MeasuredTrend(chunk, size, probes, measured);
  if (!here.empty()) {
    curve->Correct(here, trend ? trend->per_crf : kUsualTrend);
  } else if (trend && !points.draft.empty()) {
    curve->CorrectBy(trend->shift, trend->crf, trend->per_crf);
  } else if (!points.draft.empty()) {
    const Foreseen foreseen =
        ProbedShift(chunk, probes)
            .value_or(Foreseen{kUsualCrf, shift.value_or(kUsualShift)});
    curve->CorrectBy(foreseen.shift, foreseen.crf, kUsualTrend);
  }
  return curve;
}

namespace {

// All curves and what chunks can be at one size.
struct SizeOptions {
  std::vector<ChunkOptions> chunks;
  std::vector<double> cap_crf;  // [chunks] below it, the peak rate binds
};

std::vector<model::MeasuredChunk> MeasuredOf(const SearchFacts& facts,
                                             size_t chunk) {
  std::vector<model::MeasuredChunk> out;
  for (const model::MeasuredChunk& encode : facts.measured) {
    if (encode.chunk == static_cast<int64_t>(chunk)) out.push_back(encode);
  }
  return out;
}

// How uneven a chunk is (held_quality.h) where its mean is that.
struct Evenness {
  double vmaf = 0;
  double unevenness = 0;
};

// What is taken of a chunk of which nothing is known: the curve of its nearest
// neighbour, by the frame.
struct Neighbour {
  ChunkCurve curve;
  double bits_factor = 1;
};

std::vector<std::optional<ChunkCurve>> FitCurves(const SearchFacts& facts,
                                                 const Rung& size) {
  std::vector<Shift> shifts;
  for (size_t c = 0; c < facts.chunks.size(); ++c) {
    if (const auto shift = ProbedShift(facts.chunks[c], facts.probes[c]))
      shifts.push_back(shift->shift);
  }
  const std::optional<Shift> usual = MeanOf(shifts);
  std::vector<std::optional<ChunkCurve>> curves;
  for (size_t c = 0; c < facts.chunks.size(); ++c) {
    curves.push_back(FitCurve(facts.chunks[c], size, facts.probes[c],
                              MeasuredOf(facts, c), usual));
  }
  return curves;
}

std::optional<Neighbour> NearestCurve(
    const std::vector<std::optional<ChunkCurve>>& curves,
    const std::vector<ChunkFacts>& chunks, size_t chunk) {
  for (size_t away = 0; away < curves.size(); ++away) {
    for (const size_t at : {chunk - away, chunk + away}) {
      if (at >= curves.size() || !curves[at]) continue;
      return Neighbour{*curves[at], static_cast<double>(chunks[chunk].frames) /
                                        static_cast<double>(chunks[at].frames)};
    }
  }
  return std::nullopt;
}

// What is known of a chunk's evenness, by quality: its encodes, or as long as
// there are none the probes that held all of it.
std::vector<Evenness> EvennessOf(const SearchFacts& facts, size_t chunk) {
  std::vector<Evenness> known;
  for (const model::MeasuredChunk& encode : MeasuredOf(facts, chunk))
    known.push_back({encode.vmaf, Unevenness(encode)});
  if (known.empty()) {
    for (const model::Probe& probe : facts.probes[chunk].probes) {
      if (probe.failure.empty() && probe.frames == facts.chunks[chunk].frames)
        known.push_back({probe.vmaf, Unevenness(probe)});
    }
  }
  std::ranges::sort(known, {}, &Evenness::vmaf);
  return known;
}

// How uneven a chunk is where its mean is `vmaf`: between what is next to it,
// of whatever size.
double UnevennessAt(const std::vector<Evenness>& by_vmaf, double vmaf) {
  if (by_vmaf.empty()) return 0;
  const auto right =
      std::ranges::lower_bound(by_vmaf, vmaf, {}, &Evenness::vmaf);
  if (right == by_vmaf.begin()) return right->unevenness;
  if (right == by_vmaf.end()) return by_vmaf.back().unevenness;
  const Evenness& left = *(right - 1);
  return std::lerp(left.unevenness, right->unevenness,
                   (vmaf - left.vmaf) / (right->vmaf - left.vmaf));
}

// `recipe`: by which chunks are held to their worst seconds; nullptr: not.
SizeOptions OptionsAt(const SearchFacts& facts, const Rung& size,
                      const model::QualityRecipe* recipe) {
  const auto curves = FitCurves(facts, size);
  SizeOptions out;
  for (size_t c = 0; c < facts.chunks.size(); ++c) {
    const ChunkFacts& chunk = facts.chunks[c];
    ChunkOptions row{.frames = chunk.frames, .options = {}};
    const double cap =
        kCapShare * static_cast<double>(size.maxrate_bps) * chunk.seconds;
    double cap_crf = 0;
    const std::vector<Evenness> by_vmaf = EvennessOf(facts, c);
    if (const auto known = NearestCurve(curves, facts.chunks, c)) {
      for (double crf = kMostCrf; crf >= kLeastCrf; crf -= model::kCrfStep) {
        const double mean = known->curve.Vmaf(crf);
        const double held =
            recipe ? HeldVmaf(mean, UnevennessAt(by_vmaf, mean), *recipe)
                   : mean;
        Option option{crf, held, known->bits_factor * known->curve.Bits(crf),
                      mean};
        if (option.bits > cap && !row.options.empty()) {
          cap_crf = std::max(cap_crf, crf + model::kCrfStep);
          option = row.options.back();
          option.crf = crf;
        }
        row.options.push_back(option);
      }
      std::ranges::reverse(row.options);
    } else {
      // Nothing is known of the whole title: what a fixed ladder would do.
      row.options.push_back({23, 0, cap, 0});
    }
    out.chunks.push_back(std::move(row));
    out.cap_crf.push_back(cap_crf);
  }
  return out;
}

// Searches on behalf of one ladder.
class Designer {
 public:
  Designer(const SearchFacts& facts, const model::Recipe& recipe)
      : facts_(facts), recipe_(recipe), per_shot_(recipe.mode == "per-shot") {
    for (const Rung& size : facts.sizes) {
      sizes_.push_back(
          OptionsAt(facts, size, per_shot_ ? &recipe.quality : nullptr));
    }
    for (const ChunkFacts& chunk : facts.chunks) seconds_ += chunk.seconds;
  }

  model::Ladder Design(const model::Ladder& settled) const {
    model::Ladder ladder{.mode = recipe_.mode, .rungs = {}, .choices = {}};
    if (facts_.sizes.empty() || facts_.chunks.empty()) return ladder;
    if (GoesByRungs(facts_.chunks.size())) {
      ladder.rungs = settled.rungs;
      ladder.choices = settled.choices;
    } else {
      for (size_t r = 0; r < settled.rungs.size(); ++r)
        AddSettled(settled.rungs[r], settled.choices[r], ladder);
    }
    if (ladder.rungs.empty()) AddFirst(facts_.sizes.size(), ladder);
    while (AddNext(ladder)) {
    }
    return ladder;
  }

 private:
  struct Found {
    size_t size = 0;
    Allocation allocation;
    // The next best size and its bits, if another reaches the wish.
    std::optional<std::pair<size_t, double>> other;
  };

  // The best rung: the recipe's target, or as near as there is.
  //   end  of the sizes that it may have
  void AddFirst(size_t end, model::Ladder& ladder) const {
    double target = recipe_.ladder.target_vmaf;
    std::optional<Found> found = Cheapest(target, 0, end);
    const bool capped = !found;
    if (!found) {
      found = Best(end);
      target = found->allocation.vmaf;
    }
    Add(*found, target, capped, ladder);
  }

  // A rung that is there already, below those of `ladder`; between them, as
  // many as fit by the recipe's step.
  void AddSettled(const Rung& rung,
                  const std::vector<model::ChunkChoice>& choices,
                  model::Ladder& ladder) const {
    const double step = recipe_.ladder.step_vmaf;
    const size_t end = SizeOf(rung) + 1;
    if (ladder.rungs.empty()) {
      AddFirst(end, ladder);
      if (ladder.rungs.front().target_vmaf < rung.target_vmaf + step / 2)
        ladder = {.mode = recipe_.mode, .rungs = {}, .choices = {}};
    }
    if (!ladder.rungs.empty()) {
      const double top = ladder.rungs.back().target_vmaf;
      const double gap = top - rung.target_vmaf;
      if (gap < step / 2) return;  // they would look the same
      const double steps = std::max(1.0, std::round(gap / step));
      for (double i = 1; i < steps; ++i) {
        const double wish = top - gap * i / steps;
        const std::optional<Found> found =
            Cheapest(wish, SizeOf(ladder.rungs.back()), end);
        if (found && IsCheaper(RateOf(found->allocation), ladder) &&
            IsCheaper(static_cast<double>(rung.rate_bps),
                      RateOf(found->allocation))) {
          Add(*found, wish, false, ladder);
        }
      }
      if (!IsCheaper(static_cast<double>(rung.rate_bps), ladder)) return;
    }
    Rung renamed = rung;
    renamed.id = IdOf(facts_.sizes[SizeOf(rung)], rung.target_vmaf, ladder);
    ladder.rungs.push_back(std::move(renamed));
    ladder.choices.push_back(choices);
  }

  // The next one below those that are there; false if there is none.
  bool AddNext(model::Ladder& ladder) const {
    const Rung& last = ladder.rungs.back();
    if (ladder.rungs.size() >= kMaxRungs ||
        last.rate_bps <= recipe_.ladder.floor_rate_bps) {
      return false;
    }
    const size_t first = SizeOf(last);
    for (double wish = last.target_vmaf - recipe_.ladder.step_vmaf;
         wish >= recipe_.ladder.floor_vmaf; wish -= recipe_.ladder.step_vmaf) {
      const std::optional<Found> found =
          Cheapest(wish, first, facts_.sizes.size());
      if (!found) return false;
      if (!IsCheaper(RateOf(found->allocation), ladder)) continue;
      Add(*found, wish, false, ladder);
      return true;
    }
    return false;
  }

  // Enough to be a rung of its own.
  static bool IsCheaper(double rate, double than) {
    return rate * kLeastRateStep <= than;
  }
  static bool IsCheaper(double rate, const model::Ladder& ladder) {
    return IsCheaper(rate, static_cast<double>(ladder.rungs.back().rate_bps));
  }

  size_t SizeOf(const Rung& rung) const {
    size_t size = 0;
    while (size + 1 < facts_.sizes.size() &&
           !IsOfSize(rung, facts_.sizes[size])) {
      ++size;
    }
    return size;
  }

  Wish WishFor(double vmaf) const {
    return {.vmaf = vmaf,
            .worst_vmaf = vmaf - recipe_.ladder.worst_shot_below,
            .pooling = PoolingOf(recipe_.ladder)};
  }

  double RateOf(const Allocation& allocation) const {
    return seconds_ > 0 ? allocation.bits / seconds_ : 0;
  }

  Allocation Allocate(size_t size, double vmaf) const {
    const Wish wish = WishFor(vmaf);
    const auto& chunks = sizes_[size].chunks;
    if (!per_shot_)
      return SnapTitle(size, wish, AllocatePerTitle(chunks, wish));
    const Allocation free = AllocatePerShot(chunks, wish);
    return facts_.measured.empty() ? free : Snap(size, wish, free);
  }

  double Held(const model::MeasuredChunk& encode) const {
    return per_shot_ ? HeldVmaf(encode, recipe_.quality) : encode.vmaf;
  }

  // The encode of that chunk and size which is nearest to `vmaf`.
  const model::MeasuredChunk* Nearest(size_t size, size_t chunk,
                                      double vmaf) const {
    const model::MeasuredChunk* nearest = nullptr;
    for (const model::MeasuredChunk& encode : facts_.measured) {
      if (encode.chunk != static_cast<int64_t>(chunk) ||
          !IsOfSize(encode, facts_.sizes[size])) {
        continue;
      }
      if (nearest == nullptr ||
          std::abs(Held(encode) - vmaf) < std::abs(Held(*nearest) - vmaf)) {
        nearest = &encode;
      }
    }
    return nearest;
  }

  // Takes encodes that are there and near enough, and lets the other chunks
  // make up for the difference.
  Allocation Snap(size_t size, const Wish& wish, const Allocation& free) const {
    std::vector<ChunkOptions> chunks = sizes_[size].chunks;
    std::vector<std::optional<size_t>> kept(chunks.size());
    for (size_t c = 0; c < chunks.size(); ++c) {
      const double wanted = chunks[c].options[free.picks[c]].vmaf;
      const model::MeasuredChunk* near = Nearest(size, c, wanted);
      if (near == nullptr || std::abs(Held(*near) - wanted) > kSnap) continue;
      const auto at =
          std::ranges::find(chunks[c].options, near->crf, &Option::crf);
      if (at == chunks[c].options.end()) continue;
      kept[c] = static_cast<size_t>(at - chunks[c].options.begin());
      // As it was measured, whatever the curve says.
      chunks[c].options = {{near->crf, Held(*near),
                            static_cast<double>(near->bits), near->vmaf}};
    }
    Allocation snapped = AllocatePerShot(chunks, wish);
    if (!snapped.reached && free.reached) {
      // All that is there falls a little short: that is near enough.
      snapped.reached = snapped.vmaf >= wish.vmaf - kSnap / 2;
      if (!snapped.reached) return free;
    }
    for (size_t c = 0; c < chunks.size(); ++c) {
      if (kept[c]) snapped.picks[c] = *kept[c];
    }
    return snapped;
  }

  Allocation SnapTitle(size_t size, const Wish& wish,
                       const Allocation& free) const {
    if (facts_.measured.empty()) return free;
    const auto& chunks = sizes_[size].chunks;
    const model::MeasuredChunk* any = Nearest(size, 0, wish.vmaf);
    if (any == nullptr) return free;
    const auto& options = chunks.front().options;
    const auto at = std::ranges::find(options, any->crf, &Option::crf);
    if (at == options.end()) return free;
    Allocation kept{
        .picks = std::vector<size_t>(
            chunks.size(), static_cast<size_t>(at - options.begin()))};
    kept.vmaf = PoolVmaf(chunks, kept.picks, wish.pooling);
    for (const ChunkOptions& chunk : chunks)
      kept.bits += chunk.options[kept.picks.front()].bits;
    kept.reached = true;
    return std::abs(kept.vmaf - wish.vmaf) <= kTitleSnap ? kept : free;
  }

  // The size of [first, end) that reaches the wish with the fewest bits.
  std::optional<Found> Cheapest(double vmaf, size_t first, size_t end) const {
    std::optional<Found> best;
    for (size_t size = first; size < end; ++size) {
      Allocation there = Allocate(size, vmaf);
      if (!there.reached) continue;
      if (!best || there.bits <= best->allocation.bits * kSizeBonus) {
        std::optional<std::pair<size_t, double>> other;
        if (best) other = {best->size, best->allocation.bits};
        best = Found{size, std::move(there), other};
      } else if (!best->other || there.bits < best->other->second) {
        best->other = {size, there.bits};
      }
    }
    return best;
  }

  // The most quality that any size has, at the least bits for it.
  Found Best(size_t end) const {
    std::optional<Found> best;
    for (size_t size = 0; size < end; ++size) {
      Allocation most = Allocate(size, recipe_.ladder.target_vmaf);
      // The last tenths cost most and nobody sees them.
      Allocation near = Allocate(size, most.vmaf - kTitleSnap);
      if (near.reached) most = std::move(near);
      if (!best || most.vmaf > best->allocation.vmaf + kTitleSnap)
        best = Found{size, std::move(most), std::nullopt};
    }
    return *std::move(best);
  }

  std::string SizeName(size_t size) const {
    return fmt::format("{}x{}", facts_.sizes[size].width,
                       facts_.sizes[size].height);
  }

  std::string Reason(const Found& found, double target, bool capped) const {
    const double rate = RateOf(found.allocation) / 1000;
    if (capped) {
      return fmt::format(
          "VMAF {:.1f} is the most that the recipe's sizes and peak rates "
          "allow, below the target of {:g}",
          target, recipe_.ladder.target_vmaf);
    }
    if (!found.other) {
      return fmt::format(
          "VMAF {:g} takes {:.0f} kbit/s at {}; no other size "
          "left reaches it",
          target, rate, SizeName(found.size));
    }
    return fmt::format("VMAF {:g} takes {:.0f} kbit/s at {}, {:.0f} at {}",
                       target, rate, SizeName(found.size),
                       seconds_ > 0 ? found.other->second / seconds_ / 1000 : 0,
                       SizeName(found.other->first));
  }

  // Of the rung that comes next in `ladder`.
  static std::string IdOf(const Rung& size, double target,
                          const model::Ladder& ladder) {
    std::string id = fmt::format("{}-q{:.0f}", size.id, target);
    for (const Rung& other : ladder.rungs) {
      if (other.id == id) id += fmt::format("-{}", ladder.rungs.size());
    }
    return id;
  }

  void Add(const Found& found, double target, bool capped,
           model::Ladder& ladder) const {
    const Rung& size = facts_.sizes[found.size];
    Rung rung = size;
    rung.id = IdOf(size, target, ladder);
    rung.rate_bps = std::llround(RateOf(found.allocation));
    rung.target_vmaf = target;
    rung.reason = Reason(found, target, capped);
    std::vector<model::ChunkChoice> choices;
    double crf_sum = 0, frames = 0;
    for (size_t c = 0; c < facts_.chunks.size(); ++c) {
      const Option& option =
          sizes_[found.size].chunks[c].options[found.allocation.picks[c]];
      const bool at_cap = option.crf <= sizes_[found.size].cap_crf[c] ||
                          option.crf <= kLeastCrf;
      choices.push_back({.crf = option.crf,
                         .vmaf = option.mean_vmaf,
                         .target_vmaf = option.vmaf,
                         .bits = std::llround(option.bits),
                         .capped = at_cap && option.vmaf < target});
      crf_sum += option.crf * static_cast<double>(facts_.chunks[c].frames);
      frames += static_cast<double>(facts_.chunks[c].frames);
    }
    rung.crf = std::round(crf_sum / frames / model::kCrfStep) * model::kCrfStep;
    ladder.rungs.push_back(std::move(rung));
    ladder.choices.push_back(std::move(choices));
  }

  const SearchFacts& facts_;
  const model::Recipe& recipe_;
  bool per_shot_;
  std::vector<SizeOptions> sizes_;
  double seconds_ = 0;
};

}  // namespace

model::Ladder DesignLadder(const SearchFacts& facts,
                           const model::Recipe& recipe,
                           const model::Ladder& settled) {
  return Designer(facts, recipe).Design(settled);
}

std::vector<model::TitlePoint> TitlePoints(const SearchFacts& facts,
                                           const model::Recipe& recipe) {
  constexpr int kFirstCrf = 18, kLastCrf = 45, kStride = 3;
  double seconds = 0;
  for (const ChunkFacts& chunk : facts.chunks) seconds += chunk.seconds;
  std::vector<model::TitlePoint> points;
  if (seconds <= 0) return points;
  for (const Rung& size : facts.sizes) {
    const SizeOptions options = OptionsAt(facts, size, nullptr);
    for (int crf = kFirstCrf; crf <= kLastCrf; crf += kStride) {
      const auto pick =
          static_cast<size_t>((crf - kLeastCrf) / model::kCrfStep);
      double bits = 0;
      bool known = true;
      for (const ChunkOptions& chunk : options.chunks) {
        known = known && pick < chunk.options.size();
        if (known) bits += chunk.options[pick].bits;
      }
      if (!known) continue;
      const std::vector<size_t> picks(options.chunks.size(), pick);
      points.push_back(
          {.width = size.width,
           .height = size.height,
           .crf = static_cast<double>(crf),
           .rate_bps = bits / seconds,
           .vmaf = PoolVmaf(options.chunks, picks, PoolingOf(recipe.ladder))});
    }
  }
  return points;
}

}  // namespace reel::ladder

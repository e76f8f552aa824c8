#include "ladder/rounds.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/result.h"
#include "ladder/allocation.h"
#include "ladder/held_quality.h"
#include "ladder/same_size.h"

namespace reel::ladder {
namespace {

std::vector<size_t> EndRungs(const model::Ladder& ladder) {
  std::vector<size_t> anchors;
  for (size_t first = 0; first < ladder.rungs.size();) {
    size_t end = first + 1;
    while (end < ladder.rungs.size() &&
           IsOfSize(ladder.rungs[end], ladder.rungs[first])) {
      ++end;
    }
    anchors.push_back(first);
    if (end - first > 1) anchors.push_back(end - 1);
    first = end;
  }
  return anchors;
}

// The encode that was designed for a chunk of a rung; nullptr: not made yet.
const model::MeasuredChunk* Find(std::span<const model::MeasuredChunk> measured,
                                 const model::Rung& rung, size_t chunk,
                                 double crf) {
  const auto found =
      std::ranges::find_if(measured, [&](const model::MeasuredChunk& encode) {
        return encode.chunk == static_cast<int64_t>(chunk) &&
               IsOfSize(encode, rung) && encode.crf == crf;
      });
  return found == measured.end() ? nullptr : &*found;
}

// A rung as its encodes came out.
struct Outcome {
  std::vector<model::ChunkChoice> choices;
  int64_t rate_bps = 0;
  double vmaf = 0;  // that it counts as; pooled
  bool scored = true;
};

double PoolTargets(std::span<const model::ChunkChoice> choices,
                   std::span<const ChunkFacts> chunks,
                   const model::Recipe& recipe) {
  std::vector<ChunkOptions> made;
  for (size_t c = 0; c < chunks.size(); ++c) {
    const model::ChunkChoice& one = choices[c];
    made.push_back({.frames = chunks[c].frames,
                    .options = {{one.crf, one.target_vmaf, 0, one.vmaf}}});
  }
  return PoolVmaf(made, std::vector<size_t>(made.size()),
                  PoolingOf(recipe.ladder));
}

// Nullopt if a chunk is not encoded as it was designed.
std::optional<Outcome> OutcomeOf(const model::Ladder& ladder, size_t r,
                                 std::span<const model::MeasuredChunk> measured,
                                 std::span<const ChunkFacts> chunks,
                                 const model::Recipe& recipe) {
  Outcome out{.choices = ladder.choices[r]};
  REEL_CHECK(chunks.size() == out.choices.size());
  double bits = 0, seconds = 0;
  for (size_t c = 0; c < chunks.size(); ++c) {
    model::ChunkChoice& choice = out.choices[c];
    const model::MeasuredChunk* encode =
        Find(measured, ladder.rungs[r], c, choice.crf);
    if (encode == nullptr) return std::nullopt;
    choice.vmaf = encode->vmaf;
    choice.target_vmaf = recipe.mode == "per-shot"
                             ? HeldVmaf(*encode, recipe.quality)
                             : encode->vmaf;
    choice.bits = encode->bits;
    out.scored = out.scored && encode->scored;
    bits += static_cast<double>(encode->bits);
    seconds += chunks[c].seconds;
  }
  out.vmaf = PoolTargets(out.choices, chunks, recipe);
  if (seconds > 0) out.rate_bps = std::llround(bits / seconds);
  return out;
}

// How far a rung came out from its target, which must not be more than `most`;
// nullopt: it is. One that a cap holds down says nothing of its other chunks.
std::optional<double> MoveOf(const Outcome& outcome,
                             const model::Ladder& ladder, size_t r,
                             double most) {
  if (r == 0) most = kFirstRungMove;
  if (std::ranges::any_of(ladder.choices[r], &model::ChunkChoice::capped))
    return 0;
  const double moved = outcome.vmaf - ladder.rungs[r].target_vmaf;
  if (std::abs(moved) > most) return std::nullopt;
  return moved;
}

// Whether chunk `c` of a rung that moved by so much may be what it came out as.
bool IsNear(const Outcome& outcome, const model::ChunkChoice& designed,
            size_t c, double moved, const model::Recipe& recipe) {
  if (recipe.mode != "per-shot" || designed.capped) return true;
  const double least =
      outcome.vmaf - recipe.ladder.worst_shot_below - recipe.quality.tolerance;
  const double now = outcome.choices[c].target_vmaf;
  return now >= least &&
         std::abs(now - designed.target_vmaf - moved) <= kChunkMove;
}

}  // namespace

std::vector<size_t> NextAnchors(
    const model::Ladder& ladder, const model::Ladder& settled,
    std::span<const model::MeasuredChunk> measured) {
  if (ladder.rungs.empty()) return {};
  if (!GoesByRungs(ladder.choices.front().size()))
    return measured.empty() ? EndRungs(ladder) : std::vector<size_t>{};
  const size_t next = settled.rungs.size();
  return next < ladder.rungs.size() ? std::vector<size_t>{next}
                                    : std::vector<size_t>{};
}

model::Ladder SettleAnchors(const model::Ladder& ladder,
                            std::span<const size_t> anchors,
                            std::span<const model::MeasuredChunk> measured,
                            std::span<const ChunkFacts> chunks,
                            const model::Recipe& recipe) {
  model::Ladder out{.mode = ladder.mode, .rungs = {}, .choices = {}};
  for (const size_t r : anchors) {
    std::optional<Outcome> outcome =
        OutcomeOf(ladder, r, measured, chunks, recipe);
    if (!outcome || !outcome->scored) continue;
    const std::optional<double> moved =
        MoveOf(*outcome, ladder, r, kAnchorMove);
    if (!moved) continue;
    for (size_t c = 0; c < chunks.size(); ++c) {
      const model::ChunkChoice& designed = ladder.choices[r][c];
      if (IsNear(*outcome, designed, c, *moved, recipe)) continue;
      outcome->choices[c].vmaf = designed.vmaf + *moved;
      outcome->choices[c].target_vmaf = designed.target_vmaf + *moved;
    }
    out.rungs.push_back(ladder.rungs[r]);
    out.rungs.back().target_vmaf =
        PoolTargets(outcome->choices, chunks, recipe);
    out.rungs.back().rate_bps = outcome->rate_bps;
    out.choices.push_back(std::move(outcome->choices));
  }
  return out;
}

std::optional<model::Ladder> SettleRung(
    const model::Ladder& ladder, const model::Ladder& settled,
    std::span<const model::MeasuredChunk> measured,
    std::span<const ChunkFacts> chunks, const model::Recipe& recipe,
    bool anyway) {
  const size_t r = settled.rungs.size();
  REEL_CHECK(r < ladder.rungs.size());
  std::optional<Outcome> outcome =
      OutcomeOf(ladder, r, measured, chunks, recipe);
  if (!outcome) return std::nullopt;
  const std::optional<double> moved = MoveOf(*outcome, ladder, r, kRungMove);
  bool near = outcome->scored && moved;
  for (size_t c = 0; near && c < chunks.size(); ++c)
    near = IsNear(*outcome, ladder.choices[r][c], c, *moved, recipe);
  if (outcome->scored && !near && !anyway) return std::nullopt;
  model::Ladder out = settled;
  out.mode = ladder.mode;
  out.rungs.push_back(ladder.rungs[r]);
  out.choices.push_back(ladder.choices[r]);
  // What is not near keeps the target that it misses: that is to be told.
  if (near) {
    out.rungs.back().target_vmaf = outcome->vmaf;
    out.choices.back() = std::move(outcome->choices);
  }
  out.rungs.back().rate_bps = outcome->rate_bps;
  return out;
}

}  // namespace reel::ladder

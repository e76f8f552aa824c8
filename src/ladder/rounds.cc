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

std::vector<size_t> MiddleRungs(const model::Ladder& ladder) {
  std::vector<size_t> anchors;
  for (size_t first = 0; first < ladder.rungs.size();) {
    size_t end = first + 1;
    while (end < ladder.rungs.size() &&
           IsOfSize(ladder.rungs[end], ladder.rungs[first])) {
      ++end;
    }
    anchors.push_back(first + (end - first - 1) / 2);
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

// Nullopt if a chunk is not encoded as it was designed.
std::optional<Outcome> OutcomeOf(const model::Ladder& ladder, size_t r,
                                 std::span<const model::MeasuredChunk> measured,
                                 std::span<const ChunkFacts> chunks,
                                 const model::Recipe& recipe) {
  Outcome out{.choices = ladder.choices[r]};
  REEL_CHECK(chunks.size() == out.choices.size());
  double bits = 0, seconds = 0;
  std::vector<ChunkOptions> made;
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
    made.push_back(
        {.frames = chunks[c].frames,
         .options = {{choice.crf, choice.target_vmaf, 0, choice.vmaf}}});
  }
  out.vmaf = PoolVmaf(made, std::vector<size_t>(made.size()),
                      PoolingOf(recipe.ladder));
  if (seconds > 0) out.rate_bps = std::llround(bits / seconds);
  return out;
}

// Whether rung `r` may be what it came out as.
bool IsNear(const Outcome& outcome, const model::Ladder& ladder, size_t r,
            const model::Recipe& recipe) {
  const std::vector<model::ChunkChoice>& designed = ladder.choices[r];
  const bool capped =
      std::ranges::any_of(designed, &model::ChunkChoice::capped);
  const double moved = outcome.vmaf - ladder.rungs[r].target_vmaf;
  if (!capped && std::abs(moved) > (r == 0 ? kFirstRungMove : kRungMove))
    return false;
  if (recipe.mode != "per-shot") return true;
  // A rung that is held down by a cap says nothing of its other chunks.
  const double common = capped ? 0 : moved;
  const double least =
      outcome.vmaf - recipe.ladder.worst_shot_below - recipe.quality.tolerance;
  for (size_t c = 0; c < designed.size(); ++c) {
    if (designed[c].capped) continue;
    const double now = outcome.choices[c].target_vmaf;
    if (now < least ||
        std::abs(now - designed[c].target_vmaf - common) > kChunkMove) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<size_t> NextAnchors(
    const model::Ladder& ladder, const model::Ladder& settled,
    std::span<const model::MeasuredChunk> measured) {
  if (ladder.rungs.empty()) return {};
  if (!GoesByRungs(ladder.choices.front().size()))
    return measured.empty() ? MiddleRungs(ladder) : std::vector<size_t>{};
  const size_t next = settled.rungs.size();
  return next < ladder.rungs.size() ? std::vector<size_t>{next}
                                    : std::vector<size_t>{};
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
  const bool near = outcome->scored && IsNear(*outcome, ladder, r, recipe);
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

#include "ladder/rounds.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/result.h"
#include "ladder/allocation.h"
#include "ladder/held_quality.h"

namespace reel::ladder {
namespace {

bool AreOfOneSize(const model::Rung& a, const model::Rung& b) {
  return a.width == b.width && a.height == b.height;
}

std::vector<size_t> MiddleRungs(const model::Ladder& ladder) {
  std::vector<size_t> anchors;
  for (size_t first = 0; first < ladder.rungs.size();) {
    size_t end = first + 1;
    while (end < ladder.rungs.size() &&
           AreOfOneSize(ladder.rungs[end], ladder.rungs[first])) {
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
               encode.width == rung.width && encode.height == rung.height &&
               encode.crf == crf;
      });
  return found == measured.end() ? nullptr : &*found;
}

}  // namespace

std::vector<size_t> NextAnchors(
    const model::Ladder& ladder, const model::Ladder& settled,
    std::span<const model::MeasuredChunk> measured) {
  if (ladder.rungs.empty()) return {};
  if (ladder.choices.front().size() > kFewChunks)
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
  model::Rung rung = ladder.rungs[r];
  std::vector<model::ChunkChoice> choices = ladder.choices[r];
  REEL_CHECK(chunks.size() == choices.size());
  const bool per_shot = recipe.mode == "per-shot";
  bool scored = true, capped = false;
  double bits = 0, seconds = 0;
  std::vector<ChunkOptions> made;
  for (size_t c = 0; c < choices.size(); ++c) {
    model::ChunkChoice& choice = choices[c];
    const model::MeasuredChunk* encode = Find(measured, rung, c, choice.crf);
    if (encode == nullptr) return std::nullopt;
    if (encode->scored) {
      choice.vmaf = encode->vmaf;
      choice.target_vmaf =
          per_shot ? HeldVmaf(*encode, recipe.quality) : encode->vmaf;
    }
    choice.bits = encode->bits;
    scored = scored && encode->scored;
    capped = capped || choice.capped;
    bits += static_cast<double>(encode->bits);
    seconds += chunks[c].seconds;
    made.push_back(
        {.frames = chunks[c].frames,
         .options = {{choice.crf, choice.target_vmaf, 0, choice.vmaf}}});
  }
  if (scored) {
    const double there = PoolVmaf(made, std::vector<size_t>(made.size()),
                                  PoolingOf(recipe.ladder));
    const double moved = there - rung.target_vmaf;
    if (!anyway && !capped &&
        std::abs(moved) > (r == 0 ? kFirstRungMove : kRungMove))
      return std::nullopt;
    // A rung that is held down by a cap says nothing of its other chunks.
    const double common = capped ? 0 : moved;
    for (size_t c = 0; per_shot && !anyway && c < choices.size(); ++c) {
      const double target = choices[c].target_vmaf;
      const double chunk_moved = target - ladder.choices[r][c].target_vmaf;
      if (!choices[c].capped &&
          (std::abs(chunk_moved - common) > kChunkMove ||
           target < there - recipe.ladder.worst_shot_below -
                        recipe.quality.tolerance)) {
        return std::nullopt;
      }
    }
    rung.target_vmaf = there;
  }
  if (seconds > 0) rung.rate_bps = std::llround(bits / seconds);
  model::Ladder out = settled;
  out.mode = ladder.mode;
  out.rungs.push_back(std::move(rung));
  out.choices.push_back(std::move(choices));
  return out;
}

}  // namespace reel::ladder

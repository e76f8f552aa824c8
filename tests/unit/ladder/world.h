// A made-up title whose every encode has a known quality and size, so that what
// a search finds can be held against what there is.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "ladder/design.h"
#include "ladder/probe_plan.h"

namespace reel::ladder {

// Logistic quality and exponential rate, as encodes have them; smaller sizes
// lose detail for good and take fewer bits.
struct FakeShot {
  double hardness = 0;             // in CRF: quality falls so much earlier
  double bits_per_frame = 40'000;  // at CRF 23 and full size
  double motion = 1;               // factor of bits
  double draft_shift = 2;          // steps of CRF that drafts are worse by
  double uneven = 0.3;             // of its worst second (held_quality.h)

  double Vmaf(double scale, double crf) const {
    const double most = 100 - 20 * (1 - scale);
    return most / (1 + std::exp((crf + hardness - 42 + 8 * (1 - scale)) / 5.0));
  }
  double Bits(double scale, double crf) const {
    return motion * bits_per_frame * std::pow(scale, 1.5) *
           std::exp(-0.115 * (crf - 23));
  }
};

inline model::Rung SizeOf(int height) {
  model::Rung rung;
  rung.id = std::to_string(height) + "p-h264";
  rung.profile = "h264-high";
  rung.preset = "medium";
  rung.width = height * 16 / 9 / 2 * 2;
  rung.height = height;
  rung.maxrate_bps = 100'000'000;
  rung.buffer_bits = 100'000'000;
  return rung;
}

struct FakeTitle {
  std::vector<FakeShot> shots;
  std::vector<model::Rung> sizes{SizeOf(720), SizeOf(480), SizeOf(240)};
  int64_t frames = 48;  // of each shot

  double ScaleOf(int height) const {
    return static_cast<double>(height) / sizes.front().height;
  }

  // What encoding chunk `c` for good gives.
  model::MeasuredChunk Encode(size_t c, const model::Rung& size,
                              double crf) const {
    const FakeShot& shot = shots[c];
    const double scale = ScaleOf(size.height);
    const double vmaf = shot.Vmaf(scale, crf);
    return {.chunk = static_cast<int64_t>(c),
            .width = size.width,
            .height = size.height,
            .crf = crf,
            .bits = std::llround(shot.Bits(scale, crf) *
                                 static_cast<double>(frames)),
            .vmaf = vmaf,
            .worst_second = vmaf - shot.uneven * std::sqrt(100 - vmaf)};
  }

  SearchFacts Facts(const model::Recipe& recipe) const {
    SearchFacts facts{
        .sizes = sizes, .chunks = {}, .probes = {}, .measured = {}};
    for (size_t c = 0; c < shots.size(); ++c) {
      facts.chunks.push_back({.frames = frames,
                              .segments = 1,
                              .seconds = static_cast<double>(frames) / 24});
      model::Chunk chunk;
      chunk.index = static_cast<int64_t>(c);
      chunk.range = {0, frames};
      chunk.segments = {chunk.range};
      const ProbePlan plan =
          PlanProbes(chunk, chunk.range, sizes, recipe.ladder);
      model::ChunkProbes probes{.chunk = chunk.index, .probes = {}};
      const ProbeBounds bounds =
          BoundsOf(facts.chunks.back(), shots.size(), recipe);
      for (const auto& round : plan.rounds) {
        const std::vector<model::Probe> before = probes.probes;
        for (const PlannedProbe& probe : round) {
          if (IsWanted(probe, before, facts.chunks.back(), bounds))
            probes.probes.push_back(Look(c, probe, frames));
        }
      }
      facts.probes.push_back(std::move(probes));
    }
    facts.sizes = ProbedSizes(sizes, facts.probes);
    return facts;
  }

 private:
  model::Probe Look(size_t c, const PlannedProbe& probe, int64_t window) const {
    const double scale = ScaleOf(probe.rung.height);
    const double crf = probe.rung.crf;
    const double like = crf + (probe.draft ? shots[c].draft_shift : 0);
    const auto bits =
        std::llround(shots[c].Bits(scale, crf) * static_cast<double>(window));
    const double vmaf = shots[c].Vmaf(scale, like);
    return {.width = probe.rung.width,
            .height = probe.rung.height,
            .crf = crf,
            .draft = probe.draft,
            .frames = window,
            .keys = 1,
            .key_bits = bits / window,
            .bits = bits,
            .vmaf = vmaf,
            .worst_second = vmaf - shots[c].uneven * std::sqrt(100 - vmaf),
            .failure = {}};
  }
};

inline model::Recipe RecipeOf(const char* mode) {
  model::Recipe recipe;
  recipe.mode = mode;
  recipe.ladder.floor_rate_bps = 0;
  return recipe;
}

}  // namespace reel::ladder

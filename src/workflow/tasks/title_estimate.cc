#include "workflow/tasks/title_estimate.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/rational.h"
#include "ladder/ladder.h"

namespace reel::workflow::tasks {
namespace {

using base::Code;
using base::Fail;
using base::Result;

// CPU seconds for a million pixels: of the source,
constexpr double kInspect = 0.012;
constexpr double kProbe = 0.09;
// of all renditions,
constexpr double kValidate = 0.004;
// for a second of a sound track,
constexpr double kSound = 0.03;
// and for a byte of the source, which is read twice: hashed, and scanned.
constexpr double kRead = 2e-8;

// Encodes of a search take longer than those of a fixed ladder: some are made
// twice.
constexpr double kSearchedEncodes = 1.25;
// CRF 18, 21 … 45 of every size.
constexpr double kExhaustiveProbes = 10;
// Of the steps of quality between target and floor so many become rungs, and
// all of them together have so many pictures of the source's size.
constexpr double kRungsPerStep = 0.65;
constexpr double kPixelsPerStep = 0.45;

// Of a pixel of a rendition: at the usual CRF, and at a searched one.
constexpr double kFixedBits = 0.08;
constexpr double kSearchedBits = 0.05;

// Containers' own: boxes, manifests, reports.
constexpr double kOverhead = 1.01;

constexpr base::Rational kUsualFrameRate{25, 1};

// What the recipe makes of the pictures.
struct Renditions {
  double rungs = 0;
  double pixels = 0;          // of one frame in all of them
  double largest_pixels = 0;  // in the largest
  double bits_per_second = 0;
};

Renditions OfFixedLadder(const std::vector<model::Rung>& rungs, double rate) {
  Renditions all;
  for (const model::Rung& rung : rungs) {
    const double pixels = 1.0 * rung.width * rung.height;
    all.rungs += 1;
    all.pixels += pixels;
    all.largest_pixels = std::max(all.largest_pixels, pixels);
    all.bits_per_second += std::min(static_cast<double>(rung.rate_bps),
                                    pixels * rate * kFixedBits);
  }
  return all;
}

Renditions OfSearch(const model::LadderRecipe& ladder, double source_pixels,
                    double largest_pixels, double rate) {
  const double steps =
      std::floor(std::max(ladder.target_vmaf - ladder.floor_vmaf, 0.0) /
                 ladder.step_vmaf) +
      1;
  Renditions all;
  all.rungs = std::max(steps * kRungsPerStep, 1.0);
  all.largest_pixels = largest_pixels;
  all.pixels =
      std::max(steps * kPixelsPerStep * std::min(source_pixels, largest_pixels),
               largest_pixels);
  all.bits_per_second = all.pixels * rate * kSearchedBits;
  return all;
}

double ExhaustiveProbe(const std::vector<model::Rung>& sizes,
                       double source_pixels, double encode) {
  double seconds = 0;
  for (const model::Rung& size : sizes) {
    seconds +=
        kExhaustiveProbes * (1.0 * size.width * size.height * encode +
                             source_pixels * ladder::kScoreSecondsPerMegapixel);
  }
  return seconds;
}

}  // namespace

Result<TitleEstimate> EstimateTitle(const model::Source& source,
                                    const model::Recipe& recipe) {
  if (source.video.index < 0) {
    return Fail(Code::kUnsupported,
                "it has no picture track, so there is nothing to foresee");
  }
  const double duration = base::ToDouble(source.container_duration);
  if (!(duration > 0)) {
    return Fail(Code::kUnsupported,
                "its header does not say how long it is: only an encode tells");
  }
  REEL_ASSIGN(const std::vector<model::Rung> sizes,
              ladder::FitRungs(source, recipe));
  const bool fixed = recipe.mode == "fixed";
  const base::Rational nominal = source.video.frame_rate;
  const double rate =
      base::ToDouble(nominal.num > 0 ? nominal : kUsualFrameRate);
  const double pixels = 1.0 * source.video.width * source.video.height;
  const double largest = 1.0 * sizes[0].width * sizes[0].height;
  const Renditions made = fixed
                              ? OfFixedLadder(sizes, rate)
                              : OfSearch(recipe.ladder, pixels, largest, rate);

  // Of a frame, in millionths of a CPU second.
  const double encode = ladder::EncodeSecondsPerMegapixel(recipe.video.preset) *
                        (fixed ? 1 : kSearchedEncodes);
  const double score = fixed && !recipe.quality.measure
                           ? 0
                           : pixels * ladder::kScoreSecondsPerMegapixel;
  double probe = 0;
  if (!fixed) {
    probe = recipe.ladder.search == "exhaustive"
                ? ExhaustiveProbe(sizes, pixels, encode)
                : pixels * kProbe;
  }
  const double all = pixels * kInspect + probe + made.pixels * encode +
                     made.rungs * score + made.pixels * kValidate;
  const auto seconds_of = [&](double frame, double duration_seconds) {
    return 1e-6 * frame * rate * duration_seconds;
  };

  const bool sounds = !source.audio.empty();
  const double sound = sounds ? duration * kSound : 0;
  const double read = static_cast<double>(source.bytes) * kRead;
  TitleEstimate estimate;
  estimate.duration_seconds = duration;
  estimate.cpu_seconds = seconds_of(all, duration) + sound + read;
  const double bits_per_second =
      made.bits_per_second +
      (sounds ? static_cast<double>(recipe.audio.rate_bps) : 0);
  estimate.size_bytes =
      std::llround(bits_per_second * duration / 8 * kOverhead);
  // Reading it, one chunk from its probes to its last score, and the checks of
  // the largest rendition as a whole. Sound is made beside that.
  const double chunk = std::min(
      static_cast<double>(recipe.chunks.target_chunk_ms) / 1000, duration);
  estimate.chain_seconds =
      read + std::max(seconds_of(pixels * kInspect + probe +
                                     made.largest_pixels * encode + score,
                                 chunk) +
                          seconds_of(made.largest_pixels * kValidate, duration),
                      sound);
  return estimate;
}

double SecondsOn(const TitleEstimate& estimate, int slots) {
  return estimate.cpu_seconds / std::max(slots, 1) + estimate.chain_seconds;
}

}  // namespace reel::workflow::tasks

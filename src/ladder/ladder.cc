#include "ladder/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/rational.h"

namespace reel::ladder {
namespace {

using base::Code;
using base::Fail;
using base::Rational;
using model::Size;

int RoundToEven(int64_t num, int64_t den) {
  const int64_t pairs = base::Rescale(1, {num, den}, {2, 1});
  return static_cast<int>(std::max<int64_t>(pairs, 1) * 2);
}

// Height of the smallest 16:9 box, turned for portrait, that holds `size`.
int BoxHeight(Size size) {
  const auto [small, large] = std::minmax(size.width, size.height);
  return std::max(small, (large * 9 + 15) / 16);
}

// `source` scaled down to the box of `height`, or its own even size where the
// box holds it all.
Size Fit(Size source, int height) {
  const Size own{source.width / 2 * 2, source.height / 2 * 2};
  if (BoxHeight(source) <= height) return own;
  // The scale, not the box, is rounded to: both sides from the exact ratio.
  const auto [small, large] = std::minmax(source.width, source.height);
  Rational scale{height, small};
  if (Rational by_length{16 * int64_t{height}, 9 * int64_t{large}};
      by_length < scale) {
    scale = by_length;
  }
  return {
      std::min(own.width, RoundToEven(source.width * scale.num, scale.den)),
      std::min(own.height, RoundToEven(source.height * scale.num, scale.den))};
}

int64_t Percent(int64_t rate, int percent) { return rate * percent / 100; }

model::Rung MakeRung(const model::RungRecipe& recipe,
                     const model::VideoRecipe& video, Size size, int height) {
  const std::string codec = recipe.profile.substr(0, recipe.profile.find('-'));
  return {.id = fmt::format("{}p-{}", height, codec),
          .profile = recipe.profile,
          .preset = video.preset,
          .width = size.width,
          .height = size.height,
          .crf = video.crf,
          .rate_bps = recipe.rate_bps,
          .maxrate_bps = Percent(recipe.rate_bps, video.maxrate_percent),
          .buffer_bits = Percent(recipe.rate_bps, video.buffer_percent),
          .reason = {}};
}

}  // namespace

base::Result<std::vector<model::Rung>> FitRungs(const model::Source& source,
                                                const model::Recipe& recipe) {
  const Size size = model::DisplaySize(source.video);
  if (size.width < 2 || size.height < 2) {
    return Fail(Code::kUnsupported,
                fmt::format("a picture of {}x{} is too small to encode",
                            size.width, size.height));
  }
  if (recipe.video.rungs.empty()) {
    return Fail(Code::kInvalidArgument,
                fmt::format("recipe {} has no rungs", recipe.name));
  }
  std::vector<model::RungRecipe> steps = recipe.video.rungs;
  std::sort(steps.begin(), steps.end(),
            [](auto& a, auto& b) { return a.height < b.height; });
  std::vector<model::Rung> rungs;
  for (const model::RungRecipe& step : steps) {
    const bool holds_source = step.height >= BoxHeight(size);
    const Size fitted = Fit(size, step.height);
    const auto same = [&](const model::Rung& rung) {
      return rung.width == fitted.width && rung.height == fitted.height;
    };
    // Neighbouring boxes may round to one size; the cheaper rung stays.
    if (std::none_of(rungs.begin(), rungs.end(), same)) {
      rungs.push_back(MakeRung(step, recipe.video, fitted,
                               holds_source ? BoxHeight(size) : step.height));
    }
    if (holds_source) break;
  }
  std::reverse(rungs.begin(), rungs.end());
  return rungs;
}

}  // namespace reel::ladder

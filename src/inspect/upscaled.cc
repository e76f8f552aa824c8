// upscaled: the picture was enlarged from a smaller one; its bits are spent on
// detail that is not there. Method: the spectra of the sharpest edges
// (inspect/detail.h) of the sharpest tenth of all pictures have nothing above a
// fraction of the band, across and down. One sharp shot is enough to pass, so
// that a soft lens or a dream is no enlargement; but a film that is soft
// throughout looks like one. Thresholds: upscaled_percent of the band is
// pointed out, less than two fifths warned of.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/detail.h"

namespace reel::inspect {
namespace {

// Fewer pictures with edges tell nothing.
constexpr size_t kFewPictures = 12;
// No film in focus was seen to have so little detail.
constexpr double kSurelyEnlarged = 0.4;

// Of every band, the level that a tenth of the pictures exceed.
template <typename Member>
Spectrum SharpestTenth(const PictureTable& pictures, Member member) {
  Spectrum sharpest{};
  std::vector<uint8_t> levels(pictures.size());
  for (size_t b = 0; b < kSpectrumBands; ++b) {
    for (size_t n = 0; n < pictures.size(); ++n)
      levels[n] = (pictures[n].detail.*member)[b];
    const auto tenth =
        levels.begin() + static_cast<ptrdiff_t>(levels.size() * 9 / 10);
    std::nth_element(levels.begin(), tenth, levels.end());
    sharpest[b] = *tenth;
  }
  return sharpest;
}

}  // namespace

Findings Upscaled(const TitleFacts& facts) {
  if (facts.pictures.size() < kFewPictures) return {};
  const double across =
      DetailLimit(SharpestTenth(facts.pictures, &Detail::across));
  const double down = DetailLimit(SharpestTenth(facts.pictures, &Detail::down));
  const double limit = std::max(across, down);
  if (100 * limit > static_cast<double>(facts.limits.upscaled_percent))
    return {};
  const model::VideoTrack& video = facts.source.video;
  return {{.code = "upscaled",
           .severity = limit < kSurelyEnlarged ? model::Severity::kWarn
                                               : model::Severity::kInfo,
           .stream = video.index,
           .start = 0,
           .end = facts.End(),
           .first_frame = 0,
           .message = fmt::format(
               "No picture has detail above {:.0f} % of what {}x{} can hold: "
               "about that of {:.0f}x{:.0f}.",
               100 * limit, video.width, video.height, limit * video.width,
               limit * video.height),
           .remedy = "Deliver the title in the size that it was made in; the "
                     "ladder enlarges nothing.",
           .evidence = {{"across", across}, {"down", down}}}};
}

}  // namespace reel::inspect

// hdr-metadata-invalid: HDR metadata that cannot be true. Method: SMPTE ST 2086
// and CTA-861.3 against themselves (black below white, chromaticities that
// exist and turn the right way, MaxFALL at most MaxCLL), and MaxCLL against the
// pictures: 99.9 % of max(R, G, B), which is at most the true peak. Threshold:
// half as bright again as MaxCLL allows, in more than a picture in a hundred.
// Warned of.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/hdr.h"
#include "inspect/light.h"

namespace reel::inspect {
namespace {

constexpr int64_t kPerUnit = 50'000;  // of a chromaticity
constexpr int64_t kPerNit = 10'000;
constexpr double kTooBright = 1.5;

// Twice the area of the triangle of primaries; positive when R, G, B turn
// counter-clockwise, as those of every real display do.
int64_t Area(const std::array<int64_t, 6>& p) {
  return (p[2] - p[0]) * (p[5] - p[1]) - (p[4] - p[0]) * (p[3] - p[1]);
}

void JudgeDisplay(const model::HdrMetadata& metadata,
                  std::vector<std::string>& wrong) {
  if (!metadata.mastering_display) return;
  const auto exists = [](int64_t value) {
    return value >= 0 && value <= kPerUnit;
  };
  const bool chromaticities =
      std::all_of(metadata.primaries.begin(), metadata.primaries.end(),
                  exists) &&
      Area(metadata.primaries) > 0 && metadata.white_point[0] > 0 &&
      metadata.white_point[1] > 0 && exists(metadata.white_point[0]) &&
      exists(metadata.white_point[1]);
  if (!chromaticities)
    wrong.emplace_back(
        "the display's primaries or white are no colours of a "
        "display");
  if (metadata.max_luminance <= metadata.min_luminance ||
      metadata.max_luminance < 50 * kPerNit ||
      metadata.max_luminance > 10'000 * kPerNit ||
      metadata.min_luminance > 5 * kPerNit) {
    wrong.push_back(fmt::format(
        "the display's luminance is said to be {:.4g} to {:.5g} cd/m2",
        static_cast<double>(metadata.min_luminance) / kPerNit,
        static_cast<double>(metadata.max_luminance) / kPerNit));
  }
}

// The level that 99 % of the pictures' peaks do not exceed, in cd/m2.
double MeasuredPeak(const TitleFacts& facts) {
  std::vector<uint16_t> peaks;
  for (const PictureStats& picture : facts.pictures)
    peaks.push_back(picture.rgb_peak);
  const auto at = peaks.begin() + (std::ssize(peaks) * 99) / 100;
  std::nth_element(peaks.begin(), at, peaks.end());
  return PqNits(*at / 1023.0);
}

void JudgeLight(const TitleFacts& facts, const model::HdrMetadata& metadata,
                std::vector<std::string>& wrong) {
  // MaxCLL 0 says that it is not known.
  if (!metadata.content_light || metadata.max_cll == 0) return;
  if (metadata.max_fall > metadata.max_cll) {
    wrong.push_back(fmt::format("MaxFALL {} is above MaxCLL {}",
                                metadata.max_fall, metadata.max_cll));
  }
  if (facts.source.video.color.transfer != "smpte2084") return;
  const double peak = MeasuredPeak(facts);
  if (peak > kTooBright * static_cast<double>(metadata.max_cll)) {
    wrong.push_back(
        fmt::format("MaxCLL is said to be {} cd/m2, but pictures reach {:.0f}",
                    metadata.max_cll, peak));
  }
}

}  // namespace

Findings HdrMetadataInvalid(const TitleFacts& facts,
                            const model::HdrMetadata& metadata) {
  std::vector<std::string> wrong;
  JudgeDisplay(metadata, wrong);
  JudgeLight(facts, metadata, wrong);
  if (wrong.empty()) return {};
  return {{.code = "hdr-metadata-invalid",
           .severity = model::Severity::kWarn,
           .stream = facts.source.video.index,
           .start = 0,
           .end = facts.End(),
           .message = fmt::format("The HDR metadata cannot be true: {}.",
                                  fmt::join(wrong, "; ")),
           .remedy = "Measure the title again and correct its metadata; "
                     "screens map highlights by it.",
           .evidence = metadata}};
}

}  // namespace reel::inspect

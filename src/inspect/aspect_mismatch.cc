// aspect-mismatch: circles will be ovals, on all screens or on some. Methods,
// each with its words in the message:
//  - container and stream give different shapes of a sample (MP4 `pasp`,
//    Matroska's DisplayWidth, against the stream's own header): players obey
//    one or the other
//  - the raster of ITU-R BT.601 as if its samples were square
//  - the rasters of HD, UHD and DCI (SMPTE ST 274, ST 296, ST 2036-1, ST 428-1)
//    as if theirs were not
// Warned of; 720x480 with square samples, which phones made, is pointed out
// unless its coding is that of discs and tapes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

// Standards round PAL's samples to 59:54 or to 16:15, 2.4 % apart.
constexpr double kSameShape = 0.03;

bool IsNear(double a, double b) { return std::abs(a - b) <= kSameShape * b; }

struct Raster {
  int width;
  int height;
};
constexpr std::array<Raster, 3> kNeverSquare{
    {{720, 480}, {720, 486}, {720, 576}}};
constexpr Raster kPhone{720, 480};
constexpr std::array<Raster, 6> kAlwaysSquare{{{1280, 720},
                                               {1920, 1080},
                                               {2048, 1080},
                                               {3840, 2160},
                                               {4096, 2160},
                                               {7680, 4320}}};

bool IsAmong(std::span<const Raster> rasters, const model::VideoTrack& video) {
  return std::any_of(rasters.begin(), rasters.end(), [&](const Raster& raster) {
    return raster.width == video.width && raster.height == video.height;
  });
}

std::string Shown(const model::VideoTrack& video, base::Rational aspect) {
  return fmt::format("{:.2f}:1",
                     video.width * base::ToDouble(aspect) / video.height);
}

std::string Contradiction(const model::VideoTrack& video) {
  const base::Rational coded = video.coded_aspect;
  if (coded.num == 0 ||
      IsNear(base::ToDouble(video.sample_aspect), base::ToDouble(coded)))
    return "";
  return fmt::format(
      "The container shows the picture as {}, its stream says {}: players obey "
      "one or the other.",
      Shown(video, video.sample_aspect), Shown(video, coded));
}

std::string UnusualRaster(const model::VideoTrack& video) {
  const bool square = IsNear(base::ToDouble(video.sample_aspect), 1);
  if (square && IsAmong(kNeverSquare, video)) {
    return fmt::format(
        "{}x{} is shown as {}, but samples of this raster are not square: the "
        "picture is meant to be 4:3 or 16:9.",
        video.width, video.height, Shown(video, {1, 1}));
  }
  if (!square && IsAmong(kAlwaysSquare, video)) {
    return fmt::format(
        "{}x{} is shown as {}, but samples of this raster are square: the "
        "picture is meant to be {}.",
        video.width, video.height, Shown(video, video.sample_aspect),
        Shown(video, {1, 1}));
  }
  return "";
}

bool MayBeAPhone(const model::VideoTrack& video) {
  return IsAmong(std::span(&kPhone, 1), video) && video.codec != "mpeg2video" &&
         video.codec != "dvvideo" && video.codec != "mpeg1video" &&
         IsNear(base::ToDouble(video.sample_aspect), 1);
}

}  // namespace

Findings AspectMismatch(const FileFacts& facts) {
  const model::VideoTrack& video = facts.source.video;
  if (video.index < 0 || video.width <= 0 || video.height <= 0) return {};
  Findings findings;
  const auto add = [&](std::string message, const char* how) {
    if (message.empty()) return;
    findings.push_back(
        {.code = "aspect-mismatch",
         .severity = MayBeAPhone(video) ? model::Severity::kInfo
                                        : model::Severity::kWarn,
         .stream = video.index,
         .message = std::move(message),
         .remedy = "Look whether circles are round, and write the file again "
                   "with one right aspect ratio.",
         .evidence = {{"by", how},
                      {"sample_aspect", base::ToString(video.sample_aspect)},
                      {"coded_aspect", base::ToString(video.coded_aspect)}}});
  };
  add(Contradiction(video), "container");
  add(UnusualRaster(video), "raster");
  return findings;
}

}  // namespace reel::inspect

#include "service/source_text.h"

#include <fmt/format.h>

#include "service/display.h"

namespace reel::service {

std::string Describe(const model::VideoTrack& track) {
  return fmt::format("{}{}{}, {} × {}, {} bit, {}", track.codec,
                     track.profile.empty() ? "" : " ", track.profile,
                     track.width, track.height, track.bit_depth,
                     track.pixel_format);
}

std::string Describe(const model::AudioTrack& track) {
  return fmt::format(
      "{}, {}, {} Hz{}{}", track.codec,
      track.layout.empty() ? fmt::format("{} channels", track.channels)
                           : track.layout,
      track.sample_rate_hz, track.language.empty() ? "" : ", ", track.language);
}

std::string Describe(const model::Color& color) {
  std::string out;
  for (const std::string& part :
       {color.primaries, color.transfer, color.matrix, color.range}) {
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
  }
  return out;
}

const char* SeverityName(model::Severity severity) {
  switch (severity) {
    case model::Severity::kReject:
      return "reject";
    case model::Severity::kWarn:
      return "warn";
    case model::Severity::kInfo:
      return "info";
  }
  return "info";
}

std::string DescribePlace(const model::Finding& finding) {
  std::string out;
  if (finding.end > finding.start) {
    out = fmt::format("{} to {} s", DisplayNumber(finding.start, 3),
                      DisplayNumber(finding.end, 3));
  } else if (finding.start > 0) {
    out = DisplayNumber(finding.start, 3) + " s";
  }
  if (finding.first_frame >= 0) {
    out += fmt::format("{}from frame {}", out.empty() ? "" : ", ",
                       finding.first_frame);
  }
  if (finding.stream >= 0 && !out.empty())
    out += fmt::format(", stream {}", finding.stream);
  return out;
}

}  // namespace reel::service

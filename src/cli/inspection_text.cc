#include "cli/inspection_text.h"

#include <fmt/format.h>

#include "service/display.h"
#include "service/source_text.h"

namespace reel::cli {
namespace {

const char* VerdictText(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::kAccept:
      return "accepted";
    case model::Verdict::kWarn:
      return "accepted, with warnings";
    case model::Verdict::kReject:
      return "rejected";
  }
  return "";
}

std::string Row(const char* name, const std::string& value) {
  return value.empty() ? "" : fmt::format("  {:<11} {}\n", name, value);
}

std::string FormatFinding(const model::Finding& finding) {
  const std::string place = service::DescribePlace(finding);
  std::string out = fmt::format("\n  {:<11} {}{}{}\n",
                                service::SeverityName(finding.severity),
                                finding.code, place.empty() ? "" : ", ", place);
  return out + Row("", finding.message) + Row("", finding.remedy);
}

}  // namespace

std::string FormatInspection(const model::Source& source,
                             const model::InspectionReport& inspection) {
  std::string out =
      fmt::format("{}: {}\n", source.path, VerdictText(inspection.verdict));
  out += Row("container", source.container);
  out += Row("size", service::DisplayBytes(source.bytes));
  if (source.container_duration.num > 0) {
    const double seconds = base::ToDouble(source.container_duration);
    out += Row("duration", service::DisplayNumber(seconds, 3) + " s");
  }
  if (source.video.index >= 0) {
    out += Row("picture", service::Describe(source.video));
    if (source.video.frame_rate.num > 0)
      out += Row("frame rate", base::ToString(source.video.frame_rate) + " /s");
    out += Row("colour", service::Describe(source.video.color));
  }
  for (const model::AudioTrack& track : source.audio)
    out += Row("sound", service::Describe(track));
  for (const model::Finding& finding : inspection.findings)
    out += FormatFinding(finding);
  return out;
}

}  // namespace reel::cli

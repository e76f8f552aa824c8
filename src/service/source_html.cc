#include "service/source_html.h"

#include <fmt/format.h>

#include "base/rational.h"
#include "service/display.h"
#include "service/html_page.h"
#include "service/source_text.h"

namespace reel::service {

std::string VerdictBadge(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::kAccept:
      return Badge("good", "Source accepted");
    case model::Verdict::kWarn:
      return Badge("warn", "Source accepted with warnings");
    case model::Verdict::kReject:
      return Badge("reject", "Source rejected");
  }
  return "";
}

std::string SourceSection(const model::Source& source) {
  const model::VideoTrack& video = source.video;
  Facts facts = {{"File", source.path},
                 {"Size", DisplayBytes(source.bytes)},
                 {"Container", source.container}};
  if (video.index >= 0) {
    facts.emplace_back("Picture", Describe(video));
    facts.emplace_back("Frame rate",
                       video.frame_rate.num > 0
                           ? base::ToString(video.frame_rate) + " per second"
                           : "");
    facts.emplace_back("Scan", video.field_order);
    facts.emplace_back("Rotation",
                       video.rotation_degrees
                           ? fmt::format("{}°", video.rotation_degrees)
                           : "");
    facts.emplace_back("Colour", Describe(video.color));
  }
  for (const model::AudioTrack& track : source.audio)
    facts.emplace_back("Sound", Describe(track));
  facts.emplace_back("SHA-256", source.sha256);
  return Section("Source", FactList(facts));
}

}  // namespace reel::service

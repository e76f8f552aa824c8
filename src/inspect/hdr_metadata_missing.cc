// hdr-metadata-missing: PQ without the mastering display's metadata (SMPTE ST
// 2086): every screen maps its highlights differently. Method: the container's
// boxes and the pictures' messages. Warned of; missing content light levels
// alone (CTA-861.3), which many good masters lack, are pointed out.
#include "inspect/checks.h"
#include "inspect/hdr.h"

namespace reel::inspect {

Findings HdrMetadataMissing(const TitleFacts& facts,
                            const model::HdrMetadata& metadata) {
  if (facts.source.video.color.transfer != "smpte2084" ||
      (metadata.mastering_display && metadata.content_light))
    return {};
  return {{.code = "hdr-metadata-missing",
           .severity = metadata.mastering_display ? model::Severity::kInfo
                                                  : model::Severity::kWarn,
           .stream = facts.source.video.index,
           .start = 0,
           .end = facts.End(),
           .message = metadata.mastering_display
                          ? "The stream is PQ, but does not say how bright its "
                            "content is (MaxCLL, MaxFALL)."
                          : "The stream is PQ, but does not say on what "
                            "display it was mastered.",
           .remedy = "Export it again with the metadata of SMPTE ST 2086 and "
                     "CTA-861.3.",
           .evidence = {{"mastering_display", metadata.mastering_display},
                        {"content_light", metadata.content_light}}}};
}

}  // namespace reel::inspect

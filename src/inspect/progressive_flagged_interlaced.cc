// progressive-flagged-interlaced: the stream says that its frames are made of
// two fields, but both are of one moment: players that deinterlace it lose
// half of its sharpness. Method: inspect/field_weave.h. Threshold: at least ten
// frames in which enough moves to tell, fewer than one in fifty interlaced.
#include <fmt/format.h>

#include "inspect/checks.h"
#include "inspect/fields.h"

namespace reel::inspect {

Findings ProgressiveFlaggedInterlaced(const TitleFacts& facts) {
  const FieldCount count = CountFields(facts);
  if (!IsFlaggedInterlaced(facts.source.video) || !count.IsProgressive())
    return {};
  return {{.code = "progressive-flagged-interlaced",
           .severity = model::Severity::kWarn,
           .stream = facts.source.video.index,
           .start = 0,
           .end = facts.End(),
           .message = fmt::format("The stream claims to be interlaced (field "
                                  "order {}), but the picture is progressive.",
                                  facts.source.video.field_order),
           .remedy = "Export it again, marked as progressive.",
           .evidence = {{"interlaced", count.top_first + count.bottom_first},
                        {"of_one_moment", count.one_moment}}}};
}

}  // namespace reel::inspect

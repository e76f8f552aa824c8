// interlaced-flagged-progressive: the two fields of the frames are of different
// moments, but the stream does not say so: every encode of it shows combed
// edges. Method: inspect/field_weave.h. Threshold: at least ten such frames,
// and 30 % of those in which enough moves to tell.
#include <fmt/format.h>

#include "inspect/checks.h"
#include "inspect/fields.h"

namespace reel::inspect {

Findings InterlacedFlaggedProgressive(const TitleFacts& facts) {
  const FieldCount count = CountFields(facts);
  if (IsFlaggedInterlaced(facts.source.video) || !count.IsInterlaced())
    return {};
  const bool top = count.top_first >= count.bottom_first;
  return {
      {.code = "interlaced-flagged-progressive",
       .severity = model::Severity::kReject,
       .stream = facts.source.video.index,
       .start = 0,
       .end = facts.End(),
       .first_frame = count.first_interlaced,
       .message = fmt::format(
           "The picture is interlaced ({} field first), but the stream {}.",
           top ? "top" : "bottom",
           facts.source.video.field_order.empty() ? "does not say so"
                                                  : "claims to be progressive"),
       .remedy = "Deinterlace it, deliver a progressive master, or export "
                 "it again with the field order set.",
       .evidence = {{"top_first", count.top_first},
                    {"bottom_first", count.bottom_first},
                    {"of_one_moment", count.one_moment}}}};
}

}  // namespace reel::inspect

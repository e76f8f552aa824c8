// interlaced: pictures are made of two fields, and say so; each frame is
// encoded as it stands. Method: the stream's field order (ITU-T H.273 has the
// terms).
#include <fmt/format.h>

#include "inspect/checks.h"
#include "inspect/fields.h"

namespace reel::inspect {
Findings Interlaced(const FileFacts& facts) {
  const std::string& order = facts.source.video.field_order;
  if (!IsFlaggedInterlaced(facts.source.video)) return {};
  return {{.code = "interlaced",
           .severity = model::Severity::kInfo,
           .stream = facts.source.video.index,
           .message = fmt::format("The picture is interlaced (field order {}).",
                                  order),
           .remedy = "Deliver a progressive master if there is one.",
           .evidence = {{"field_order", order}}}};
}

}  // namespace reel::inspect

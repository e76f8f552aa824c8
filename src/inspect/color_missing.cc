// color-missing: the stream does not say how its colours are meant (ITU-T
// H.273: primaries, transfer, matrix, range). Method: the tags. Threshold:
// warned of where the usual guess, BT.601 or BT.709 by size, may be far off:
// above 8 bits and above 1080 lines; else pointed out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "inspect/checks.h"

namespace reel::inspect {

Findings ColorMissing(const FileFacts& facts) {
  const model::VideoTrack& video = facts.source.video;
  if (video.index < 0 || facts.packets.video.packets.empty()) return {};
  std::vector<std::string> missing;
  if (video.color.primaries.empty()) missing.push_back("primaries");
  if (video.color.transfer.empty()) missing.push_back("transfer");
  if (video.color.matrix.empty()) missing.push_back("matrix");
  if (missing.empty()) return {};
  const bool risky =
      video.bit_depth > 8 || std::min(video.width, video.height) > 1088;
  return {{.code = "color-missing",
           .severity = risky ? model::Severity::kWarn : model::Severity::kInfo,
           .stream = video.index,
           .message = fmt::format("The stream does not say its colour's {}: "
                                  "every player guesses.",
                                  fmt::join(missing, ", ")),
           .remedy = "Export it again with its colour space set, or set the "
                     "tags in the file.",
           .evidence = {{"missing", missing}}}};
}

}  // namespace reel::inspect

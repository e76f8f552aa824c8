// hdr-tagged-sdr: HDR pictures that say they are SDR: grey and flat on every
// screen. Method: HDR metadata beside an SDR transfer; or, above 8 bits, luma
// that reads as PQ (SMPTE ST 2084) does: the brightest of all pictures stays
// below the code of 1000 cd/m2 (three quarters of the range) though many are
// lit as usual, and black is lifted. Threshold: no picture has more than a
// thousandth of its samples above 0.77 of the range, a third have half of them
// above 0.2, three quarters have all but a thousandth above black by 1 %; at
// least a second of it. Rejected.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/hdr.h"

namespace reel::inspect {
namespace {

// Levels of 10 bits, limited range.
constexpr int kPqPeak = 740;
constexpr int kLitMiddle = 240;
constexpr int kLiftedBlack = 72;
constexpr double kLeastSeconds = 1;

bool LooksLikePq(const TitleFacts& facts) {
  if (facts.source.video.bit_depth < 10 ||
      facts.source.video.color.range == "pc" || facts.End() < kLeastSeconds)
    return false;
  int64_t lit = 0, lifted = 0;
  for (const PictureStats& picture : facts.pictures) {
    if (picture.luma[PictureStats::k99_9] > kPqPeak) return false;
    lit += picture.luma[PictureStats::k50] >= kLitMiddle;
    lifted += picture.luma[PictureStats::k0_1] >= kLiftedBlack;
  }
  const int64_t all = std::ssize(facts.pictures);
  return 3 * lit >= all && 4 * lifted >= 3 * all;
}

}  // namespace

Findings HdrTaggedSdr(const TitleFacts& facts,
                      const model::HdrMetadata& metadata) {
  const std::string& transfer = facts.source.video.color.transfer;
  if (transfer.empty() || IsHdr(transfer)) return {};
  const bool says = metadata.mastering_display || metadata.content_light;
  if (!says && !LooksLikePq(facts)) return {};
  return {{.code = "hdr-tagged-sdr",
           .severity = model::Severity::kReject,
           .stream = facts.source.video.index,
           .start = 0,
           .end = facts.End(),
           .message = fmt::format(
               "The stream is tagged as SDR (transfer {}), but {}.", transfer,
               says ? "carries HDR metadata"
                    : "its pictures are coded as HDR (PQ) or log: they never "
                      "come near white, and black is lifted"),
           .remedy = "Export it again with its transfer set (smpte2084 for PQ, "
                     "arib-std-b67 for HLG), or graded for SDR.",
           .evidence = {{"hdr_metadata", says}}}};
}

}  // namespace reel::inspect

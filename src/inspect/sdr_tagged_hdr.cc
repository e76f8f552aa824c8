// sdr-tagged-hdr: SDR pictures that say they are PQ: glaring on every HDR
// screen. Method: the light of the pictures by SMPTE ST 2084. Threshold: in
// half of the pictures one in a hundred samples is above 2000 cd/m2; no grading
// does that. Rejected. HLG looks alike on both, and is not judged.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/hdr.h"
#include "inspect/light.h"

namespace reel::inspect {
namespace {

constexpr double kGlaringNits = 2000;

}  // namespace

Findings SdrTaggedHdr(const TitleFacts& facts, const model::HdrMetadata&) {
  if (facts.source.video.color.transfer != "smpte2084") return {};
  std::vector<double> nits;
  for (const PictureStats& picture : facts.pictures)
    nits.push_back(NitsOf(facts, picture.luma[PictureStats::k99]));
  const auto middle = nits.begin() + std::ssize(nits) / 2;
  std::nth_element(nits.begin(), middle, nits.end());
  if (*middle < kGlaringNits) return {};
  return {{.code = "sdr-tagged-hdr",
           .severity = model::Severity::kReject,
           .stream = facts.source.video.index,
           .start = 0,
           .end = facts.End(),
           .message = fmt::format(
               "The stream is tagged as PQ, but one in a hundred pixels of "
               "half of its pictures would shine with {:.0f} cd/m2 or more: "
               "the pictures look like SDR.",
               *middle),
           .remedy = "Export it again with its own transfer set (bt709 for "
                     "SDR).",
           .evidence = {{"nits", *middle}}}};
}

}  // namespace reel::inspect

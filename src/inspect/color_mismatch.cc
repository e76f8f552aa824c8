// color-mismatch: the tags contradict each other, or the pixels. Methods, each
// with its words in the message:
//  - tags: an HD picture with BT.601's matrix; BT.2020's matrix with BT.709's
//    primaries or the reverse (ITU-T H.273, BT.2100 has PQ and HLG with
//    BT.2020)
//  - matrix: the share of colours that are no RGB colour by the tagged matrix,
//    but are by another (a wrong matrix pushes saturated colours out of gamut)
//  - range: pixels that fill the codes that limited range keeps free, or full
//    range whose pixels never leave limited range and begin at its black
// Warned of.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "inspect/checks.h"
#include "inspect/hdr.h"

namespace reel::inspect {
namespace {

constexpr int kHdLines = 720, kHdColumns = 1280;
// Mean share of colours outside, in 1/65535, and how much smaller it must be by
// the other matrix. Autumn leaves with the right tags have up to 2400 to 300,
// with the wrong ones 7100 to 400.
constexpr int64_t kOutside = 3300;
constexpr int64_t kTimesLess = 6;
// Range, in levels of 10 bits: 1 % of the samples of full-range pictures are
// below kFullBlack, where the undershoot of sharp scalers does not reach;
// limited ones keep above kLimitedBlack.
constexpr int kFullBlack = 24, kLimitedBlack = 56, kLimitedWhite = 948;
constexpr int kNearBlack = 76;
constexpr int64_t kFullPercent = 30;

bool Is601(const std::string& matrix) {
  return matrix == "smpte170m" || matrix == "bt470bg" || matrix == "fcc";
}
bool Is2020(const std::string& name) { return name.starts_with("bt2020"); }

// What the tags say against each other; empty if nothing.
std::string TagsContradict(const model::VideoTrack& video) {
  const model::Color& color = video.color;
  const bool hd = std::max(video.width, video.height) >= kHdColumns &&
                  std::min(video.width, video.height) >= kHdLines;
  if (hd && Is601(color.matrix)) {
    return fmt::format(
        "The picture of {}x{} is tagged with the matrix of "
        "standard definition ({})",
        video.width, video.height, color.matrix);
  }
  if (!color.matrix.empty() && !color.primaries.empty() &&
      Is2020(color.matrix) != Is2020(color.primaries) &&
      (Is2020(color.matrix) || color.matrix == "bt709")) {
    return fmt::format("The matrix is tagged {}, the primaries {}",
                       color.matrix, color.primaries);
  }
  if (IsHdr(color.transfer) && !color.primaries.empty() &&
      !Is2020(color.primaries) && color.primaries != "smpte432") {
    return fmt::format("The transfer {} comes with primaries {}",
                       color.transfer, color.primaries);
  }
  return "";
}

std::array<int64_t, PictureStats::kMatrices> MeanOutside(
    const PictureTable& pictures) {
  std::array<int64_t, PictureStats::kMatrices> sums{};
  for (const PictureStats& picture : pictures)
    for (size_t m = 0; m < sums.size(); ++m) sums[m] += picture.outside[m];
  for (int64_t& sum : sums) sum /= std::ssize(pictures);
  return sums;
}

std::optional<PictureStats::Matrix> TaggedMatrix(const std::string& matrix) {
  if (Is601(matrix)) return PictureStats::k601;
  if (matrix == "bt709") return PictureStats::k709;
  if (Is2020(matrix)) return PictureStats::k2020;
  return std::nullopt;
}

// Only the two that are mistaken for each other: BT.2020's is between them.
std::string MatrixContradicts(const TitleFacts& facts) {
  const model::Color& color = facts.source.video.color;
  const auto tagged = TaggedMatrix(color.matrix);
  if (!tagged || tagged == PictureStats::k2020 || color.range == "pc")
    return "";
  const auto other =
      tagged == PictureStats::k601 ? PictureStats::k709 : PictureStats::k601;
  const auto outside = MeanOutside(facts.pictures);
  if (outside[*tagged] < kOutside ||
      outside[*tagged] < kTimesLess * outside[other])
    return "";
  return fmt::format(
      "{:.1f} % of the colours do not exist by the tagged matrix {}, but "
      "{:.1f} "
      "% by that of {}",
      100.0 * static_cast<double>(outside[*tagged]) / kWholeShare, color.matrix,
      100.0 * static_cast<double>(outside[other]) / kWholeShare,
      other == PictureStats::k601 ? "BT.601" : "BT.709");
}

// xvYCC and its predecessor use the codes beyond limited range for colours
// beyond BT.709 (IEC 61966-2-4, ITU-R BT.1361).
bool IsExtended(const std::string& transfer) {
  return transfer == "iec61966-2-4" || transfer == "bt1361e";
}

std::string RangeContradicts(const TitleFacts& facts) {
  if (IsExtended(facts.source.video.color.transfer)) return "";
  int64_t lit = 0, full = 0, limited = 0, near_black = 0;
  for (size_t n = 0; n < facts.pictures.size(); ++n) {
    const auto& luma = facts.pictures[n].luma;
    if (luma[PictureStats::k99] < 300) continue;  // too dark to tell
    ++lit;
    full += luma[PictureStats::k1] <= kFullBlack;
    limited += luma[PictureStats::k0_1] >= kLimitedBlack &&
               luma[PictureStats::k99_9] <= kLimitedWhite;
    near_black += luma[PictureStats::k0_1] <= kNearBlack;
  }
  if (lit == 0) return "";
  const bool tagged_full = facts.source.video.color.range == "pc";
  if (!tagged_full && 100 * full >= kFullPercent * lit)
    return "The pixels fill the full range of codes, but the stream does not "
           "say so";
  if (tagged_full && limited == lit && 100 * near_black >= kFullPercent * lit)
    return "The stream is tagged as full range, but its pixels keep within "
           "limited range";
  return "";
}

}  // namespace

Findings ColorMismatch(const TitleFacts& facts) {
  Findings findings;
  const auto add = [&](const std::string& what, const char* how) {
    if (what.empty()) return;
    const auto outside = MeanOutside(facts.pictures);
    findings.push_back(
        {.code = "color-mismatch",
         .severity = model::Severity::kWarn,
         .stream = facts.source.video.index,
         .start = 0,
         .end = facts.End(),
         .message = what + ": colours or contrast will look wrong if the tags "
                           "are.",
         .remedy = "Check what the title was mastered in, and export it again "
                   "with the right tags.",
         .evidence = {{"by", how},
                      {"matrix", facts.source.video.color.matrix},
                      {"outside_65535ths",
                       {{"bt601", outside[PictureStats::k601]},
                        {"bt709", outside[PictureStats::k709]},
                        {"bt2020", outside[PictureStats::k2020]}}}}});
  };
  add(TagsContradict(facts.source.video), "tags");
  add(MatrixContradicts(facts), "matrix");
  add(RangeContradicts(facts), "range");
  return findings;
}

}  // namespace reel::inspect

#include "inspect/frame_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace reel::inspect {
namespace {

// A cut changes the cells of the picture by so much (1/256 of a luma level) and
// so many times more than the frames around it change.
constexpr int kCutChange = 8 * 256;
constexpr int kCutTimes = 4;
constexpr int64_t kCutNeighbours = 3;

double EndSeconds(const TitleFacts& facts, const FrameRun& run) {
  return run.end < facts.frames.size()
             ? facts.Start(static_cast<int64_t>(run.end))
             : facts.End();
}

}  // namespace

std::vector<int64_t> Cuts(const TitleFacts& title) {
  const model::Fingerprints& prints = title.fingerprints;
  const auto change = [&](int64_t n) {
    const bool known = n >= 1 && n < std::ssize(prints);
    return known ? int{prints[static_cast<size_t>(n)].change} : 0;
  };
  std::vector<int64_t> cuts;
  for (int64_t n = 1; n < std::ssize(prints); ++n) {
    int most = 0;
    for (int64_t k = 1; k <= kCutNeighbours; ++k) {
      most = std::max({most, change(n - k), change(n + k)});
    }
    if (change(n) >= kCutChange && change(n) >= kCutTimes * most) {
      cuts.push_back(n);
    }
  }
  return cuts;
}

int64_t LengthMs(const TitleFacts& facts, const FrameRun& run) {
  const double start = facts.Start(static_cast<int64_t>(run.first));
  return std::llround(1000 * (EndSeconds(facts, run) - start));
}

int BrightestLevel(const TitleFacts& facts, size_t frame) {
  const int black = facts.source.video.color.range == "pc" ? 0 : 64;
  return facts.pictures[frame].luma[PictureStats::k99_9] - black;
}

model::Finding FindingOfRun(const TitleFacts& facts, const FrameRun& run,
                            model::Finding finding) {
  finding.stream = facts.source.video.index;
  finding.first_frame = static_cast<int64_t>(run.first);
  finding.start = facts.Start(finding.first_frame);
  finding.end = EndSeconds(facts, run);
  finding.message += fmt::format(" for {:.3f} s, from {:.3f} s (frame {}).",
                                 finding.end - finding.start, finding.start,
                                 finding.first_frame);
  finding.evidence["frames"] = run.frames();
  finding.evidence["seconds"] = finding.end - finding.start;
  return finding;
}

Findings Capped(Findings findings) {
  if (findings.size() <= kMaxFindings) return findings;
  model::Finding& last = findings[kMaxFindings - 1];
  const size_t more = findings.size() - kMaxFindings;
  for (size_t n = kMaxFindings; n < findings.size(); ++n) {
    last.end = std::max(last.end, findings[n].end);
    last.severity = std::max(last.severity, findings[n].severity);
  }
  last.message += fmt::format(" {} more like it follow.", more);
  last.evidence["more"] = more;
  findings.resize(kMaxFindings);
  return findings;
}

}  // namespace reel::inspect

// black: the picture is black where it should not be. Method: a frame is black
// when 99.9 % of its luma samples are at most 14 levels (of 8 bits) above
// black, coding noise included. Threshold: warned of from black_ms on, at the
// title's beginning and end only beyond what the recipe allows there; shorter
// black between two lit pictures is pointed out.
#include <fmt/format.h>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"

namespace reel::inspect {
namespace {

constexpr int kLit = 40;  // levels of 10 bits above the brightest black
constexpr int64_t kWorthTellingMs = 200;

// A cut to black and back, rather than a fade.
bool IsAbrupt(const TitleFacts& facts, const FrameRun& run) {
  return run.first > 0 && run.end < facts.frames.size() &&
         BrightestLevel(facts, run.first - 1) > kBlackestLevel + kLit &&
         BrightestLevel(facts, run.end) > kBlackestLevel + kLit;
}

// nullopt: not worth a word.
std::optional<model::Severity> Judge(const TitleFacts& facts,
                                     const FrameRun& run) {
  const auto& limits = facts.limits;
  const int64_t ms = LengthMs(facts, run);
  const bool at_start = run.first == 0, at_end = run.end == facts.frames.size();
  int64_t allowed = limits.black_ms;
  if (at_start) allowed = std::max(allowed, limits.black_at_start_ms);
  if (at_end) allowed = std::max(allowed, limits.black_at_end_ms);
  if (ms >= allowed) return model::Severity::kWarn;
  if (ms < kWorthTellingMs || !IsAbrupt(facts, run)) return std::nullopt;
  return model::Severity::kInfo;
}

}  // namespace

Findings Black(const TitleFacts& facts) {
  Findings findings;
  const auto runs = FindRuns(facts.frames.size(), [&](size_t frame) {
    return IsBlackPicture(facts, frame);
  });
  for (const FrameRun& run : runs) {
    const auto severity = Judge(facts, run);
    if (!severity) continue;
    findings.push_back(FindingOfRun(
        facts, run,
        {.code = "black",
         .severity = *severity,
         .message = "The picture is black",
         .remedy = "If it is not meant to be, export the title again; if it "
                   "is, allow it in the recipe ([inspection] black_ms).",
         .evidence = base::Json::object()}));
  }
  return Capped(std::move(findings));
}

}  // namespace reel::inspect

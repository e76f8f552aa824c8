// freeze: the picture stands still amid motion while time goes on. Method: the
// fingerprints' change (model/fingerprint.h) is nearly nothing, single frames
// apart that a coder refreshes, with motion within half a second before and
// after. Threshold: warned of from freeze_ms on; a picture that stands still
// from cut to cut (a title card), or until the end, is pointed out only, and so
// is all of it in a title that mostly stands still (screen recordings, slides).
#include "inspect/checks.h"
#include "inspect/frame_runs.h"

namespace reel::inspect {
namespace {

// In 1/256 of a luma level, mean over the picture.
constexpr int kStill = 4;
constexpr int kRefreshed = 48;
constexpr int kMoving = 64;
constexpr double kNearSeconds = 0.5;
constexpr int kMostlyStillPercent = 60;

bool IsStill(const model::Fingerprints& prints, size_t n) {
  if (n == 0) return false;
  if (prints[n].change <= kStill) return true;
  const bool between = n + 1 < prints.size() && n > 1 &&
                       prints[n - 1].change <= kStill &&
                       prints[n + 1].change <= kStill;
  return between && prints[n].change <= kRefreshed;
}

// Whether most of up to `frames` frames from `first` on move.
bool Moves(const model::Fingerprints& prints, size_t first, size_t frames) {
  size_t moving = 0, seen = 0;
  for (; seen < frames && first + seen < prints.size(); ++seen)
    moving += prints[first + seen].change >= kMoving;
  return seen > 0 && 2 * moving >= seen;
}

bool IsAmidMotion(const TitleFacts& facts, const FrameRun& run) {
  const auto near =
      static_cast<size_t>(std::max(2.0, kNearSeconds / facts.FrameSeconds()));
  const size_t before = run.first > near ? run.first - near : 1;
  return run.first > before &&
         Moves(facts.fingerprints, before, run.first - before) &&
         Moves(facts.fingerprints, run.end, near);
}

}  // namespace

Findings Freeze(const TitleFacts& facts) {
  const auto runs = FindRuns(facts.frames.size(), [&](size_t frame) {
    return IsStill(facts.fingerprints, frame);
  });
  size_t still = 0;
  for (const FrameRun& run : runs) still += run.frames();
  const bool mostly_still =
      100 * still > kMostlyStillPercent * facts.frames.size();

  Findings findings;
  for (FrameRun run : runs) {
    if (LengthMs(facts, run) < facts.limits.freeze_ms) continue;
    if (IsBlackPicture(facts, run.first)) continue;  // told of as black
    const bool warn = !mostly_still && IsAmidMotion(facts, run);
    --run.first;  // the picture that stands
    findings.push_back(FindingOfRun(
        facts, run,
        {.code = "freeze",
         .severity = warn ? model::Severity::kWarn : model::Severity::kInfo,
         .message = "The picture stands still",
         .remedy = "If it is not meant to, look for a player or a capture "
                   "that stopped, and export the title again.",
         .evidence = {{"amid_motion", warn}}}));
  }
  return Capped(std::move(findings));
}

}  // namespace reel::inspect

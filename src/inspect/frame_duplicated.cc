// frame-duplicated: a frame that repeats the one before it amid motion:
// stutter. Method: the fingerprints' change (model/fingerprint.h) falls to
// nearly nothing for one frame while both neighbours move. Threshold: three
// repeats close to each other are warned of, fewer pointed out. So is what the
// title was made with: repeats at a constant distance from its beginning to its
// end (24 frames shown at 25), or in more than 15 % of all frames (animation on
// twos). Longer standstills are not looked at here.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

// In 1/256 of a luma level, mean over the picture.
constexpr int kStill = 32;
constexpr int kMoving = 64;
constexpr int kTimesMore = 10;
constexpr int64_t kFew = 3;
constexpr size_t kUsualPercent = 15;

bool IsRepeat(const model::Fingerprints& prints, size_t n) {
  const int change = prints[n].change;
  const int least = std::min(prints[n - 1].change, prints[n + 1].change);
  return change <= kStill && least >= kMoving && least >= kTimesMore * change;
}

std::vector<int64_t> Repeats(const model::Fingerprints& prints) {
  std::vector<int64_t> frames;
  for (size_t n = 2; n + 1 < prints.size(); ++n) {
    if (IsRepeat(prints, n)) frames.push_back(static_cast<int64_t>(n));
  }
  return frames;
}

// Whether the repeats are spread over all of the title, a constant distance or
// multiples of it apart (one may go unnoticed where little moves).
bool IsRegular(const std::vector<int64_t>& repeats, int64_t frames) {
  if (std::ssize(repeats) < kFew) return false;
  std::vector<int64_t> distances(repeats.size());
  std::adjacent_difference(repeats.begin(), repeats.end(), distances.begin());
  distances.erase(distances.begin());
  std::sort(distances.begin(), distances.end());
  const int64_t period = distances[(distances.size() - 1) / 2];
  const auto fits = [period](int64_t distance) {
    const int64_t rest = distance % period;
    return std::min(rest, period - rest) <= 1;
  };
  return repeats.front() <= 2 * period &&
         repeats.back() >= frames - 2 * period &&
         std::all_of(distances.begin(), distances.end(), fits);
}

}  // namespace

Findings FrameDuplicated(const TitleFacts& facts) {
  const std::vector<int64_t> repeats = Repeats(facts.fingerprints);
  const bool usual =
      100 * repeats.size() > kUsualPercent * facts.frames.size() ||
      IsRegular(repeats, std::ssize(facts.frames));
  std::vector<Event> events;
  for (const int64_t frame : repeats) {
    events.push_back(facts.EventOfFrame(frame));
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(events))) {
    findings.push_back(
        {.code = "frame-duplicated",
         .severity = usual || burst.events < kFew ? model::Severity::kInfo
                                                  : model::Severity::kWarn,
         .stream = facts.source.video.index,
         .start = burst.start,
         .end = burst.end,
         .first_frame = burst.first_frame,
         .message = fmt::format("{} frame(s) repeat the frame before {}.",
                                burst.events, At(burst)),
         .remedy = "Check the conversion of the frame rate or the edit; motion "
                   "stutters there.",
         .evidence = {{"frames", burst.events}, {"regular", usual}}});
  }
  return findings;
}

}  // namespace reel::inspect

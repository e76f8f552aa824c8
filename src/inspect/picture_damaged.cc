// frame-damaged, by sight: blocks or lines that no neighbouring frame has,
// coded into the picture by an earlier decoder or a tape; this one decodes them
// without complaint. Method: patches (inspect/patch.h) that come with a frame,
// go after one or two, and leave behind what was there before. On the grid of
// 8 samples that codecs use they are damage, and rejected, if they are large or
// several in a frame: chance and motion make a small one now and then, which a
// person should look at, as at large ones off the grid. What comes again at the
// same place is meant: the flash of a leader, a lamp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "inspect/checks.h"
#include "inspect/patch.h"

namespace reel::inspect {
namespace {

constexpr int64_t kMostFrames = 2;
constexpr int kSameBeneath = 8;  // levels of 8 bits
constexpr int kTimesStranger = 3;
constexpr int kLargeSide = 32;
constexpr int64_t kLargePart = 400;  // of the picture's area

// A patch of the frame of `packet` that the frame beside it does not have.
struct Seen {
  int64_t packet = 0;
  bool comes = false;  // or else goes: the other frame is the next one
  bool on_grid = false;
  Patch patch;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Seen, packet, comes, on_grid, patch)

class PatchWatch : public FrameWatch {
 public:
  base::Status See(const media::DecodedFrame& frame) override {
    if (before_) {
      const Patches patches = FindPatches(frame.picture, *before_);
      Note(frame.packet, true, patches.now, frame);
      Note(packet_before_, false, patches.other, frame);
    }
    REEL_ASSIGN(before_, frame.picture.Share());
    packet_before_ = frame.packet;
    return {};
  }
  base::Json State() const override { return seen_; }

 private:
  void Note(int64_t packet, bool comes, const std::vector<Patch>& patches,
            const media::DecodedFrame& frame) {
    const int width = frame.picture.width(), height = frame.picture.height();
    for (const Patch& patch : patches) {
      seen_.push_back(
          {packet, comes, IsOnCodingGrid(patch, width, height), patch});
    }
  }

  std::vector<Seen> seen_;
  std::optional<media::Picture> before_;
  int64_t packet_before_ = -1;
};

// Whether what was there before `come` is there again after `go`, moved on a
// little perhaps.
bool IsSameBeneath(const Patch& come, const Patch& go) {
  const int change = DistanceOf(come.beneath, go.beneath);
  const int strangeness = std::min(DistanceOf(come.inside, come.beneath),
                                   DistanceOf(go.inside, go.beneath));
  return change <= kSameBeneath || kTimesStranger * change <= strangeness;
}

using SeenByFrame = std::multimap<int64_t, Seen>;

// Those that come, and those that go.
base::Result<std::pair<SeenByFrame, SeenByFrame>> Sort(
    const TitleFacts& facts, std::span<const base::Json> states) {
  std::pair<SeenByFrame, SeenByFrame> sorted;
  for (const base::Json& state : states) {
    REEL_ASSIGN(const auto all, base::FromJson<std::vector<Seen>>(state));
    for (const Seen& seen : all) {
      REEL_ASSIGN(const int64_t frame, facts.FrameOf(seen.packet));
      (seen.comes ? sorted.first : sorted.second).emplace(frame, seen);
    }
  }
  return sorted;
}

bool IsLarge(const Patch& patch, const model::VideoTrack& video) {
  const int64_t picture = int64_t{video.width} * video.height;
  const bool wide = 2 * patch.width >= std::max(video.width, video.height);
  const bool block = std::min(patch.width, patch.height) >= kLargeSide &&
                     kLargePart * patch.width * patch.height >= picture;
  return wide || block;
}

struct Damage {
  std::vector<Event> events;
  std::vector<Patch> patches;
};

model::Finding Describe(const TitleFacts& facts, const Burst& burst,
                        bool is_certain, const Patch& largest) {
  return {
      .code = "frame-damaged",
      .severity =
          is_certain ? model::Severity::kReject : model::Severity::kWarn,
      .stream = facts.source.video.index,
      .start = burst.start,
      .end = burst.end,
      .first_frame = burst.first_frame,
      .message = fmt::format(
          "{} {} in the picture {}; the largest, {}x{} at ({}, {}), is in "
          "neither neighbour of its frame.",
          burst.events,
          is_certain ? "damaged block(s) are" : "strange patch(es) are",
          At(burst), largest.width, largest.height, largest.x, largest.y),
      .remedy =
          "Look at these frames; if they are damaged, export them "
          "again from an earlier generation.",
      .evidence = {
          {"by", "picture"},
          {"patches", burst.events},
          {"largest", {largest.x, largest.y, largest.width, largest.height}}}};
}

Findings Report(const TitleFacts& facts, bool is_certain,
                const Damage& damage) {
  Findings findings;
  for (const Burst& burst : JoinEvents(damage.events)) {
    const Patch* largest = nullptr;
    for (size_t n = 0; n < damage.events.size(); ++n) {
      const double start = damage.events[n].start;
      const Patch& patch = damage.patches[n];
      if (start < burst.start || start > burst.end) continue;
      if (largest == nullptr ||
          patch.width * patch.height > largest->width * largest->height)
        largest = &patch;
    }
    if (largest != nullptr)
      findings.push_back(Describe(facts, burst, is_certain, *largest));
  }
  return findings;
}

// A patch that comes with `first` and goes after `last`.
struct Moment {
  int64_t first = 0;
  int64_t last = 0;
  bool on_grid = false;
  Patch patch;
};

std::vector<Moment> Pair(const SeenByFrame& coming, const SeenByFrame& going) {
  std::vector<Moment> moments;
  for (const auto& [frame, come] : coming) {
    for (auto it = going.lower_bound(frame);
         it != going.end() && it->first < frame + kMostFrames; ++it) {
      const Seen& go = it->second;
      if (!IsSamePlace(come.patch, go.patch) ||
          !IsSameBeneath(come.patch, go.patch))
        continue;
      moments.push_back(
          {frame, it->first, come.on_grid && go.on_grid, come.patch});
      break;
    }
  }
  return moments;
}

bool ComesAgain(const std::vector<Moment>& moments, const Moment& moment) {
  return std::any_of(moments.begin(), moments.end(), [&](const Moment& other) {
    return other.first != moment.first &&
           IsSamePlace(other.patch, moment.patch);
  });
}

bool HasCompany(const std::vector<Moment>& moments, const Moment& moment) {
  return std::count_if(moments.begin(), moments.end(),
                       [&](const Moment& other) {
                         return other.on_grid && other.first == moment.first;
                       }) > 1;
}

base::Result<Findings> Conclude(const TitleFacts& facts,
                                std::span<const base::Json> states) {
  REEL_ASSIGN(const auto sorted, Sort(facts, states));
  const std::vector<Moment> moments = Pair(sorted.first, sorted.second);
  Damage certain, doubtful;
  for (const Moment& moment : moments) {
    if (ComesAgain(moments, moment)) continue;
    const bool large = IsLarge(moment.patch, facts.source.video);
    if (!moment.on_grid && !large) continue;
    Event event = facts.EventOfFrame(moment.first);
    event.end = facts.EventOfFrame(moment.last).end;
    const bool is_certain =
        moment.on_grid && (large || HasCompany(moments, moment));
    Damage& damage = is_certain ? certain : doubtful;
    damage.events.push_back(event);
    damage.patches.push_back(moment.patch);
  }
  Findings findings = Report(facts, true, certain);
  for (auto& finding : Report(facts, false, doubtful))
    findings.push_back(std::move(finding));
  return findings;
}

}  // namespace

FrameCheck PictureDamaged() {
  return {.name = "picture-damaged",
          .watch = []() -> std::unique_ptr<FrameWatch> {
            return std::make_unique<PatchWatch>();
          },
          .conclude = Conclude};
}

}  // namespace reel::inspect

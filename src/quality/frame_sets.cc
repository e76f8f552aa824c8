#include "quality/frame_sets.h"

#include <fmt/format.h>

#include <utility>

#include "quality/pairing.h"

namespace reel::quality {
namespace {

using std::chrono::nanoseconds;

// Whether frame `number`, shown at `time`, comes before `place`. Without a time
// it does not come before any time.
bool IsBefore(int64_t number, std::optional<nanoseconds> time,
              const FramePlace& place) {
  if (const auto* frame = std::get_if<int64_t>(&place)) return number < *frame;
  return time && *time < std::get<nanoseconds>(place);
}

}  // namespace

FrameSets::FrameSets(PictureStream& reference,
                     std::span<PictureStream* const> distorted,
                     FrameSelection selection)
    : selection_(std::move(selection)),
      reference_{.stream = &reference, .skip = selection_.reference_skip} {
  for (size_t i = 0; i < distorted.size(); ++i) {
    const int64_t skip =
        selection_.distorted_skip.empty() ? 0 : selection_.distorted_skip[i];
    distorted_.emplace_back(new Lane{.stream = distorted[i], .skip = skip});
  }
}

base::Result<std::optional<TimedPicture>> FrameSets::Pull(Lane& lane) {
  while (true) {
    auto picture = lane.stream->Next();
    if (!picture || !*picture) return picture;
    if (lane.read++ < lane.skip) continue;
    if (lane.read == lane.skip + 1) lane.first_time = (*picture)->time;
    return picture;
  }
}

FrameSets::Place FrameSets::PlaceOf(int64_t number,
                                    std::optional<nanoseconds> time) const {
  if (selection_.first && IsBefore(number, time, *selection_.first))
    return Place::kBefore;
  if (selection_.end && !IsBefore(number, time, *selection_.end))
    return Place::kAfter;
  return Place::kInside;
}

base::Result<std::optional<FrameSets::Placed>> FrameSets::PullReference() {
  Lane& lane = reference_;
  REEL_ASSIGN(std::optional<TimedPicture> got, Pull(lane));
  if (!got) return std::nullopt;
  const int64_t number = lane.read - 1;
  const media::LumaFormat format = media::LumaFormatOf(got->picture);
  const media::LumaFormat first = lane.format.value_or(format);
  lane.format = first;
  if (format != first && !selection_.size_may_change)
    return base::Fail(
        base::Code::kUnsupported,
        fmt::format("{}: frame {} is {}x{} of {} bits, the first {}x{} of {}; "
                    "--width and --height bring all to one size",
                    lane.stream->facts().name, number, format.width,
                    format.height, format.bit_depth, first.width, first.height,
                    first.bit_depth));
  Placed placed{.set = {.number = number,
                        .index = lane.sets,
                        .reference = std::move(got->picture),
                        .previous = std::nullopt,
                        .distorted = {}},
                .time = got->time,
                .place = PlaceOf(number, got->time)};
  if (placed.time && lane.first_time) *placed.time -= *lane.first_time;
  if (placed.place != Place::kInside) return placed;
  ++lane.sets;
  REEL_ASSIGN(media::Picture shared, placed.set.reference.Share());
  placed.set.previous = std::exchange(lane.last, std::move(shared));
  return placed;
}

base::Result<bool> FrameSets::PullDistorted(Placed& placed,
                                            std::unique_lock<std::mutex> lock) {
  const int64_t index = placed.set.number - reference_.skip;
  for (const std::unique_ptr<Lane>& lane : distorted_) {
    // The next lane's lock before the last one's end: nobody overtakes.
    lock = std::unique_lock(lane->mu);
    REEL_ASSIGN(std::optional<TimedPicture> got, Pull(*lane));
    if (!got) {
      lock.unlock();
      if (selection_.ends_agree) REEL_TRY(CountsDifferAt(*lane));
      return false;
    }
    if (got->time && lane->first_time) *got->time -= *lane->first_time;
    REEL_TRY(CheckTimes(reference_.stream->facts(), placed.time,
                        lane->stream->facts(), got->time, index));
    placed.set.distorted.push_back(std::move(got->picture));
  }
  return true;
}

// After the reference's last frame no stream may have another.
base::Status FrameSets::CheckEnds(std::unique_lock<std::mutex> lock) {
  for (const std::unique_ptr<Lane>& lane : distorted_) {
    lock = std::unique_lock(lane->mu);
    REEL_ASSIGN(const std::optional<TimedPicture> got, Pull(*lane));
    if (!got) continue;
    lock.unlock();
    return CountsDifferAt(*lane);
  }
  return {};
}

base::Status FrameSets::CountsDifferAt(Lane& distorted) {
  REEL_ASSIGN(const int64_t reference_frames, CountAll(reference_));
  REEL_ASSIGN(const int64_t distorted_frames, CountAll(distorted));
  return CountsDiffer(reference_.stream->facts(), reference_frames,
                      distorted.stream->facts(), distorted_frames);
}

base::Result<int64_t> FrameSets::CountAll(Lane& lane) {
  const std::lock_guard lock(lane.mu);
  while (true) {
    REEL_ASSIGN(const std::optional<TimedPicture> got, Pull(lane));
    if (!got) return lane.read;
  }
}

base::Result<std::optional<FrameSet>> FrameSets::Next() {
  while (true) {
    std::unique_lock lock(reference_.mu);
    REEL_ASSIGN(std::optional<Placed> placed, PullReference());
    if (!placed) {
      if (selection_.ends_agree) REEL_TRY(CheckEnds(std::move(lock)));
      return std::nullopt;
    }
    if (placed->place == Place::kAfter) return std::nullopt;
    REEL_ASSIGN(const bool whole, PullDistorted(*placed, std::move(lock)));
    if (!whole) return std::nullopt;
    if (placed->place == Place::kInside) return std::move(placed->set);
  }
}

}  // namespace reel::quality

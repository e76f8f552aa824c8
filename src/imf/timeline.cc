#include "imf/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace reel::imf {
namespace {

constexpr char kGap[] = "imf-timeline-gap";
constexpr char kRate[] = "imf-edit-rate-mismatch";
constexpr size_t kMaxTracks = 256;
constexpr char kMend[] = "Ask the sender for a corrected composition playlist.";

class Builder {
 public:
  Builder(const CompositionPlaylist& playlist, FindingList& findings)
      : playlist_(&playlist), findings_(&findings) {}

  std::vector<VirtualTrack> Build() {
    for (const Segment& segment : playlist_->segments) AddSegment(segment);
    CheckTracks();
    return std::move(tracks_);
  }

 private:
  // Of one sequence: its units, if they make sense.
  struct Length {
    const Sequence* sequence;
    int64_t units;
    base::Rational rate;
  };

  Subject Of(const char* element, const std::string& id, int64_t line) const {
    return {playlist_->file, element, id, line};
  }
  void Reject(const char* code, const Subject& subject,
              const std::string& what) {
    findings_->Add(code, model::Severity::kReject, subject, what, kMend);
  }

  void AddSegment(const Segment& segment) {
    std::vector<Length> lengths;
    std::set<std::string> seen;
    for (const Sequence& sequence : segment.sequences) {
      if (sequence.kind == SequenceKind::kMarker) continue;
      if (!seen.insert(sequence.track_id).second || seen.size() > kMaxTracks) {
        Reject("imf-schema",
               Of(sequence.name.c_str(), sequence.id, sequence.line),
               seen.size() > kMaxTracks
                   ? fmt::format("more than {} tracks", kMaxTracks)
                   : fmt::format("track {} is twice in segment {}",
                                 sequence.track_id, segment.id));
        break;
      }
      if (const auto length = AddSequence(segment, sequence))
        lengths.push_back(*length);
    }
    CheckLengths(segment, lengths);
    for (const VirtualTrack& track : tracks_) CheckPresent(segment, track);
    ++segments_;
  }

  std::optional<Length> AddSequence(const Segment& segment,
                                    const Sequence& sequence) {
    if (tracks_.size() >= kMaxTracks) return std::nullopt;
    VirtualTrack& track = TrackOf(segment, sequence);
    int64_t units = 0;
    for (const Resource& resource : sequence.resources) {
      if (!CheckResource(sequence, resource, track)) return std::nullopt;
      const int64_t added = resource.source_duration * resource.repeat_count;
      if (added > MaxUnits(track.edit_rate) - track.units) {
        Reject(kGap, Of("Resource", resource.id, resource.line),
               "the composition lasts more than a day");
        return std::nullopt;
      }
      units += added;
      track.units += added;
      track.resources.push_back(resource);
    }
    return Length{&sequence, units, track.edit_rate};
  }

  VirtualTrack& TrackOf(const Segment& segment, const Sequence& sequence) {
    for (VirtualTrack& track : tracks_) {
      if (track.id == sequence.track_id) return track;
    }
    if (segments_ > 0) {
      Reject(kGap, Of("Segment", segment.id, 0),
             fmt::format("{} of track {} is missing in the segments before",
                         sequence.name, sequence.track_id));
    }
    VirtualTrack track;
    track.kind = sequence.kind;
    track.name = sequence.name;
    track.id = sequence.track_id;
    track.edit_rate = sequence.resources.empty()
                          ? playlist_->edit_rate
                          : sequence.resources.front().edit_rate;
    tracks_.push_back(std::move(track));
    return tracks_.back();
  }

  static int64_t MaxUnits(base::Rational rate) {
    return kMaxTitleSeconds * rate.num / rate.den;
  }

  bool CheckResource(const Sequence& sequence, const Resource& resource,
                     const VirtualTrack& track) {
    const Subject subject = Of("Resource", resource.id, resource.line);
    const base::Rational wanted = sequence.kind == SequenceKind::kImage
                                      ? playlist_->edit_rate
                                      : track.edit_rate;
    if (!(resource.edit_rate == wanted)) {
      Reject(kRate, subject,
             fmt::format("its edit rate is {}, that of the {} is {}",
                         base::ToString(resource.edit_rate),
                         sequence.kind == SequenceKind::kImage ? "composition"
                                                               : "track",
                         base::ToString(wanted)));
      return false;
    }
    const auto wrong = WrongNumbers(resource);
    if (!wrong.empty()) Reject(kGap, subject, wrong);
    return wrong.empty();
  }

  // Empty when all is well.
  static std::string WrongNumbers(const Resource& resource) {
    const int64_t entry = resource.entry_point;
    const int64_t duration = resource.source_duration;
    const int64_t intrinsic = resource.intrinsic_duration;
    const int64_t repeat = resource.repeat_count;
    if (entry < 0) return fmt::format("EntryPoint {} is negative", entry);
    if (entry > intrinsic - duration || duration > intrinsic)
      return fmt::format(
          "EntryPoint {} + SourceDuration {} is more than its "
          "IntrinsicDuration {}",
          entry, duration, intrinsic);
    if (duration <= 0)
      return fmt::format("SourceDuration {} is not positive", duration);
    if (repeat <= 0)
      return fmt::format("RepeatCount {} is not positive", repeat);
    const int64_t most = MaxUnits(resource.edit_rate);
    if (intrinsic > most || repeat > most / duration)
      return "it lasts more than a day";
    return "";
  }

  // Sound may be off by less than an edit unit where no whole number of samples
  // lasts as long as the pictures.
  void CheckLengths(const Segment& segment,
                    const std::vector<Length>& lengths) {
    const auto reference =
        std::find_if(lengths.begin(), lengths.end(), [](const Length& length) {
          return length.sequence->kind == SequenceKind::kImage;
        });
    if (reference == lengths.end()) return;
    constexpr base::Rational kTick{1, 1'000'000'000};
    const auto ticks = [&](int64_t units, base::Rational rate) {
      return base::Rescale(units, base::Inverse(rate), kTick);
    };
    const int64_t want = ticks(reference->units, reference->rate);
    const int64_t unit = ticks(1, playlist_->edit_rate);
    for (const Length& length : lengths) {
      const int64_t off = ticks(length.units, length.rate) - want;
      if (std::abs(off) < unit) continue;
      Reject(kGap,
             Of(length.sequence->name.c_str(), length.sequence->id,
                length.sequence->line),
             fmt::format("it is {:.3f} s {} than the pictures of segment {}",
                         static_cast<double>(std::abs(off)) / 1e9,
                         off < 0 ? "shorter" : "longer", segment.id));
    }
  }

  void CheckPresent(const Segment& segment, const VirtualTrack& track) {
    const bool present = std::any_of(
        segment.sequences.begin(), segment.sequences.end(),
        [&](const Sequence& one) { return one.track_id == track.id; });
    if (present) return;
    Reject(kGap, Of("Segment", segment.id, 0),
           fmt::format("{} of track {} is missing", track.name, track.id));
  }

  void CheckTracks() {
    const auto pictures = std::count_if(
        tracks_.begin(), tracks_.end(), [](const VirtualTrack& track) {
          return track.kind == SequenceKind::kImage;
        });
    if (pictures == 1) return;
    Reject("imf-schema", Of("CompositionPlaylist", playlist_->id, 0),
           fmt::format("has {} picture tracks; it should have one", pictures));
  }

  const CompositionPlaylist* playlist_;
  FindingList* findings_;
  std::vector<VirtualTrack> tracks_;
  int64_t segments_ = 0;
};

}  // namespace

std::vector<VirtualTrack> BuildTimeline(const CompositionPlaylist& playlist,
                                        FindingList& findings) {
  return Builder(playlist, findings).Build();
}

}  // namespace reel::imf

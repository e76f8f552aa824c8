#include "imf/composition_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "imf/essence_check.h"
#include "imf/essence_coding.h"
#include "imf/mxf_file.h"
#include "media/av_error.h"
#include "media/essence_probe.h"

namespace reel::imf {
namespace {

using model::Severity;

constexpr char kUnsupported[] = "imf-essence-unsupported";
constexpr char kAnotherCoding[] =
    "Deliver the track in a coding that is listed in docs/imf.md.";

const EssenceDescriptor* DescriptorOf(const CompositionPlaylist& playlist,
                                      const VirtualTrack& track) {
  for (const Resource& resource : track.resources) {
    if (const auto* found = playlist.FindDescriptor(resource.source_encoding))
      return found;
  }
  return nullptr;
}

// RFC 5646, 2.1, as far as it bounds what is passed on.
bool IsLanguageTag(const std::string& tag) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-';
  };
  return tag.size() >= 2 && tag.size() <= 35 &&
         std::all_of(tag.begin(), tag.end(), is_allowed);
}

// "High-Throughput JPEG 2000 (…), urn:smpte:ul:…".
std::string DescribeCoding(const std::string& coding,
                           const std::string& container) {
  const std::string& label = coding.empty() ? container : coding;
  if (label.empty()) return "an unnamed coding";
  std::string name = EssenceCodingName(label);
  if (name.empty()) name = "unknown coding";
  return name + ", " + LabelText(label);
}

class Builder {
 public:
  Builder(const CompositionPlaylist& playlist, const FindTrackFile& find,
          FindingList& findings)
      : playlist_(playlist), find_(find), findings_(findings) {}

  // Errors: those of the machine; the essence's are findings.
  base::Status Add(const VirtualTrack& track) {
    switch (track.kind) {
      case SequenceKind::kImage:
        return AddPlayed(track, model::TrackKind::kPicture);
      case SequenceKind::kAudio:
        return AddPlayed(track, model::TrackKind::kSound);
      case SequenceKind::kText:
        AddText(track);
        return {};
      case SequenceKind::kMarker:
      case SequenceKind::kOther:
        LeaveOut(track);
        return {};
    }
    return {};
  }

  model::Composition Take() {
    // The picture comes first, whatever the playlist's order.
    std::stable_partition(composition_.tracks.begin(),
                          composition_.tracks.end(), [](const auto& track) {
                            return track.kind == model::TrackKind::kPicture;
                          });
    return std::move(composition_);
  }

 private:
  // A file that has been looked into.
  struct Opened {
    int32_t index = 0;  // in the composition
    std::optional<media::Essence> essence;
    MxfFacts mxf;
    std::string error;  // why there is no essence
  };

  Subject Of(const Resource& resource) const {
    return {playlist_.file, "Resource", resource.id, resource.line};
  }

  base::Status AddPlayed(const VirtualTrack& track, model::TrackKind kind) {
    model::CompositionTrack played;
    played.kind = kind;
    if (kind == model::TrackKind::kSound)
      played.language = LanguageOf(playlist_, track);
    const media::Essence* first = nullptr;
    for (const Resource& resource : track.resources) {
      REEL_ASSIGN(const Opened* opened, Open(resource.track_file_id));
      if (opened == nullptr) continue;
      if (!Judge(resource, kind, *opened)) continue;
      if (first == nullptr) {
        first = &*opened->essence;
        played.unit_rate = first->unit_rate;
      }
      JudgeHomogeneous(*first, *opened->essence, Of(resource), findings_);
      played.resources.push_back(Place(resource, *opened));
    }
    if (!played.resources.empty())
      composition_.tracks.push_back(std::move(played));
    return {};
  }

  // Text is listed; its own stage will read it.
  void AddText(const VirtualTrack& track) {
    model::CompositionTrack text;
    text.kind = model::TrackKind::kText;
    text.language = LanguageOf(playlist_, track);
    text.unit_rate = track.edit_rate;
    for (const Resource& resource : track.resources) {
      const TrackFile file = find_(resource.track_file_id);
      if (file.asset == nullptr || file.asset->path.empty()) continue;
      text.resources.push_back({.file = FileIndex(file, false),
                                .entry = resource.entry_point,
                                .duration = resource.source_duration,
                                .repeat = resource.repeat_count});
    }
    if (!text.resources.empty()) composition_.tracks.push_back(std::move(text));
  }

  void LeaveOut(const VirtualTrack& track) {
    const auto* descriptor = DescriptorOf(playlist_, track);
    const std::string coding =
        descriptor == nullptr
            ? ""
            : " (" + DescribeCoding(descriptor->coding, descriptor->container) +
                  ")";
    findings_.Add(kUnsupported, Severity::kWarn,
                  {playlist_.file, track.name, track.id},
                  fmt::format("such tracks are left out{}", coding),
                  "Nothing to do if the title's other tracks are enough.");
  }

  // Null if there is no such file: that is said elsewhere.
  base::Result<const Opened*> Open(const std::string& id) {
    if (const auto known = opened_.find(id); known != opened_.end())
      return &known->second;
    const TrackFile file = find_(id);
    if (file.asset == nullptr || file.asset->path.empty()) return nullptr;
    REEL_ASSIGN(Opened opened, LookInto(file.asset->path));
    opened.index = FileIndex(file, opened.mxf.has_index);
    JudgeIdentity(*file.asset, opened.mxf);
    return &opened_.emplace(id, std::move(opened)).first->second;
  }

  static base::Result<Opened> LookInto(const std::string& path) {
    const auto is_trouble = [](const auto& result) {
      return !result && !media::IsMediaFault(result.error().code);
    };
    Opened opened;
    const auto mxf = ReadMxfFacts(path);
    if (is_trouble(mxf)) return tl::unexpected(mxf.error());
    auto essence = media::ProbeEssence(path);
    if (is_trouble(essence)) return tl::unexpected(essence.error());
    if (!essence) opened.error = essence.error().message;
    if (!mxf) opened.error = mxf.error().message;
    if (mxf) opened.mxf = *mxf;
    if (essence) opened.essence = *std::move(essence);
    return opened;
  }

  int32_t FileIndex(const TrackFile& file, bool indexed) {
    std::vector<model::CompositionFile>& files = composition_.files;
    const auto next = static_cast<int32_t>(files.size());
    const auto [known, is_new] = indices_.emplace(file.asset->path, next);
    if (!is_new) return known->second;
    files.push_back({.path = file.asset->path,
                     .size_bytes = file.asset->size_bytes,
                     .modified_ns = file.asset->modified_ns,
                     .sha256 = file.sha256,
                     .indexed = indexed});
    return next;
  }

  // ST 2067-2, 6.1.3: the asset's id is the UUID in the file package's UMID.
  void JudgeIdentity(const Asset& asset, const MxfFacts& mxf) {
    if (mxf.package_id.empty() || mxf.package_id == asset.id) return;
    findings_.Add("imf-reference-broken", Severity::kWarn,
                  {.file = asset.name, .id = asset.id},
                  "the MXF file itself says that it is " + mxf.package_id,
                  "Ask the sender whether it is the right file.");
  }

  // Whether the resource can be played.
  bool Judge(const Resource& resource, model::TrackKind kind,
             const Opened& opened) {
    const Subject subject = Of(resource);
    if (!JudgeDecodable(resource, kind, opened)) return false;
    const media::Essence& essence = *opened.essence;
    if (kind == model::TrackKind::kPicture &&
        !(essence.unit_rate == resource.edit_rate)) {
      findings_.Add("imf-edit-rate-mismatch", Severity::kReject, subject,
                    fmt::format("its edit rate is {}, its essence has {} "
                                "pictures per second",
                                base::ToString(resource.edit_rate),
                                base::ToString(essence.unit_rate)),
                    "Ask the sender for a corrected composition playlist.");
      return false;
    }
    if (const auto* descriptor =
            playlist_.FindDescriptor(resource.source_encoding))
      JudgeDescriptor(*descriptor, essence, subject, findings_);
    JudgeExtent(resource, essence);
    return true;
  }

  bool JudgeDecodable(const Resource& resource, model::TrackKind kind,
                      const Opened& opened) {
    const std::string why = WhyNot(kind, opened);
    if (why.empty()) return true;
    const Subject subject = Of(resource);
    // One finding for each file is enough.
    if (!refused_.insert(resource.track_file_id).second) return false;
    findings_.Add(
        kUnsupported, Severity::kReject, subject,
        fmt::format("its essence {} ({}) cannot be decoded: {}",
                    resource.track_file_id, Coding(resource, opened), why),
        kAnotherCoding);
    return false;
  }

  std::string Coding(const Resource& resource, const Opened& opened) const {
    const auto* descriptor = playlist_.FindDescriptor(resource.source_encoding);
    if (opened.mxf.coding.empty() && descriptor != nullptr &&
        !descriptor->coding.empty())
      return DescribeCoding(descriptor->coding, "");
    return DescribeCoding(opened.mxf.coding, opened.mxf.container);
  }

  // Empty if it can be decoded.
  static std::string WhyNot(model::TrackKind kind, const Opened& opened) {
    if (!opened.essence) return opened.error;
    const media::Essence& essence = *opened.essence;
    if (essence.kind != kind) return "the file holds another kind of essence";
    if (!essence.undecodable.empty()) return essence.undecodable;
    if (essence.unit_rate.num < 1) return "it has no rate";
    if (kind == model::TrackKind::kPicture && !essence.intra_only)
      return "its pictures refer to others, so that it cannot be cut anywhere";
    if (kind == model::TrackKind::kSound && !essence.linear_pcm)
      return "the sound is not linear PCM";
    return "";
  }

  void JudgeExtent(const Resource& resource, const media::Essence& essence) {
    const model::CompositionResource units = Units(resource, essence);
    if (essence.units <= 0) return;
    const bool past_end = units.entry + units.duration > essence.units;
    const int64_t promised = base::Rescale(resource.intrinsic_duration,
                                           base::Inverse(resource.edit_rate),
                                           base::Inverse(essence.unit_rate));
    if (!past_end && promised <= essence.units) return;
    findings_.Add(
        "imf-timeline-gap", past_end ? Severity::kReject : Severity::kWarn,
        Of(resource),
        fmt::format(
            "it {} {} of {} {}, the essence has {}",
            past_end ? "plays up to" : "promises",
            past_end ? units.entry + units.duration : promised,
            resource.track_file_id,
            essence.kind == model::TrackKind::kPicture ? "frames" : "samples",
            essence.units),
        "Send the essence again, or a corrected composition playlist.");
  }

  static model::CompositionResource Units(const Resource& resource,
                                          const media::Essence& essence) {
    const auto units = [&](int64_t edit_units) {
      return base::Rescale(edit_units, base::Inverse(resource.edit_rate),
                           base::Inverse(essence.unit_rate));
    };
    const int64_t entry = units(resource.entry_point);
    const int64_t end = units(resource.entry_point + resource.source_duration);
    return {.stream = essence.stream,
            .entry = entry,
            .duration = std::max<int64_t>(end - entry, 1),
            .repeat = resource.repeat_count};
  }

  static model::CompositionResource Place(const Resource& resource,
                                          const Opened& opened) {
    model::CompositionResource placed = Units(resource, *opened.essence);
    placed.file = opened.index;
    return placed;
  }

  const CompositionPlaylist& playlist_;
  const FindTrackFile& find_;
  FindingList& findings_;
  model::Composition composition_;
  std::map<std::string, int32_t> indices_;  // of files, by path
  std::map<std::string, Opened> opened_;    // by id
  std::set<std::string> refused_;           // ids
};

}  // namespace

base::Result<model::Composition> BuildComposition(
    const CompositionPlaylist& playlist,
    const std::vector<VirtualTrack>& tracks, const FindTrackFile& find,
    FindingList& findings) {
  Builder builder(playlist, find, findings);
  for (const VirtualTrack& track : tracks) REEL_TRY(builder.Add(track));
  return builder.Take();
}

std::string LanguageOf(const CompositionPlaylist& playlist,
                       const VirtualTrack& track) {
  const auto* descriptor = DescriptorOf(playlist, track);
  return descriptor != nullptr && IsLanguageTag(descriptor->language)
             ? descriptor->language
             : "";
}

std::string CodingOf(const CompositionPlaylist& playlist,
                     const VirtualTrack& track) {
  const auto* descriptor = DescriptorOf(playlist, track);
  if (descriptor == nullptr) return "";
  const std::string name = EssenceCodingName(descriptor->coding);
  return name.empty() ? EssenceCodingName(descriptor->container) : name;
}

}  // namespace reel::imf

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "imf/composition_builder.h"
#include "imf/delivery.h"
#include "imf/fields.h"
#include "imf/imf.h"
#include "imf/timeline.h"

namespace reel::imf {
namespace {

using model::Severity;

// A playlist of the package, judged as far as XML can tell.
struct Candidate {
  const DeliveredPlaylist* delivered = nullptr;
  std::vector<VirtualTrack> tracks;
  FindingList findings;

  const CompositionPlaylist& playlist() const { return delivered->playlist; }
};

class Opener {
 public:
  Opener(const PackageRequest& request, std::vector<KnownDigest>& memory,
         const std::function<bool(double)>& progress)
      : request_(request), memory_(memory), progress_(progress) {}

  base::Result<Package> Open() {
    REEL_TRY(ReadDeliveries());
    Judge();
    REEL_ASSIGN(const Candidate* chosen, Choose());
    for (const Candidate& candidate : candidates_)
      AddFindings(candidate, chosen);
    List(chosen);
    JudgeFiles(chosen);
    REEL_TRY(CheckDigests(chosen));
    if (chosen != nullptr) REEL_TRY(Compose(*chosen));
    package_.findings = findings_.findings();
    return std::move(package_);
  }

 private:
  base::Status ReadDeliveries() {
    std::vector<std::string> directories{request_.directory};
    directories.insert(directories.end(), request_.originals.begin(),
                       request_.originals.end());
    for (const std::string& directory : directories) {
      REEL_ASSIGN(Delivery delivery, ReadDelivery(directory));
      findings_.Append(delivery.findings);
      deliveries_.push_back(std::move(delivery));
    }
    return {};
  }

  // Supplemental packages come first: what they hold replaces the original's.
  const Asset* FindAsset(const std::string& id) const {
    for (const Delivery& delivery : deliveries_) {
      if (const Asset* asset = delivery.FindAsset(id)) return asset;
    }
    return nullptr;
  }

  void Judge() {
    for (const DeliveredPlaylist& delivered : deliveries_.front().playlists) {
      Candidate candidate;
      candidate.delivered = &delivered;
      candidate.findings = delivered.findings;
      // Of a playlist that cannot be read nothing more is known.
      if (delivered.playlist.edit_rate.num > 0) {
        candidate.tracks =
            BuildTimeline(delivered.playlist, candidate.findings);
        JudgeReferences(candidate);
      }
      candidates_.push_back(std::move(candidate));
    }
    const bool is_package = !deliveries_.front().assets.empty();
    if (!candidates_.empty() || !is_package) return;
    findings_.Add("imf-schema", Severity::kReject, {.file = "ASSETMAP.xml"},
                  "it lists no composition playlist",
                  "Ask the sender for a complete package.");
  }

  void JudgeReferences(Candidate& candidate) const {
    // What is referred to several times is named once.
    std::set<std::string> named;
    for (const VirtualTrack& track : candidate.tracks) {
      for (const Resource& resource : track.resources)
        JudgeReference(track, resource, named, candidate);
    }
  }

  void JudgeReference(const VirtualTrack& track, const Resource& resource,
                      std::set<std::string>& named,
                      Candidate& candidate) const {
    const CompositionPlaylist& playlist = candidate.playlist();
    const Subject subject{playlist.file, "Resource", resource.id,
                          resource.line};
    if (FindAsset(resource.track_file_id) == nullptr &&
        named.insert(resource.track_file_id).second) {
      candidate.findings.Add(
          "imf-reference-broken",
          track.kind == SequenceKind::kOther ? Severity::kWarn
                                             : Severity::kReject,
          subject,
          fmt::format("its track file {} is in no asset map",
                      resource.track_file_id),
          "Send the complete package. If it builds on another one, name that "
          "one's directory with --ov.");
    }
    if (!resource.source_encoding.empty() &&
        playlist.FindDescriptor(resource.source_encoding) == nullptr &&
        named.insert(resource.source_encoding).second) {
      candidate.findings.Add(
          "imf-reference-broken", Severity::kWarn, subject,
          fmt::format("its SourceEncoding {} is no descriptor of the playlist",
                      resource.source_encoding),
          "Ask the sender for a corrected composition playlist.");
    }
  }

  // Null if there is none at all.
  base::Result<const Candidate*> Choose() {
    if (!request_.composition.empty()) return ChooseById();
    std::vector<const Candidate*> sound;
    for (const Candidate& candidate : candidates_) {
      if (!candidate.findings.Rejects()) sound.push_back(&candidate);
    }
    if (candidates_.empty()) return nullptr;
    if (candidates_.size() == 1) return &candidates_.front();
    if (sound.size() != 1 &&
        request_.several == PackageRequest::Several::kRefuse)
      return base::Fail(base::Code::kInvalidArgument,
                        fmt::format("{} holds several compositions; choose one "
                                    "with --cpl ID: {}",
                                    request_.directory, Ids()));
    const Candidate* chosen =
        sound.empty() ? &candidates_.front() : sound.front();
    findings_.Add(
        "imf-several-compositions", Severity::kInfo,
        {.file = chosen->playlist().file,
         .element = "CompositionPlaylist",
         .id = chosen->playlist().id},
        fmt::format("it is taken of {} compositions", candidates_.size()),
        "Choose another one with --cpl ID.");
    return chosen;
  }

  base::Result<const Candidate*> ChooseById() const {
    const std::string& typed = request_.composition;
    const std::string wanted = ParseUuid(typed).value_or(
        ParseUuid("urn:uuid:" + typed).value_or("no id"));
    for (const Candidate& candidate : candidates_) {
      if (candidate.playlist().id == wanted ||
          candidate.delivered->asset_id == wanted)
        return &candidate;
    }
    return base::Fail(base::Code::kInvalidArgument,
                      fmt::format("{}: no composition {}; there are: {}",
                                  request_.directory, typed, Ids()));
  }

  std::string Ids() const {
    constexpr size_t kMost = 20;
    std::string ids;
    for (size_t i = 0; i < std::min(kMost, candidates_.size()); ++i) {
      const CompositionPlaylist& playlist = candidates_[i].playlist();
      ids += fmt::format("{}{} ({})", ids.empty() ? "" : ", ", playlist.id,
                         playlist.title);
    }
    if (candidates_.size() > kMost) ids += ", …";
    return ids.empty() ? "none" : ids;
  }

  void AddFindings(const Candidate& candidate, const Candidate* chosen) {
    FindingList findings = candidate.findings;
    if (&candidate != chosen) findings.Soften();
    findings_.Append(findings);
  }

  void List(const Candidate* chosen) {
    PackageListing& listing = package_.listing;
    listing.directory = request_.directory;
    listing.id = deliveries_.front().id;
    listing.output_profiles = deliveries_.front().output_profiles;
    for (const Candidate& candidate : candidates_) {
      listing.compositions.push_back(ListComposition(candidate));
      listing.compositions.back().chosen = &candidate == chosen;
    }
    if (chosen != nullptr) package_.title = chosen->playlist().title;
  }

  static CompositionListing ListComposition(const Candidate& candidate) {
    const CompositionPlaylist& playlist = candidate.playlist();
    CompositionListing listing{.id = playlist.id,
                               .title = playlist.title,
                               .file = playlist.file,
                               .edit_rate = playlist.edit_rate,
                               .segments = std::ssize(playlist.segments),
                               .applications = playlist.applications,
                               .tracks = {}};
    for (const VirtualTrack& track : candidate.tracks) {
      listing.tracks.push_back(ListTrack(playlist, track));
      if (track.kind == SequenceKind::kImage)
        listing.duration = listing.tracks.back().duration;
    }
    return listing;
  }

  static std::string KindName(const VirtualTrack& track) {
    switch (track.kind) {
      case SequenceKind::kImage:
        return "picture";
      case SequenceKind::kAudio:
        return "sound";
      case SequenceKind::kText:
        return "text";
      case SequenceKind::kMarker:
      case SequenceKind::kOther:
        return track.name;
    }
    return track.name;
  }

  static TrackListing ListTrack(const CompositionPlaylist& playlist,
                                const VirtualTrack& track) {
    return {
        .kind = KindName(track),
        .id = track.id,
        .language = LanguageOf(playlist, track),
        .coding = CodingOf(playlist, track),
        .edit_rate = track.edit_rate,
        .units = track.units,
        .resources = std::ssize(track.resources),
        .duration = base::Seconds(track.units, base::Inverse(track.edit_rate))};
  }

  // Ids of what the title cannot do without.
  std::set<std::string> NeededIds(const Candidate* chosen) const {
    std::set<std::string> ids;
    for (const Asset& asset : deliveries_.front().assets) {
      if (asset.is_packing_list) ids.insert(asset.id);
    }
    if (chosen == nullptr) return ids;
    ids.insert(chosen->delivered->asset_id);
    for (const VirtualTrack& track : chosen->tracks) {
      if (track.kind == SequenceKind::kOther) continue;
      for (const Resource& resource : track.resources)
        ids.insert(resource.track_file_id);
    }
    return ids;
  }

  void JudgeFiles(const Candidate* chosen) {
    needed_ = NeededIds(chosen);
    for (const Delivery& delivery : deliveries_) {
      const bool is_first = &delivery == deliveries_.data();
      JudgeAssets(delivery, needed_, is_first ? Scope::kAll : Scope::kNeeded,
                  findings_);
    }
  }

  // All assets of the package, and what it takes from others.
  base::Status CheckDigests(const Candidate* chosen) {
    std::vector<const Asset*> assets;
    for (const Asset& asset : deliveries_.front().assets)
      assets.push_back(&asset);
    for (const std::string& id : needed_) {
      const Asset* asset = FindAsset(id);
      if (asset != nullptr && deliveries_.front().FindAsset(id) == nullptr)
        assets.push_back(asset);
    }
    REEL_ASSIGN(const std::vector<KnownDigest> digests,
                DigestAssets(assets, memory_, progress_));
    for (size_t i = 0; i < assets.size(); ++i) {
      sha256_[assets[i]] = digests[i].sha256;
      const bool needed = chosen == nullptr || needed_.contains(assets[i]->id);
      JudgeDigest(*assets[i], digests[i],
                  needed ? Severity::kReject : Severity::kWarn, findings_);
    }
    return {};
  }

  base::Status Compose(const Candidate& chosen) {
    const auto find = [this](const std::string& id) {
      const Asset* asset = FindAsset(id);
      const auto digest = sha256_.find(asset);
      return TrackFile{
          asset, digest == sha256_.end() ? std::string() : digest->second};
    };
    REEL_ASSIGN(
        model::Composition composition,
        BuildComposition(chosen.playlist(), chosen.tracks, find, findings_));
    if (!findings_.Rejects()) package_.composition = std::move(composition);
    return {};
  }

  const PackageRequest& request_;
  std::vector<KnownDigest>& memory_;
  const std::function<bool(double)>& progress_;
  std::vector<Delivery> deliveries_;  // the package, then its originals
  std::vector<Candidate> candidates_;
  std::set<std::string> needed_;
  std::map<const Asset*, std::string> sha256_;
  FindingList findings_;
  Package package_;
};

}  // namespace

base::Result<Package> OpenPackage(const PackageRequest& request,
                                  std::vector<KnownDigest>& memory,
                                  const std::function<bool(double)>& progress) {
  return Opener(request, memory, progress).Open();
}

}  // namespace reel::imf

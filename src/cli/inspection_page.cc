#include "cli/inspection_page.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "model/frames.h"
#include "model/packets.h"
#include "package/package.h"
#include "service/finding_frames.h"
#include "shots/shots.h"
#include "workflow/tasks/stills.h"

namespace reel::cli {
namespace {

using base::Result;
using base::Status;
using workflow::tasks::InspectionObjects;

constexpr size_t kMostPictures = 60;
constexpr int kLongerSide = 320;
constexpr int64_t kFilmstripTiles = 12;
constexpr int kFilmstripQuality = 4;
constexpr double kFallbackRate = 25;

// What the plots' and the pictures' places are taken from.
struct Places {
  model::PacketIndex packets;
  model::FrameTable frames;
  std::vector<double> starts;  // [frames] seconds, never decreasing
  int64_t origin_ticks = 0;
};

template <typename T>
Result<T> ReadAs(platform::ObjectStore& store, const platform::Object& object,
                 Result<T> (*parse)(std::span<const uint8_t>)) {
  REEL_ASSIGN(const std::vector<uint8_t> bytes, store.Get(object.digest));
  return parse(bytes);
}

// The frames of a file that was never decoded: its packets in the order of
// their times.
model::FrameTable FramesOf(const model::PacketIndex& packets) {
  model::FrameTable frames;
  for (size_t i = 0; i < packets.packets.size(); ++i) {
    const model::Packet& packet = packets.packets[i];
    if (packet.pts != model::kNoTime && !packet.discard)
      frames.push_back({static_cast<int64_t>(i), packet.pts});
  }
  std::stable_sort(frames.begin(), frames.end(),
                   [](const auto& a, const auto& b) { return a.pts < b.pts; });
  return frames;
}

Result<Places> ReadPlaces(platform::ObjectStore& store,
                          const InspectionObjects& measured,
                          const model::VideoTrack& track) {
  Places places;
  if (!measured.packets || track.time_base.den <= 0) return places;
  REEL_ASSIGN(places.packets,
              ReadAs(store, *measured.packets, model::ParsePacketIndex));
  if (measured.frames) {
    REEL_ASSIGN(places.frames,
                ReadAs(store, *measured.frames, model::ParseFrameTable));
  } else {
    places.frames = FramesOf(places.packets);
  }
  if (places.frames.empty()) return places;
  places.origin_ticks = places.frames.front().pts;
  double latest = 0;
  for (const model::SourceFrame& frame : places.frames) {
    latest = std::max(latest, base::Seconds(frame.pts - places.origin_ticks,
                                            track.time_base));
    places.starts.push_back(latest);
  }
  return places;
}

double FrameSeconds(const model::VideoTrack& track) {
  return track.frame_rate.num > 0 ? 1 / base::ToDouble(track.frame_rate)
                                  : 1 / kFallbackRate;
}

// To the end of what is seen and heard; of a file that was not decoded, at
// least what the container promises.
double Duration(const service::InspectionPage& page, const Places& places) {
  double end = 0;
  if (!places.starts.empty())
    end = places.starts.back() + FrameSeconds(page.source.video);
  for (const inspect::SoundFacts& sound : page.sounds)
    end = std::max(end, sound.end - page.sound_origin);
  if (page.frames == 0)
    end = std::max(end, base::ToDouble(page.source.container_duration));
  return std::isfinite(end) ? end : 0;
}

Status ReadSounds(platform::ObjectStore& store,
                  const InspectionObjects& measured,
                  service::InspectionPage& page) {
  for (const platform::Object& object : measured.sounds) {
    REEL_ASSIGN(const auto bytes, store.Get(object.digest));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                                bytes.size());
    REEL_ASSIGN(const base::Json json, base::ParseJson(text));
    REEL_ASSIGN(auto sound, base::FromJson<inspect::SoundFacts>(json));
    page.sounds.push_back(std::move(sound));
  }
  return {};
}

Status AddCuts(platform::ObjectStore& store, const InspectionObjects& measured,
               const Places& places, service::InspectionPage& page) {
  if (!measured.features) return {};
  REEL_ASSIGN(const shots::Features features,
              ReadAs(store, *measured.features, shots::ParseFeatures));
  for (const model::FrameRange& shot : shots::DetectShots(features)) {
    const auto frame = static_cast<size_t>(shot.first_frame);
    if (frame < places.starts.size()) page.cuts.push_back(places.starts[frame]);
  }
  return {};
}

// The small pictures that inspection kept, by the time of their frames.
Result<std::map<double, media::StillPicture>> ReadThumbnails(
    platform::ObjectStore& store, const InspectionObjects& measured,
    const Places& places) {
  package::Thumbnails kept;
  for (const platform::Object& object : measured.thumbnails) {
    REEL_ASSIGN(auto piece, ReadAs(store, object, package::ParseThumbnails));
    kept.merge(piece);
  }
  std::map<double, media::StillPicture> timed;
  for (size_t i = 0; i < places.frames.size(); ++i) {
    const auto picture = kept.find(places.frames[i].packet);
    if (picture != kept.end())
      timed.emplace(places.starts[i], std::move(picture->second));
  }
  return timed;
}

// Each tile shows what was kept last before its middle.
Status AddFilmstrip(platform::ObjectStore& store,
                    const InspectionObjects& measured, const Places& places,
                    service::InspectionPage& page) {
  REEL_ASSIGN(const auto thumbnails, ReadThumbnails(store, measured, places));
  if (thumbnails.empty()) return {};
  for (int64_t i = 0; i < kFilmstripTiles; ++i) {
    const double middle = page.duration * (static_cast<double>(i) + 0.5) /
                          static_cast<double>(kFilmstripTiles);
    const auto after = thumbnails.upper_bound(middle);
    const auto& picture =
        after == thumbnails.begin() ? after->second : std::prev(after)->second;
    REEL_ASSIGN(auto jpeg, media::EncodeJpeg(picture, kFilmstripQuality));
    page.filmstrip.push_back(std::move(jpeg));
  }
  return {};
}

bool IsDamage(const model::Finding& finding) {
  return finding.code == "packets-corrupt" || finding.code == "frame-damaged";
}

// [pictures of the page]
std::vector<package::WantedStill> WantedStills(
    const service::InspectionPage& page, const Places& places) {
  std::vector<package::WantedStill> wanted;
  for (const auto& [pick, time, jpeg] : page.pictures) {
    wanted.push_back({places.frames[static_cast<size_t>(pick.frame)].packet,
                      IsDamage(page.report.findings[pick.finding])});
  }
  return wanted;
}

Status AddPictures(const workflow::Input& input,
                   const InspectionObjects& measured, const Places& places,
                   workflow::Orchestrator& orchestrator,
                   workflow::Observer& observer, const std::stop_token& stop,
                   service::InspectionPage& page) {
  std::span<const model::Finding> findings = page.report.findings;
  findings = findings.first(std::min(findings.size(), service::kMostCards));
  auto picks =
      service::PickFrames(page.source, findings, places.starts, kMostPictures);
  page.pictures_capped = picks.capped;
  for (const service::FramePick& pick : picks.picks)
    page.pictures.push_back(
        {pick, places.starts[static_cast<size_t>(pick.frame)], {}});
  const auto wanted = WantedStills(page, places);
  auto runs = package::PlanStills(places.packets, wanted);
  if (runs.empty()) return {};
  workflow::tasks::StillsGraph graph({input, *measured.scan, *measured.packets},
                                     std::move(runs), kLongerSide);
  REEL_TRY(orchestrator.Run("pictures", page.title, graph, observer, stop));
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto still = graph.stills().find(wanted[i].packet);
    if (still == graph.stills().end()) continue;
    REEL_ASSIGN(page.pictures[i].jpeg,
                orchestrator.platform().objects->Get(still->second.digest));
  }
  return {};
}

}  // namespace

Status AddMeasurements(const std::optional<workflow::Input>& input,
                       const InspectionObjects& measured,
                       workflow::Orchestrator& orchestrator,
                       workflow::Observer& observer,
                       const std::stop_token& stop,
                       service::InspectionPage& page) {
  platform::ObjectStore& store = *orchestrator.platform().objects;
  const model::VideoTrack& track = page.source.video;
  REEL_ASSIGN(const Places places, ReadPlaces(store, measured, track));
  page.sound_origin = base::Seconds(places.origin_ticks, track.time_base);
  page.picture_size = package::ThumbnailSize(track, kLongerSide);
  REEL_TRY(ReadSounds(store, measured, page));
  if (measured.frames) page.frames = std::ssize(places.frames);
  page.duration = Duration(page, places);
  page.bit_rate = service::MeasureBitRate(places.packets, track.time_base,
                                          places.origin_ticks, page.duration);
  REEL_TRY(AddCuts(store, measured, places, page));
  REEL_TRY(AddFilmstrip(store, measured, places, page));
  if (!input || !measured.scan || places.frames.empty()) return {};
  return AddPictures(*input, measured, places, orchestrator, observer, stop,
                     page);
}

}  // namespace reel::cli

#include "workflow/tasks/packaging.h"

#include <utility>

#include "base/file.h"
#include "package/package.h"
#include "workflow/tasks/inspection.h"

namespace reel::workflow::tasks {
namespace {

base::Result<package::ThumbnailSheets> MakeSheets(
    const model::Timeline& timeline, const Inputs& inputs) {
  REEL_ASSIGN(const auto scan, inputs.As<ScanFacts>("scan"));
  REEL_ASSIGN(const auto packet_bytes, inputs.Bytes("packets"));
  REEL_ASSIGN(const model::PacketIndex packets,
              model::ParsePacketIndex(packet_bytes));
  REEL_ASSIGN(const auto frame_bytes, inputs.Bytes("frames"));
  REEL_ASSIGN(const model::FrameTable frames,
              model::ParseFrameTable(frame_bytes));
  package::Thumbnails thumbnails;
  for (const std::string& name : inputs.NamesWithPrefix("thumbnails/")) {
    REEL_ASSIGN(const auto bytes, inputs.Bytes(name));
    REEL_ASSIGN(package::Thumbnails part, package::ParseThumbnails(bytes));
    thumbnails.merge(part);
  }
  return package::MakeThumbnailSheets(
      package::PlanThumbnails(packets, scan.source.video), thumbnails, frames,
      timeline);
}

base::Status RunPackage(const PackageParams&, const Inputs& inputs,
                        Outputs& outputs, Context&) {
  REEL_ASSIGN(const auto timeline, inputs.As<model::Timeline>("timeline"));
  package::Title title;
  title.frame_rate = timeline.FrameRate();
  for (const std::string& name : inputs.NamesWithPrefix("video/")) {
    REEL_ASSIGN(auto track, inputs.As<model::VideoTrackFile>(name));
    title.video.push_back(std::move(track));
  }
  for (const std::string& name : inputs.NamesWithPrefix("audio/")) {
    REEL_ASSIGN(auto track, inputs.As<model::AudioTrackFile>(name));
    title.audio.push_back(std::move(track));
  }
  REEL_ASSIGN(const package::ThumbnailSheets sheets,
              MakeSheets(timeline, inputs));
  title.thumbnails = sheets.layout;
  for (size_t i = 0; i < sheets.jpegs.size(); ++i) {
    REEL_TRY(outputs.PutBytes(
        package::ThumbnailSheetPath(static_cast<int64_t>(i)), sheets.jpegs[i]));
  }
  REEL_ASSIGN(const auto manifests, package::WriteManifests(title));
  for (const auto& [path, text] : manifests) {
    REEL_TRY(outputs.PutBytes(path, base::AsBytes(text)));
  }
  return {};
}

}  // namespace

void to_json(base::Json& json, const PackageParams&) {
  json = base::Json::object();
}
void from_json(const base::Json&, PackageParams&) {}

const TaskKind<PackageParams> kPackage{
    .name = "package", .service = "package", .version = 1, .run = RunPackage};

}  // namespace reel::workflow::tasks

#include <utility>

#include "base/byte_source.h"
#include "inspect/checks.h"
#include "inspect/frame_times.h"
#include "inspect/inspect.h"
#include "inspect/matroska_walk.h"
#include "media/av_error.h"
#include "model/composition.h"

namespace reel::inspect {
namespace {

// Fills what libav can tell.
base::Status ReadMedia(const std::string& path,
                       const std::function<void(double)>& progress,
                       FileFacts& facts) {
  REEL_ASSIGN(facts.source, media::ProbeSource(path));
  const base::Rational time_base = facts.source.video.time_base;
  if (time_base.num <= 0 || time_base.den <= 0) {
    return base::Fail(base::Code::kCorruptInput, "the picture has no clock");
  }
  if (facts.source.video.index < 0) return {};
  REEL_ASSIGN(facts.packets, media::ScanPackets(path, facts.source, progress));
  DropAbsurdTimes(facts.packets.video);
  return {};
}

// What its bytes tell. A composition's are no container's.
base::Status ReadFile(const std::string& path, FileFacts& facts) {
  const auto composition = model::CompositionPath(path);
  REEL_ASSIGN(const auto source,
              base::OpenByteSource(composition.value_or(path)));
  REEL_ASSIGN(facts.bytes, source->Size());
  if (composition) return {};
  REEL_ASSIGN(facts.boxes, WalkBoxes(*source));
  if (!facts.boxes.is_iso) {
    REEL_ASSIGN(facts.boxes.missing_bytes, MissingMatroskaBytes(*source));
  }
  return {};
}

base::Result<FileFacts> Gather(const std::string& path,
                               const model::DeliverySpec& spec,
                               const std::function<void(double)>& progress) {
  FileFacts facts;
  facts.spec = spec;
  REEL_TRY(ReadFile(path, facts));
  if (facts.bytes == 0) return facts;
  if (auto status = ReadMedia(path, progress, facts); !status) {
    if (!media::IsMediaFault(status.error().code)) {
      return tl::unexpected(std::move(status).error());
    }
    facts.probe_error = std::move(status).error();
    if (!model::CompositionPath(path)) {
      REEL_ASSIGN(facts.looks_like, media::RecognizeContainer(path));
    }
  }
  return facts;
}

}  // namespace

base::Result<ScanResult> Scan(const std::string& path,
                              const model::DeliverySpec& spec,
                              const std::function<void(double)>& progress) {
  REEL_ASSIGN(FileFacts facts, Gather(path, spec, progress));
  ScanResult result;
  for (const FileCheck check : FileChecks()) {
    for (auto& finding : check(facts)) {
      result.findings.push_back(std::move(finding));
    }
  }
  result.source = std::move(facts.source);
  result.source.path = path;
  // The demuxer knows how much a composition plays.
  if (!model::CompositionPath(path)) result.source.bytes = facts.bytes;
  result.packets = std::move(facts.packets.video);
  result.audio_end = std::move(facts.packets.audio_end);
  return result;
}

}  // namespace reel::inspect

#include <fmt/format.h>

#include <span>
#include <utility>

#include "encode/encode.h"
#include "encode/rate_plan.h"
#include "encode/rung_encoder.h"
#include "media/fragment_writer.h"
#include "media/scaler.h"

namespace reel::encode {
namespace {

base::Result<ProbedRung> CloseProbe(RungEncoder encoder,
                                    const ProbeRequest& request) {
  REEL_TRY(encoder.Finish());
  REEL_ASSIGN(media::FragmentWriter writer,
              media::FragmentWriter::OpenVideo(
                  encoder.encoder(), 1, request.timeline.LongestFrame()));
  const std::vector<media::CodedPacket> packets = encoder.TakePackets();
  if (packets.size() != request.pictures.size()) {
    return base::Fail(
        base::Code::kOutputWrong,
        fmt::format("{} frames went into the encoder, {} came out",
                    request.pictures.size(), packets.size()));
  }
  ProbedRung probe{.file = writer.init()};
  std::span<const media::CodedPacket> rest = packets;
  for (const model::FrameRange& segment : request.segments) {
    const auto frames = static_cast<size_t>(segment.frames());
    REEL_ASSIGN(
        const std::vector<uint8_t> fragment,
        writer.WriteSegment(
            rest.first(frames),
            request.timeline.Starts(segment.first_frame, segment.end_frame)));
    size_t coded = 0;
    for (const media::CodedPacket& packet : rest.first(frames))
      coded += packet.bytes.size();
    const size_t boxes = (fragment.size() - coded) / frames;
    probe.key_bits +=
        8 * static_cast<int64_t>(rest.front().bytes.size() + boxes);
    probe.bits += 8 * static_cast<int64_t>(fragment.size());
    probe.file.insert(probe.file.end(), fragment.begin(), fragment.end());
    rest = rest.subspan(frames);
  }
  return probe;
}

// The request's pictures as a rung has them.
base::Result<std::vector<media::Picture>> ScalePictures(
    const ProbeRequest& request, const model::Rung& rung) {
  REEL_ASSIGN(
      media::Scaler scaler,
      media::Scaler::Create(
          {.width = rung.width, .height = rung.height, .bit_depth = 8}));
  std::vector<media::Picture> scaled;
  for (const media::Picture& picture : request.pictures) {
    REEL_ASSIGN(media::Picture one, scaler.Scale(picture));
    scaled.push_back(std::move(one));
  }
  return scaled;
}

//   pictures  scaled to the rung's size
base::Result<ProbedRung> EncodeProbe(const ProbeRequest& request, size_t index,
                                     std::span<const media::Picture> pictures) {
  using Kind = media::VideoEncoder::FrameKind;
  const model::Rung& rung = request.rungs[index];
  REEL_ASSIGN(
      RungEncoder encoder,
      RungEncoder::Open(rung, PlanRate(rung, 0, 0, 0, 1), request.timeline,
                        request.color, request.draft[index]));
  for (const model::FrameRange& segment : request.segments) {
    for (int64_t f = segment.first_frame; f < segment.end_frame; ++f) {
      REEL_TRY(
          encoder.Send(pictures.front(), request.timeline.Start(f),
                       f == segment.first_frame ? Kind::kKey : Kind::kAny));
      pictures = pictures.subspan(1);
    }
  }
  return CloseProbe(std::move(encoder), request);
}

bool IsOfSameSize(const model::Rung& a, const model::Rung& b) {
  return a.width == b.width && a.height == b.height;
}

}  // namespace

base::Result<std::vector<ProbedRung>> EncodeProbes(
    const ProbeRequest& request) {
  std::vector<ProbedRung> probes;
  std::vector<media::Picture> scaled;
  for (size_t i = 0; i < request.rungs.size(); ++i) {
    if (i == 0 || !IsOfSameSize(request.rungs[i], request.rungs[i - 1])) {
      REEL_ASSIGN(scaled, ScalePictures(request, request.rungs[i]));
    }
    REEL_ASSIGN(ProbedRung probe, EncodeProbe(request, i, scaled));
    probes.push_back(std::move(probe));
  }
  return probes;
}

}  // namespace reel::encode

#include <fmt/format.h>

#include <span>
#include <utility>

#include "encode/encode.h"
#include "encode/rate_plan.h"
#include "encode/rung_encoder.h"
#include "media/fragment_writer.h"

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

}  // namespace

base::Result<std::vector<ProbedRung>> EncodeProbes(
    const ProbeRequest& request) {
  using Kind = media::VideoEncoder::FrameKind;
  std::vector<RungEncoder> encoders;
  for (size_t i = 0; i < request.rungs.size(); ++i) {
    REEL_ASSIGN(RungEncoder encoder,
                RungEncoder::Open(
                    request.rungs[i], PlanRate(request.rungs[i], 0, 0, 0, 1),
                    request.timeline, request.color, request.draft[i]));
    encoders.push_back(std::move(encoder));
  }
  size_t picture = 0;
  for (const model::FrameRange& segment : request.segments) {
    for (int64_t f = segment.first_frame; f < segment.end_frame; ++f) {
      for (RungEncoder& encoder : encoders) {
        REEL_TRY(
            encoder.Send(request.pictures[picture], request.timeline.Start(f),
                         f == segment.first_frame ? Kind::kKey : Kind::kAny));
      }
      ++picture;
    }
  }
  std::vector<ProbedRung> probes;
  for (RungEncoder& encoder : encoders) {
    REEL_ASSIGN(ProbedRung probe, CloseProbe(std::move(encoder), request));
    probes.push_back(std::move(probe));
  }
  return probes;
}

}  // namespace reel::encode

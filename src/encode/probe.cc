#include <fmt/format.h>

#include <span>
#include <utility>

#include "encode/encode.h"
#include "encode/rate_plan.h"
#include "encode/rung_encoder.h"
#include "media/fragment_writer.h"

namespace reel::encode {
namespace {

// `starts` has the end of the last frame too.
base::Result<ProbedRung> CloseProbe(RungEncoder encoder,
                                    const model::Timeline& timeline,
                                    std::span<const int64_t> starts) {
  REEL_TRY(encoder.Finish());
  REEL_ASSIGN(media::FragmentWriter writer,
              media::FragmentWriter::OpenVideo(encoder.encoder(), 1,
                                               timeline.LongestFrame()));
  const std::vector<media::CodedPacket> packets = encoder.TakePackets();
  if (packets.size() + 1 != starts.size()) {
    return base::Fail(
        base::Code::kOutputWrong,
        fmt::format("{} frames went into the encoder, {} came out",
                    starts.size() - 1, packets.size()));
  }
  ProbedRung probe{.file = writer.init(), .frame_bits = {}};
  for (const media::CodedPacket& packet : packets)
    probe.frame_bits.push_back(8 * static_cast<int64_t>(packet.bytes.size()));
  REEL_ASSIGN(const std::vector<uint8_t> fragment,
              writer.WriteSegment(packets, starts));
  probe.file.insert(probe.file.end(), fragment.begin(), fragment.end());
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
  std::vector<int64_t> starts;
  for (size_t i = 0; i <= request.pictures.size(); ++i) {
    starts.push_back(
        request.timeline.Start(request.first_frame + static_cast<int64_t>(i)));
  }
  for (size_t i = 0; i < request.pictures.size(); ++i) {
    for (RungEncoder& encoder : encoders) {
      REEL_TRY(encoder.Send(request.pictures[i], starts[i],
                            i == 0 ? Kind::kKey : Kind::kAny));
    }
  }
  std::vector<ProbedRung> probes;
  for (RungEncoder& encoder : encoders) {
    REEL_ASSIGN(ProbedRung probe,
                CloseProbe(std::move(encoder), request.timeline, starts));
    probes.push_back(std::move(probe));
  }
  return probes;
}

}  // namespace reel::encode

#include "encode/rung_encoder.h"

#include <iterator>
#include <utility>

namespace reel::encode {

base::Result<RungEncoder> RungEncoder::Open(const model::Rung& rung,
                                            const RateControl& rate,
                                            const model::Timeline& timeline,
                                            const model::Color& color,
                                            bool draft) {
  REEL_ASSIGN(
      media::Scaler scaler,
      media::Scaler::Create(
          {.width = rung.width, .height = rung.height, .bit_depth = 8}));
  media::VideoEncoderSettings settings{
      .profile = rung.profile,
      .preset = rung.preset,
      .width = rung.width,
      .height = rung.height,
      .crf = rung.crf,
      .maxrate_bps = rate.maxrate_bps,
      .buffer_bits = rate.buffer_bits,
      .initial_buffer_percent = rate.initial_buffer_percent,
      .level_idc = rate.level_idc,
      .draft = draft,
      .timescale_hz = timeline.timescale_hz,
      .frame_rate = timeline.FrameRate(),
      .color = color};
  settings.color.range = "tv";  // what the scaler makes of every source
  REEL_ASSIGN(media::VideoEncoder encoder, media::VideoEncoder::Open(settings));
  return RungEncoder(std::move(scaler), std::move(encoder));
}

base::Status RungEncoder::Send(const media::Picture& picture, int64_t pts,
                               media::VideoEncoder::FrameKind kind) {
  REEL_ASSIGN(const media::Picture scaled, scaler_.Scale(picture));
  return Keep(encoder_.Send(scaled, pts, kind));
}

base::Status RungEncoder::Finish() { return Keep(encoder_.Finish()); }

base::Status RungEncoder::Keep(
    base::Result<std::vector<media::CodedPacket>> packets) {
  if (!packets) return tl::unexpected(packets.error());
  std::move(packets->begin(), packets->end(), std::back_inserter(packets_));
  return {};
}

}  // namespace reel::encode

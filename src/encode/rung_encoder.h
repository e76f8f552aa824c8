// One rung of one chunk: scale, encode, keep the coded packets.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/result.h"
#include "media/scaler.h"
#include "media/video_encoder.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/source.h"

namespace reel::encode {

// The rate control of one attempt.
struct RateControl {
  int64_t maxrate_bps = 0;
  int64_t buffer_bits = 0;
  int initial_buffer_percent = 0;
  int level_idc = 0;  // 0: what the settings need
};

// Not for use from several threads.
class RungEncoder {
 public:
  //   draft  see media::VideoEncoderSettings
  // Errors: those of the encoder and the scaler.
  static base::Result<RungEncoder> Open(const model::Rung& rung,
                                        const RateControl& rate,
                                        const model::Timeline& timeline,
                                        const model::Color& color,
                                        bool draft = false);

  // `pts` in ticks of the timeline, increasing.
  base::Status Send(const media::Picture& picture, int64_t pts,
                    media::VideoEncoder::FrameKind kind);
  base::Status Finish();

  // All packets, decode order; complete after Finish.
  std::vector<media::CodedPacket> TakePackets() { return std::move(packets_); }
  const media::VideoEncoder& encoder() const { return encoder_; }

 private:
  RungEncoder(media::Scaler scaler, media::VideoEncoder encoder)
      : scaler_(std::move(scaler)), encoder_(std::move(encoder)) {}
  base::Status Keep(base::Result<std::vector<media::CodedPacket>> packets);

  media::Scaler scaler_;
  media::VideoEncoder encoder_;
  std::vector<media::CodedPacket> packets_;
};

}  // namespace reel::encode

// One H.264 encoder: frames in, coded packets out. One thread, closed GOPs, key
// frames only where asked; headers are equal for all chunks of a rung
// (x264's stitchable mode), so that chunks join by concatenation.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "media/picture.h"
#include "model/source.h"

struct AVCodecContext;

namespace reel::media {

struct VideoEncoderSettings {
  std::string profile;  // "h264-baseline", "h264-main", "h264-high"
  std::string preset;   // x264's
  int width = 0;
  int height = 0;
  double crf = 23;
  int64_t maxrate_bps = 0;
  int64_t buffer_bits = 0;
  int initial_buffer_percent = 90;  // x264's vbv-init
  // H.264 level times ten, written to the stream; 0: the least that the
  // settings need. Chunks that are to be joined must declare the same.
  int level_idc = 0;
  // For measuring only: the preset's rate control and look-ahead with a quick
  // analysis, about a third of the work (medium); presets up to veryfast are
  // their own drafts. Quality falls with CRF as in
  // a real encode, but lies some steps of CRF lower.
  bool draft = false;
  int64_t timescale_hz = 1;          // of pts
  base::Rational frame_rate{25, 1};  // nominal, for rate control and level
  model::Color color;                // written to the stream as it stands
};

// One access unit in decode order.
struct CodedPacket {
  std::vector<uint8_t> bytes;
  int64_t pts = 0;  // ticks of timescale_hz
  bool key = false;
};

// Not for use from several threads.
class VideoEncoder {
 public:
  // Errors: kInvalidArgument for settings the encoder refuses (its own words).
  static base::Result<VideoEncoder> Open(const VideoEncoderSettings& settings);
  VideoEncoder(VideoEncoder&&) noexcept;
  VideoEncoder& operator=(VideoEncoder&&) noexcept;
  ~VideoEncoder();

  enum class FrameKind { kAny, kKey };
  // `pts` strictly increasing. Returns packets that are ready, often none.
  base::Result<std::vector<CodedPacket>> Send(const Picture& picture,
                                              int64_t pts, FrameKind kind);
  // The packets still inside. Nothing may be sent afterwards.
  base::Result<std::vector<CodedPacket>> Finish();

  const VideoEncoderSettings& settings() const;
  // Sequence and picture parameter sets, each behind a start code (ITU-T H.264,
  // annex B). The same bytes for all chunks of a rung.
  const std::vector<uint8_t>& extradata() const;
  // The level that the stream declares, times ten.
  int level_idc() const;
  // For media/ itself.
  const AVCodecContext& codec() const;

 private:
  struct State;
  explicit VideoEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

#include "media/video_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "media/encoder_session.h"
#include "media/handles.h"
#include "model/packets.h"

extern "C" {
#include <libavutil/cpu.h>
#include <libavutil/pixdesc.h>
}

namespace reel::media {
namespace {

// x264's own modes that make chunks joinable: parameter sets that do not depend
// on CRF, no key frame but those asked for, and intra frames at scene cuts that
// are not key frames.
constexpr char kX264Parameters[] =
    "stitchable=1:keyint=infinite:min-keyint=536870912";

// What makes encodes slow and does not change how bits are given to frames.
// The offset is what psychovisual optimisation adds by itself.
constexpr char kDraftParameters[] =
    ":subme=2:me=dia:ref=1:mixed-refs=0:trellis=0:psy=0:chroma-qp-offset=-2";

// With AVX-512, x264's macroblock tree reads memory that nobody has written
// where pictures are not a multiple of some macroblocks wide (build 164;
// 426x240, 960x540): the same pictures give other bytes from run to run.
// Everything up to AVX2 gives the same bytes everywhere.
constexpr char kWithoutAvx512[] =
    ":asm=MMX2,SSE2Fast,SSSE3,SSE4.2,AVX,FMA3,BMI2,AVX2,Cache64";

constexpr std::string_view kProfilePrefix = "h264-";

// The fastest presets analyse no more than drafts do.
bool IsQuick(std::string_view preset) {
  return preset == "ultrafast" || preset == "superfast" || preset == "veryfast";
}

std::string X264Parameters(const VideoEncoderSettings& settings) {
  std::string parameters = kX264Parameters;
  if (av_get_cpu_flags() & AV_CPU_FLAG_AVX512) parameters += kWithoutAvx512;
  if (settings.draft && !IsQuick(settings.preset))
    parameters += kDraftParameters;
  return parameters;
}

int ColorCode(int (*from_name)(const char*), const std::string& name,
              int unspecified) {
  const int code = from_name(name.c_str());
  return name.empty() || code < 0 ? unspecified : code;
}

void SetColor(AVCodecContext& codec, const model::Color& color) {
  codec.color_primaries = static_cast<AVColorPrimaries>(ColorCode(
      av_color_primaries_from_name, color.primaries, AVCOL_PRI_UNSPECIFIED));
  codec.color_trc = static_cast<AVColorTransferCharacteristic>(ColorCode(
      av_color_transfer_from_name, color.transfer, AVCOL_TRC_UNSPECIFIED));
  codec.colorspace = static_cast<AVColorSpace>(
      ColorCode(av_color_space_from_name, color.matrix, AVCOL_SPC_UNSPECIFIED));
  codec.color_range = static_cast<AVColorRange>(ColorCode(
      av_color_range_from_name, color.range, AVCOL_RANGE_UNSPECIFIED));
}

base::Status CheckSettings(const VideoEncoderSettings& s) {
  const auto within = [](int64_t value, int64_t least, int64_t most) {
    return least <= value && value <= most;
  };
  constexpr int64_t kMost = 1'000'000'000;
  if (!s.profile.starts_with(kProfilePrefix) || !within(s.width, 2, 16384) ||
      !within(s.height, 2, 16384) || s.width % 2 != 0 || s.height % 2 != 0 ||
      !(s.crf >= 0 && s.crf <= 51) || !within(s.maxrate_bps, 1, kMost) ||
      !within(s.buffer_bits, 1, kMost) ||
      !within(s.initial_buffer_percent, 1, 100) ||
      !within(s.timescale_hz, 1, kMost) ||
      !within(s.frame_rate.num, 1, kMost) ||
      !within(s.frame_rate.den, 1, kMost)) {
    return base::Fail(
        base::Code::kInvalidArgument,
        fmt::format("video encoder: {} {}x{} crf {} maxrate {} buffer {} is "
                    "out of range",
                    s.profile, s.width, s.height, s.crf, s.maxrate_bps,
                    s.buffer_bits));
  }
  return {};
}

void Configure(const VideoEncoderSettings& s, AVCodecContext& codec) {
  codec.width = s.width;
  codec.height = s.height;
  codec.pix_fmt = AV_PIX_FMT_YUV420P;
  codec.sample_aspect_ratio = {1, 1};
  codec.time_base = {1, static_cast<int>(s.timescale_hz)};
  codec.framerate = {static_cast<int>(s.frame_rate.num),
                     static_cast<int>(s.frame_rate.den)};
  codec.flags |= AV_CODEC_FLAG_CLOSED_GOP;
  if (s.level_idc > 0) codec.level = s.level_idc;
  codec.rc_max_rate = s.maxrate_bps;
  codec.rc_buffer_size = static_cast<int>(s.buffer_bits);
  codec.rc_initial_buffer_occupancy =
      static_cast<int>(s.buffer_bits * s.initial_buffer_percent / 100);
  SetColor(codec, s.color);
}

// x264 describes itself and its settings, CRF included, in the first packet of
// every encode. Chunks of one rung must not differ in that.
void DropSettingsMessage(std::vector<uint8_t>& unit) {
  constexpr std::array<uint8_t, 3> kStartCode{0, 0, 1};
  constexpr uint8_t kSei = 6;
  const auto find_start = [&](auto from) {
    return std::search(from, unit.end(), kStartCode.begin(), kStartCode.end());
  };
  const auto first = find_start(unit.begin());
  if (unit.end() - first < 4 || (first[3] & 0x1f) != kSei) return;
  auto next = find_start(first + 3);
  if (next != unit.end() && next[-1] == 0) --next;
  unit.erase(unit.begin(), next);
}

// The picture's pixels with none of what the source's decoder said about them.
base::Result<Frame> FrameToEncode(const Picture& picture, int64_t pts,
                                  VideoEncoder::FrameKind kind) {
  REEL_ASSIGN(Frame frame, CloneFrame(picture.frame()));
  while (frame->nb_side_data > 0) {
    av_frame_remove_side_data(frame.get(), frame->side_data[0]->type);
  }
  frame->pts = pts;
  frame->pict_type = kind == VideoEncoder::FrameKind::kKey
                         ? AV_PICTURE_TYPE_I
                         : AV_PICTURE_TYPE_NONE;
  return frame;
}

}  // namespace

struct VideoEncoder::State {
  VideoEncoderSettings settings;
  EncoderSession session;
  std::vector<uint8_t> extradata;
  bool first_packet = true;
  int64_t last_pts = model::kNoTime;

  std::vector<CodedPacket> Finished(std::vector<CodedPacket> packets) {
    if (!packets.empty() && std::exchange(first_packet, false)) {
      DropSettingsMessage(packets.front().bytes);
    }
    return packets;
  }
};

VideoEncoder::VideoEncoder(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
VideoEncoder::VideoEncoder(VideoEncoder&&) noexcept = default;
VideoEncoder& VideoEncoder::operator=(VideoEncoder&&) noexcept = default;
VideoEncoder::~VideoEncoder() = default;

base::Result<VideoEncoder> VideoEncoder::Open(
    const VideoEncoderSettings& settings) {
  REEL_TRY(CheckSettings(settings));
  REEL_ASSIGN(EncoderSession session, EncoderSession::Create("libx264"));
  Configure(settings, session.codec());
  REEL_TRY(session.Open({
      {"preset", settings.preset},
      {"profile", settings.profile.substr(kProfilePrefix.size())},
      {"crf", std::to_string(settings.crf)},
      {"forced-idr", "1"},
      {"a53cc", "0"},
      {"x264-params", X264Parameters(settings)},
  }));
  const AVCodecContext& codec = session.codec();
  std::vector<uint8_t> extradata(codec.extradata,
                                 codec.extradata + codec.extradata_size);
  return VideoEncoder(std::make_unique<State>(
      State{settings, std::move(session), std::move(extradata)}));
}

base::Result<std::vector<CodedPacket>> VideoEncoder::Send(
    const Picture& picture, int64_t pts, FrameKind kind) {
  const VideoEncoderSettings& want = state_->settings;
  if (picture.width() != want.width || picture.height() != want.height ||
      picture.bit_depth() != 8 || picture.chroma() != Chroma::k420) {
    return base::Fail(
        base::Code::kInvalidArgument,
        fmt::format("encode: picture of {}x{} pixels, {} bit, where {}x{} "
                    "4:2:0 of 8 bit is expected",
                    picture.width(), picture.height(), picture.bit_depth(),
                    want.width, want.height));
  }
  if (pts <= state_->last_pts) {
    return base::Fail(
        base::Code::kInvalidArgument,
        fmt::format("encode: time {} after {}", pts, state_->last_pts));
  }
  state_->last_pts = pts;
  REEL_ASSIGN(const Frame frame, FrameToEncode(picture, pts, kind));
  REEL_ASSIGN(auto packets, state_->session.Send(frame.get()));
  return state_->Finished(std::move(packets));
}

base::Result<std::vector<CodedPacket>> VideoEncoder::Finish() {
  REEL_ASSIGN(auto packets, state_->session.Send(nullptr));
  return state_->Finished(std::move(packets));
}

const VideoEncoderSettings& VideoEncoder::settings() const {
  return state_->settings;
}

const std::vector<uint8_t>& VideoEncoder::extradata() const {
  return state_->extradata;
}

const AVCodecContext& VideoEncoder::codec() const {
  return state_->session.codec();
}

int VideoEncoder::level_idc() const {
  // Start code, NAL header, profile_idc, constraint flags, level_idc (H.264,
  // 7.3.2.1.1): x264 writes the sequence parameter set first.
  constexpr std::array<uint8_t, 4> kSequence{0, 0, 1, 0x67};
  const auto& bytes = state_->extradata;
  const auto at = std::search(bytes.begin(), bytes.end(), kSequence.begin(),
                              kSequence.end());
  REEL_CHECK(bytes.end() - at > 6);
  return at[6];
}

}  // namespace reel::media

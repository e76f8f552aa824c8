#include "media/versions.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "media/encoder_session.h"
#include "media/handles.h"

extern "C" {
#include <libavutil/avutil.h>
}

namespace reel::media {
namespace {

std::string Dotted(unsigned version) {
  return fmt::format("{}.{}.{}", AV_VERSION_MAJOR(version),
                     AV_VERSION_MINOR(version), AV_VERSION_MICRO(version));
}

// The first packet of one tiny encode: x264 has no call that tells its version,
// but says it there ("x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec").
base::Result<std::vector<CodedPacket>> TinyEncode() {
  REEL_ASSIGN(EncoderSession session, EncoderSession::Create("libx264"));
  AVCodecContext& codec = session.codec();
  codec.width = codec.height = 16;
  codec.pix_fmt = AV_PIX_FMT_YUV420P;
  codec.time_base = {1, 25};
  REEL_TRY(session.Open({{"preset", "ultrafast"}}));
  REEL_ASSIGN(const Frame frame,
              MakeFrameWithPlanes(AV_PIX_FMT_YUV420P, 16, 16));
  frame->pts = 0;
  REEL_ASSIGN(auto packets, session.Send(frame.get()));
  if (!packets.empty()) return packets;
  return session.Send(nullptr);
}

std::string X264Version() {
  const auto packets = TinyEncode();
  if (!packets || packets->empty()) return "none";
  const std::string_view bytes(
      reinterpret_cast<const char*>(packets->front().bytes.data()),
      packets->front().bytes.size());
  constexpr std::string_view kBefore = "x264 - core ", kAfter = " - ";
  const size_t begin = bytes.find(kBefore);
  if (begin == bytes.npos) return "unknown";
  const std::string_view rest = bytes.substr(begin + kBefore.size());
  return std::string(rest.substr(0, rest.find(kAfter)));
}

}  // namespace

std::vector<LibraryVersion> LibraryVersions() {
  return {{"libavformat", Dotted(avformat_version())},
          {"libavcodec", Dotted(avcodec_version())},
          {"libavutil", Dotted(avutil_version())},
          {"libswscale", Dotted(swscale_version())},
          {"libswresample", Dotted(swresample_version())},
          {"x264", X264Version()}};
}

}  // namespace reel::media

#include "media/track_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string_view>
#include <tuple>

#include "media/hdr_metadata.h"
#include "media/planar.h"
#include "media/stream_side_data.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace reel::media {
namespace {

base::Rational FromAv(AVRational value) {
  if (value.num <= 0 || value.den <= 0) return {0, 1};
  return base::Reduce({value.num, value.den});
}

std::string OrEmpty(const char* text) { return text == nullptr ? "" : text; }

// The single-image demuxers: image2 and one "NAME_pipe" per format.
bool IsStillImage(const AVInputFormat& format) {
  const std::string_view name = format.name;
  return name.starts_with("image2") || name.ends_with("_pipe");
}

bool IsMovingPicture(const AVStream& stream) {
  constexpr int kStill = AV_DISPOSITION_ATTACHED_PIC |
                         AV_DISPOSITION_TIMED_THUMBNAILS |
                         AV_DISPOSITION_STILL_IMAGE;
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
         stream.codecpar->codec_id != AV_CODEC_ID_NONE &&
         (stream.disposition & kStill) == 0;
}

// "unknown" and "reserved" are not said.
std::string ColorName(const char* name) {
  const std::string text = OrEmpty(name);
  return text == "unknown" || text == "reserved" ? "" : text;
}

// That of the pictures that a FrameReader delivers.
model::Color ColorOf(const AVCodecParameters& codec) {
  if (IsRgb(static_cast<AVPixelFormat>(codec.format))) {
    return {
        .primaries = ColorName(av_color_primaries_name(codec.color_primaries)),
        .transfer = ColorName(av_color_transfer_name(codec.color_trc)),
        .matrix = "bt709",
        .range = "tv"};
  }
  return {
      .primaries = ColorName(av_color_primaries_name(codec.color_primaries)),
      .transfer = ColorName(av_color_transfer_name(codec.color_trc)),
      .matrix = ColorName(av_color_space_name(codec.color_space)),
      .range = ColorName(av_color_range_name(codec.color_range))};
}

std::string FieldOrderName(AVFieldOrder order) {
  switch (order) {
    case AV_FIELD_PROGRESSIVE:
      return "progressive";
    case AV_FIELD_TT:
      return "tt";
    case AV_FIELD_BB:
      return "bb";
    case AV_FIELD_TB:
      return "tb";
    case AV_FIELD_BT:
      return "bt";
    default:
      return "";
  }
}

const int32_t* DisplayMatrix(const AVStream& stream) {
  const auto bytes = StreamSideData(stream, AV_PKT_DATA_DISPLAYMATRIX);
  if (bytes.size() < 9 * sizeof(int32_t)) return nullptr;
  return reinterpret_cast<const int32_t*>(bytes.data());
}

// Clockwise, to the nearest right angle.
int RotationDegrees(const AVStream& stream) {
  const int32_t* matrix = DisplayMatrix(stream);
  if (matrix == nullptr) return 0;
  const double counter_clockwise = av_display_rotation_get(matrix);
  if (!std::isfinite(counter_clockwise)) return 0;
  const int quarters = static_cast<int>(std::lround(-counter_clockwise / 90));
  return ((quarters % 4 + 4) % 4) * 90;
}

model::AudioTrack AudioTrackOf(const AVStream& stream) {
  const AVCodecParameters& codec = *stream.codecpar;
  std::array<char, 64> layout{};
  av_channel_layout_describe(&codec.ch_layout, layout.data(), layout.size());
  const AVDictionaryEntry* language =
      av_dict_get(stream.metadata, "language", nullptr, 0);
  return {.index = stream.index,
          .codec = avcodec_get_name(codec.codec_id),
          .sample_rate_hz = codec.sample_rate,
          .channels = codec.ch_layout.nb_channels,
          .layout = layout.data(),
          .language = language == nullptr ? "" : language->value,
          .time_base = FromAv(stream.time_base)};
}

}  // namespace

int MainVideoStream(const AVFormatContext& context) {
  // A composition has no demuxer of libav's.
  if (context.iformat != nullptr && IsStillImage(*context.iformat)) return -1;
  const auto rank = [](const AVStream& stream) {
    return std::make_tuple(
        stream.disposition & AV_DISPOSITION_DEFAULT,
        int64_t{stream.codecpar->width} * stream.codecpar->height);
  };
  int best = -1;
  for (unsigned i = 0; i < context.nb_streams; ++i) {
    if (!IsMovingPicture(*context.streams[i])) continue;
    if (best < 0 || rank(*context.streams[i]) > rank(*context.streams[best]))
      best = static_cast<int>(i);
  }
  return best;
}

model::VideoTrack VideoFacts(AVFormatContext& context, int index) {
  AVStream& stream = *context.streams[index];
  const AVCodecParameters& codec = *stream.codecpar;
  const auto format = static_cast<AVPixelFormat>(codec.format);
  const base::Rational aspect =
      FromAv(av_guess_sample_aspect_ratio(&context, &stream, nullptr));
  return {
      .index = index,
      .codec = avcodec_get_name(codec.codec_id),
      .profile = OrEmpty(avcodec_profile_name(codec.codec_id, codec.profile)),
      .pixel_format = OrEmpty(av_get_pix_fmt_name(format)),
      .width = codec.width,
      .height = codec.height,
      .bit_depth = BitDepth(PlanarFormat(format)),
      .sample_aspect = aspect.num == 0 ? base::Rational{1, 1} : aspect,
      .coded_aspect = codec.sample_aspect_ratio.num <= 0
                          ? base::Rational{0, 1}
                          : FromAv(codec.sample_aspect_ratio),
      .rotation_degrees = RotationDegrees(stream),
      .field_order = FieldOrderName(codec.field_order),
      .time_base = FromAv(stream.time_base),
      .frame_rate = FromAv(av_guess_frame_rate(&context, &stream, nullptr)),
      .color = ColorOf(codec),
      .hdr = HdrMetadataOf(stream)};
}

std::vector<model::AudioTrack> AudioFacts(AVFormatContext& context, int video) {
  const int related =
      av_find_best_stream(&context, AVMEDIA_TYPE_AUDIO, -1, video, nullptr, 0);
  std::vector<model::AudioTrack> tracks;
  for (unsigned i = 0; i < context.nb_streams; ++i) {
    const AVStream& stream = *context.streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_AUDIO ||
        stream.codecpar->sample_rate <= 0 ||
        stream.codecpar->ch_layout.nb_channels <= 0)
      continue;
    const auto place =
        static_cast<int>(i) == related ? tracks.begin() : tracks.end();
    tracks.insert(place, AudioTrackOf(stream));
  }
  return tracks;
}

}  // namespace reel::media

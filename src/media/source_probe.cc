#include "media/source_probe.h"

#include <fmt/format.h>

#include "media/av_error.h"
#include "media/av_memory.h"
#include "media/first_picture.h"
#include "media/input.h"
#include "media/track_facts.h"

namespace reel::media {
namespace {

base::Status CheckDecodable(const AVStream& stream) {
  const AVCodecParameters& codec = *stream.codecpar;
  const std::string name = avcodec_get_name(codec.codec_id);
  if (avcodec_find_decoder(codec.codec_id) == nullptr)
    return base::Fail(base::Code::kUnsupported,
                      "no decoder for the picture track's codec, " + name);
  if (codec.width <= 0 || codec.height <= 0)
    return base::Fail(base::Code::kCorruptInput,
                      "the picture track (" + name + ") has no usable header");
  if (int64_t{codec.width} * codec.height > kMostPixels)
    return base::Fail(
        base::Code::kUnsupported,
        fmt::format("pictures of {}x{}; up to {} pixels can be decoded",
                    codec.width, codec.height, kMostPixels));
  return {};
}

// Where neither the container nor the stream's header has the order of fields,
// its pictures may (not JPEG 2000's, which are slow to ask). One that cannot be
// decoded is for others to find.
base::Status AskFirstPicture(Input& input, int index) {
  AVCodecParameters& codec = *input.stream(index).codecpar;
  if (codec.field_order != AV_FIELD_UNKNOWN ||
      codec.codec_id == AV_CODEC_ID_JPEG2000)
    return {};
  const auto picture = DecodeFirstPicture(input, index);
  if (!picture && !IsMediaFault(picture.error().code))
    return tl::unexpected(picture.error());
  if (picture) codec.field_order = FieldOrderOf(**picture);
  return {};
}

}  // namespace

base::Result<model::Source> ProbeSource(const std::string& path) {
  REEL_ASSIGN(Input input, Input::OpenFile(path));
  AVFormatContext& context = input.context();
  model::Source source{.path = path,
                       .sha256 = "",
                       .bytes = input.bytes(),
                       .container = input.format_name(),
                       .container_duration = {},
                       .video = {},
                       .audio = {}};
  if (context.duration > 0)
    source.container_duration = base::Reduce({context.duration, AV_TIME_BASE});
  const int video = MainVideoStream(context);
  if (video >= 0) {
    REEL_TRY_DOING(path, CheckDecodable(input.stream(video)));
    REEL_TRY_DOING(path, AskFirstPicture(input, video));
    source.video = VideoFacts(context, video);
  }
  source.audio = AudioFacts(context, video);
  return source;
}

}  // namespace reel::media

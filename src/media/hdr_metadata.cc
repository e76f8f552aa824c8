#include "media/hdr_metadata.h"

#include <span>

#include "media/stream_side_data.h"

extern "C" {
#include <libavutil/mastering_display_metadata.h>
}

namespace reel::media {
namespace {

// In whole units of `per_one`; fractions of a unit are rounded.
int64_t Units(AVRational value, int per_one) {
  return value.den == 0 ? 0
                        : av_rescale(value.num, per_one, int64_t{value.den});
}

void Fill(const AVMasteringDisplayMetadata& from, model::HdrMetadata& to) {
  constexpr int kPerUnit = 50'000, kPerNit = 10'000;
  to.mastering_display = from.has_primaries != 0 || from.has_luminance != 0;
  if (from.has_primaries != 0) {
    for (size_t i = 0; i < 3; ++i) {
      to.primaries[2 * i] = Units(from.display_primaries[i][0], kPerUnit);
      to.primaries[2 * i + 1] = Units(from.display_primaries[i][1], kPerUnit);
    }
    to.white_point = {Units(from.white_point[0], kPerUnit),
                      Units(from.white_point[1], kPerUnit)};
  }
  if (from.has_luminance != 0) {
    to.max_luminance = Units(from.max_luminance, kPerNit);
    to.min_luminance = Units(from.min_luminance, kPerNit);
  }
}

void Fill(const AVContentLightMetadata& from, model::HdrMetadata& to) {
  to.content_light = true;
  to.max_cll = from.MaxCLL;
  to.max_fall = from.MaxFALL;
}

template <typename T>
void FillFrom(std::span<const uint8_t> bytes, model::HdrMetadata& to) {
  if (bytes.size() >= sizeof(T))
    Fill(*reinterpret_cast<const T*>(bytes.data()), to);
}

std::span<const uint8_t> SideData(const AVFrame& frame,
                                  AVFrameSideDataType type) {
  const AVFrameSideData* side = av_frame_get_side_data(&frame, type);
  if (side == nullptr) return {};
  return {side->data, side->size};
}

std::span<const uint8_t> SideData(const AVStream& stream,
                                  AVPacketSideDataType type) {
  return StreamSideData(stream, type);
}

template <typename From, typename Type>
model::HdrMetadata Read(const From& from, Type mastering, Type light) {
  model::HdrMetadata metadata;
  FillFrom<AVMasteringDisplayMetadata>(SideData(from, mastering), metadata);
  FillFrom<AVContentLightMetadata>(SideData(from, light), metadata);
  return metadata;
}

}  // namespace

model::HdrMetadata HdrMetadataOf(const Picture& picture) {
  return Read(picture.frame(), AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
              AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
}

model::HdrMetadata HdrMetadataOf(const AVStream& stream) {
  return Read(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
              AV_PKT_DATA_CONTENT_LIGHT_LEVEL);
}

}  // namespace reel::media

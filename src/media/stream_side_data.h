// Side data of a stream's header, in FFmpeg 5 and since 6.1.
#pragma once

#include <cstdint>
#include <span>

#include "media/handles.h"

namespace reel::media {

// Empty when there is none. The bytes are the stream's. Pure.
inline std::span<const uint8_t> StreamSideData(const AVStream& stream,
                                               AVPacketSideDataType type) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData* side =
      av_packet_side_data_get(stream.codecpar->coded_side_data,
                              stream.codecpar->nb_coded_side_data, type);
  if (side == nullptr) return {};
  return {side->data, side->size};
#else
  size_t bytes = 0;
  const uint8_t* data = av_stream_get_side_data(&stream, type, &bytes);
  if (data == nullptr) return {};
  return {data, bytes};
#endif
}

}  // namespace reel::media

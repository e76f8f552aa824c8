// One opened libavcodec encoder: what audio and video encoding have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "media/handles.h"
#include "media/video_encoder.h"

namespace reel::media {

class EncoderSession {
 public:
  // Not open yet. Errors: kUnsupported when libavcodec lacks the encoder.
  static base::Result<EncoderSession> Create(const char* encoder_name);

  // To be filled in before Open.
  AVCodecContext& codec() { return *codec_; }
  const AVCodecContext& codec() const { return *codec_; }

  // Errors: kInvalidArgument for settings and options that the encoder refuses,
  // in its own words.
  using Option = std::pair<const char*, std::string>;
  base::Status Open(const std::vector<Option>& options);

  // Gives `frame`, or the end with nullptr, and takes the packets that are
  // ready.
  base::Result<std::vector<CodedPacket>> Send(const AVFrame* frame);

 private:
  EncoderSession(Codec codec, Packet packet)
      : codec_(std::move(codec)), packet_(std::move(packet)) {}
  Codec codec_;
  Packet packet_;
};

}  // namespace reel::media

#include "media/audio_encoder.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "media/av_error.h"
#include "media/encoder_session.h"
#include "media/handles.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace reel::media {
namespace {

base::Status Configure(const AudioEncoderSettings& settings,
                       AVCodecContext& codec) {
  if (settings.channels < 1 || settings.channels > 2 ||
      settings.sample_rate_hz < 1) {
    return base::Fail(base::Code::kInvalidArgument,
                      "audio encoder: channels or rate out of range");
  }
  codec.sample_fmt = AV_SAMPLE_FMT_FLTP;
  codec.sample_rate = settings.sample_rate_hz;
  codec.time_base = {1, settings.sample_rate_hz};
  codec.bit_rate = settings.rate_bps;
  av_channel_layout_default(&codec.ch_layout, settings.channels);
  return {};
}

void Append(Pcm& pending, const Pcm& pcm) {
  for (size_t c = 0; c < pending.size(); ++c) {
    pending[c].insert(pending[c].end(), pcm[c].begin(), pcm[c].end());
  }
}

}  // namespace

struct AudioEncoder::State {
  AudioEncoderSettings settings;
  EncoderSession session;
  Pcm pending;  // less than a frame
  int64_t sent = 0;

  base::Status SendFrame(int64_t offset, int64_t samples,
                         std::vector<CodedPacket>& packets) {
    const AVCodecContext& codec = session.codec();
    REEL_ASSIGN(const Frame frame, MakeFrame());
    frame->format = codec.sample_fmt;
    frame->sample_rate = codec.sample_rate;
    frame->nb_samples = static_cast<int>(samples);
    frame->pts = sent;
    REEL_TRY(CheckAv(
        av_channel_layout_copy(&frame->ch_layout, &codec.ch_layout), "encode"));
    REEL_TRY(CheckAv(av_frame_get_buffer(frame.get(), 0), "encode"));
    for (size_t c = 0; c < pending.size(); ++c) {
      std::copy_n(pending[c].begin() + offset, samples,
                  reinterpret_cast<float*>(frame->extended_data[c]));
    }
    sent += samples;
    REEL_ASSIGN(auto ready, session.Send(frame.get()));
    std::move(ready.begin(), ready.end(), std::back_inserter(packets));
    return {};
  }
};

AudioEncoder::AudioEncoder(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
AudioEncoder::AudioEncoder(AudioEncoder&&) noexcept = default;
AudioEncoder& AudioEncoder::operator=(AudioEncoder&&) noexcept = default;
AudioEncoder::~AudioEncoder() = default;

base::Result<AudioEncoder> AudioEncoder::Open(
    const AudioEncoderSettings& settings) {
  REEL_ASSIGN(EncoderSession session, EncoderSession::Create("aac"));
  REEL_TRY(Configure(settings, session.codec()));
  REEL_TRY(session.Open({}));
  const AVCodecContext& codec = session.codec();
  if (codec.frame_size != kFrameSamples || codec.initial_padding != kPriming) {
    return base::Fail(base::Code::kUnsupported,
                      "audio encoder: frames or priming of another length");
  }
  const auto channels = static_cast<size_t>(settings.channels);
  return AudioEncoder(std::make_unique<State>(
      State{settings, std::move(session), Pcm(channels)}));
}

base::Result<std::vector<CodedPacket>> AudioEncoder::Send(const Pcm& pcm) {
  REEL_CHECK(pcm.size() == state_->pending.size());
  Append(state_->pending, pcm);
  std::vector<CodedPacket> packets;
  const auto size = static_cast<int64_t>(state_->pending[0].size());
  int64_t offset = 0;
  for (; size - offset >= kFrameSamples; offset += kFrameSamples) {
    REEL_TRY(state_->SendFrame(offset, kFrameSamples, packets));
  }
  for (auto& channel : state_->pending) {
    channel.erase(channel.begin(), channel.begin() + offset);
  }
  return packets;
}

base::Result<std::vector<CodedPacket>> AudioEncoder::Finish() {
  std::vector<CodedPacket> packets;
  const auto rest = static_cast<int64_t>(state_->pending[0].size());
  if (rest > 0) REEL_TRY(state_->SendFrame(0, rest, packets));
  REEL_ASSIGN(auto last, state_->session.Send(nullptr));
  std::move(last.begin(), last.end(), std::back_inserter(packets));
  return packets;
}

const AudioEncoderSettings& AudioEncoder::settings() const {
  return state_->settings;
}

const AVCodecContext& AudioEncoder::codec() const {
  return state_->session.codec();
}

}  // namespace reel::media

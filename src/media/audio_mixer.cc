#include "media/audio_mixer.h"

#include <array>
#include <string>

#include "media/av_error.h"
#include "media/av_log.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

namespace reel::media {
namespace {

// The frame's layout; where it only says how many channels there are, the usual
// one of that number.
AVChannelLayout LayoutOf(const AVFrame& frame) {
  AVChannelLayout layout = frame.ch_layout;
  if (layout.order == AV_CHANNEL_ORDER_UNSPEC) {
    av_channel_layout_default(&layout, frame.ch_layout.nb_channels);
  }
  return layout;
}

}  // namespace

Pcm MakePcm(int channels, int64_t samples) {
  return Pcm(static_cast<size_t>(channels),
             std::vector<float>(static_cast<size_t>(samples)));
}

std::vector<uint8_t*> Pointers(Pcm& pcm) {
  std::vector<uint8_t*> pointers;
  for (auto& channel : pcm) {
    pointers.push_back(reinterpret_cast<uint8_t*>(channel.data()));
  }
  return pointers;
}

void Resize(Pcm& pcm, int64_t samples) {
  for (auto& channel : pcm) channel.resize(static_cast<size_t>(samples));
}

base::Status AudioMixer::Configure(const AVFrame& frame) {
  AVChannelLayout from = LayoutOf(frame);
  if (context_ != nullptr && format_ == frame.format &&
      source_channels_ == from.nb_channels && source_mask_ == from.u.mask) {
    return {};
  }
  if (channels_ == kNativeChannels) {
    channels_ = from.nb_channels;
    if (from.order == AV_CHANNEL_ORDER_NATIVE) native_mask_ = from.u.mask;
  }
  AVChannelLayout to{};
  if (native_ && from.nb_channels == channels_) {
    to = from;  // a view: libswresample copies it
  } else if (native_mask_ != 0) {
    REEL_TRY(CheckMedia(av_channel_layout_from_mask(&to, native_mask_),
                        "mix sound"));
  } else {
    av_channel_layout_default(&to, channels_);
  }
  SwrContext* made = nullptr;
  AvLogCapture log;
  int result = swr_alloc_set_opts2(
      &made, &to, AV_SAMPLE_FMT_FLTP, frame.sample_rate, &from,
      static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
  context_.reset(made);
  if (result >= 0) {
    // Float samples above full scale would be clipped by the player.
    result = av_opt_set_double(made, "rematrix_maxval", 1.0, 0);
  }
  if (result >= 0 && from.nb_channels == 1 && to.nb_channels <= 2) {
    // The standard matrix takes 3 dB off, as if the source had been mixed from
    // two sides; players show a mono track at its full level on both.
    constexpr std::array<double, 2> kBothSides{1, 1};
    result = swr_set_matrix(made, kBothSides.data(), 1);
  }
  if (result >= 0) result = swr_init(made);
  if (result < 0) {
    context_.reset();
    return base::Fail(
        base::Code::kUnsupported,
        "mix sound: " + AvErrorText(result) + " " + log.TakeErrors());
  }
  format_ = frame.format;
  source_channels_ = from.nb_channels;
  source_mask_ = from.u.mask;
  return {};
}

base::Result<Pcm> AudioMixer::Mix(const AVFrame& frame) {
  REEL_TRY(Configure(frame));
  Pcm pcm = MakePcm(channels_, frame.nb_samples);
  auto into = Pointers(pcm);
  auto from = const_cast<const uint8_t**>(frame.extended_data);
  const int got = swr_convert(context_.get(), into.data(), frame.nb_samples,
                              from, frame.nb_samples);
  REEL_TRY(CheckMedia(got, "mix sound"));
  Resize(pcm, got);
  return pcm;
}

}  // namespace reel::media

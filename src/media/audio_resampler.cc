#include "media/audio_resampler.h"

#include <fmt/format.h>

#include <utility>

#include "media/audio_mixer.h"
#include "media/av_error.h"
#include "media/av_log.h"
#include "media/handles.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace reel::media {

struct AudioResampler::State {
  int channels;
  Resampler context;  // null: nothing to convert

  base::Result<Pcm> Run(const uint8_t** from, int samples) {
    const int most = swr_get_out_samples(context.get(), samples);
    REEL_TRY(CheckAv(most, "resample"));
    Pcm pcm = MakePcm(channels, most);
    const auto into = Pointers(pcm);
    const int got = swr_convert(
        context.get(), const_cast<uint8_t**>(into.data()), most, from, samples);
    REEL_TRY(CheckAv(got, "resample"));
    Resize(pcm, got);
    return pcm;
  }
};

AudioResampler::AudioResampler(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
AudioResampler::AudioResampler(AudioResampler&&) noexcept = default;
AudioResampler& AudioResampler::operator=(AudioResampler&&) noexcept = default;
AudioResampler::~AudioResampler() = default;

base::Result<AudioResampler> AudioResampler::Create(int from_hz, int to_hz,
                                                    int channels) {
  const auto is_rate = [](int hz) { return 1'000 <= hz && hz <= 768'000; };
  if (!is_rate(from_hz) || !is_rate(to_hz) || channels < 1 || channels > 8) {
    return base::Fail(base::Code::kInvalidArgument,
                      fmt::format("resample {} channels from {} Hz to {} Hz",
                                  channels, from_hz, to_hz));
  }
  auto state = std::make_unique<State>(State{channels, nullptr});
  if (from_hz == to_hz) return AudioResampler(std::move(state));
  SilenceAvLog();
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, channels);
  SwrContext* context = nullptr;
  const int made =
      swr_alloc_set_opts2(&context, &layout, AV_SAMPLE_FMT_FLTP, to_hz, &layout,
                          AV_SAMPLE_FMT_FLTP, from_hz, 0, nullptr);
  state->context.reset(context);
  REEL_TRY(CheckAv(made, "resample"));
  REEL_TRY(CheckAv(swr_init(context), "resample"));
  return AudioResampler(std::move(state));
}

base::Result<Pcm> AudioResampler::Convert(const Pcm& pcm) {
  if (state_->context == nullptr) return pcm;
  std::vector<const uint8_t*> from;
  for (const auto& channel : pcm) {
    from.push_back(reinterpret_cast<const uint8_t*>(channel.data()));
  }
  return state_->Run(from.data(), static_cast<int>(pcm[0].size()));
}

base::Result<Pcm> AudioResampler::Finish() {
  if (state_->context == nullptr) return MakePcm(state_->channels, 0);
  return state_->Run(nullptr, 0);
}

}  // namespace reel::media

#include "audio/track_encoder.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/digest.h"

namespace reel::audio {
namespace {

constexpr int64_t kFrame = media::AudioEncoder::kFrameSamples;
constexpr int64_t kPriming = media::AudioEncoder::kPriming;

media::Pcm Silence(int channels, int64_t samples) {
  return media::Pcm(static_cast<size_t>(channels),
                    std::vector<float>(static_cast<size_t>(samples)));
}

// When AAC frame `frame` is heard: the last one ends with the track.
int64_t PresentedAt(int64_t frame, int64_t samples) {
  return std::min(frame * kFrame - kPriming, samples);
}

}  // namespace

base::Result<TrackEncoder> TrackEncoder::Open(const TrackSettings& settings,
                                              const std::string& path) {
  REEL_ASSIGN(auto resampler,
              media::AudioResampler::Create(
                  settings.source_hz, settings.rate_hz, settings.channels));
  REEL_ASSIGN(auto encoder,
              media::AudioEncoder::Open({.rate_bps = settings.rate_bps,
                                         .sample_rate_hz = settings.rate_hz,
                                         .channels = settings.channels}));
  REEL_ASSIGN(auto writer, media::FragmentWriter::OpenAudio(
                               encoder, settings.language, settings.samples));
  REEL_ASSIGN(auto file, base::AtomicFile::Create(path));
  return TrackEncoder(settings, std::move(resampler), std::move(encoder),
                      std::move(writer), std::move(file));
}

TrackEncoder::TrackEncoder(const TrackSettings& settings,
                           media::AudioResampler resampler,
                           media::AudioEncoder encoder,
                           media::FragmentWriter writer, base::AtomicFile file)
    : settings_(settings),
      resampler_(std::move(resampler)),
      encoder_(std::move(encoder)),
      writer_(std::move(writer)),
      file_(std::move(file)) {}

base::Status TrackEncoder::Add(const media::Pcm& pcm) {
  REEL_ASSIGN(media::Pcm resampled, resampler_.Convert(pcm));
  return Encode(std::move(resampled));
}

// In slices: a title may lack hours of sound.
base::Status TrackEncoder::AddSilence(int64_t samples) {
  while (samples > 0) {
    const int64_t slice = std::min<int64_t>(samples, settings_.source_hz);
    REEL_TRY(Add(Silence(settings_.channels, slice)));
    samples -= slice;
  }
  return {};
}

base::Result<std::vector<model::EncodedSegment>> TrackEncoder::Finish() {
  REEL_ASSIGN(media::Pcm rest, resampler_.Finish());
  REEL_TRY(Encode(std::move(rest)));
  // Rounding of the resampler's last samples: never much.
  REEL_TRY(Encode(Silence(settings_.channels, settings_.samples - encoded_)));
  REEL_ASSIGN(auto packets, encoder_.Finish());
  REEL_TRY(Collect(std::move(packets)));
  if (!pending_.empty() || written_.size() + 1 != settings_.segments.size()) {
    return base::Fail(base::Code::kOutputWrong,
                      "the audio encoder lost or made up frames");
  }
  REEL_TRY(file_.Commit());
  return std::move(written_);
}

base::Status TrackEncoder::Encode(media::Pcm pcm) {
  const int64_t samples = std::min(static_cast<int64_t>(pcm[0].size()),
                                   settings_.samples - encoded_);
  for (auto& channel : pcm) channel.resize(static_cast<size_t>(samples));
  encoded_ += samples;
  REEL_ASSIGN(auto packets, encoder_.Send(pcm));
  return Collect(std::move(packets));
}

base::Status TrackEncoder::Collect(std::vector<media::CodedPacket> packets) {
  for (media::CodedPacket& packet : packets) {
    if (written_.size() + 1 == settings_.segments.size()) {
      return base::Fail(base::Code::kOutputWrong,
                        "the audio encoder made up frames");
    }
    pending_.push_back(std::move(packet));
    const int64_t first = settings_.segments[written_.size()];
    const int64_t end = settings_.segments[written_.size() + 1];
    if (static_cast<int64_t>(pending_.size()) == end - first) {
      REEL_TRY(WriteSegment());
    }
  }
  return {};
}

base::Status TrackEncoder::WriteSegment() {
  const int64_t first = settings_.segments[written_.size()];
  const int64_t end = settings_.segments[written_.size() + 1];
  std::vector<int64_t> starts;
  for (int64_t frame = first; frame <= end; ++frame) {
    starts.push_back(PresentedAt(frame, settings_.samples));
  }
  REEL_ASSIGN(const std::vector<uint8_t> fragment,
              writer_.WriteSegment(pending_, starts));
  REEL_TRY(file_.Write(fragment));
  const int64_t heard_from = std::max<int64_t>(starts.front(), 0);
  written_.push_back({.range = {first, end},
                      .start_ticks = heard_from,
                      .duration_ticks = starts.back() - heard_from,
                      .bytes = static_cast<int64_t>(fragment.size()),
                      .sha256 = base::Sha256(fragment)});
  pending_.clear();
  return {};
}

}  // namespace reel::audio

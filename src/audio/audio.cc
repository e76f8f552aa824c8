#include "audio/audio.h"

#include <fmt/format.h>

#include <deque>
#include <optional>
#include <utility>

#include "audio/language.h"
#include "audio/placement.h"
#include "audio/segment_plan.h"
#include "audio/track_encoder.h"
#include "media/audio_reader.h"

namespace reel::audio {
namespace {

constexpr double kMostSeconds = 1e7;

base::Status CheckRequest(const AudioRequest& request) {
  const double duration = base::ToDouble(request.title_duration);
  const double start = base::ToDouble(request.title_start);
  const auto& [rate_bps, channels] = request.recipe;
  if (duration > 0 && duration < kMostSeconds && start > -kMostSeconds &&
      start < kMostSeconds && 1 <= channels && channels <= 2 &&
      8'000 <= rate_bps && rate_bps <= 512'000) {
    return {};
  }
  return base::Fail(
      base::Code::kInvalidArgument,
      fmt::format("encode sound: {} seconds from {} on, {} channels, {} bit/s",
                  duration, start, channels, rate_bps));
}

// Rates that every player and encoder handles are kept.
int OutputRate(int source_hz) { return source_hz == 44'100 ? 44'100 : 48'000; }

int64_t SamplesOf(base::Rational seconds, int rate_hz) {
  return base::Rescale(1, seconds, {1, rate_hz});
}

media::Pcm Slice(const media::Pcm& pcm, int64_t first, int64_t samples) {
  media::Pcm slice;
  for (const auto& channel : pcm) {
    const auto begin = channel.begin() + first;
    slice.emplace_back(begin, begin + samples);
  }
  return slice;
}

// Blocks of the source, and the times of those that follow them.
class BlockQueue {
 public:
  explicit BlockQueue(media::AudioReader& reader)
      : reader_(reader),
        lookahead_(SamplesOf(kLookahead, reader.track().sample_rate_hz)) {}

  // Reads on until enough is there. False when there is no block any more.
  base::Result<bool> Fill() {
    while (!ended_ && queued_ < lookahead_) {
      REEL_ASSIGN(auto block, reader_.Next());
      ended_ = !block.has_value();
      if (ended_) break;
      queued_ += block->samples();
      times_.push_back({block->pts, block->samples()});
      pcm_.push_back(std::move(block->pcm));
    }
    return !times_.empty();
  }

  const std::deque<BlockTime>& times() const { return times_; }

  media::Pcm Take() {
    media::Pcm pcm = std::move(pcm_.front());
    queued_ -= times_.front().samples;
    pcm_.pop_front();
    times_.pop_front();
    return pcm;
  }

 private:
  media::AudioReader& reader_;
  int64_t lookahead_;  // samples
  int64_t queued_ = 0;
  bool ended_ = false;
  std::deque<BlockTime> times_;
  std::deque<media::Pcm> pcm_;  // as times_
};

// Moves the source's sound into the encoder, in its place.
base::Result<AudioRepairs> Transcode(media::AudioReader& reader, Placer placer,
                                     TrackEncoder& encoder) {
  BlockQueue blocks(reader);
  while (placer.missing() > 0) {
    REEL_ASSIGN(const bool more, blocks.Fill());
    if (!more) break;
    const Placement placement = placer.Place(blocks.times());
    REEL_TRY(encoder.AddSilence(placement.silence));
    REEL_TRY(
        encoder.Add(Slice(blocks.Take(), placement.first, placement.samples)));
  }
  REEL_TRY(encoder.AddSilence(placer.missing()));
  return AudioRepairs{.silence_samples = placer.silence() + placer.missing(),
                      .dropped_samples = placer.dropped(),
                      .corrections = placer.corrections(),
                      .damaged_packets = reader.damaged_packets()};
}

// What was written must need no repair: from sample 0 to the end, not a gap.
base::Status CheckOutput(const EncodedAudio& audio, const std::string& path) {
  const model::AudioTrackFile& facts = audio.facts;
  REEL_ASSIGN(auto reader, media::AudioReader::OpenFragments(audio.init, path,
                                                             facts.channels));
  Placer placer(reader.track().time_base, {0, 1}, facts.sample_rate_hz,
                facts.samples);
  int64_t heard = 0;
  for (;;) {
    REEL_ASSIGN(const auto block, reader.Next());
    if (!block) break;
    heard += placer.Place({{block->pts, block->samples()}}).samples;
  }
  if (reader.track().sample_rate_hz == facts.sample_rate_hz &&
      reader.damaged_packets() == 0 && placer.corrections() == 0 &&
      heard == facts.samples) {
    return {};
  }
  return base::Fail(
      base::Code::kOutputWrong,
      fmt::format("{}: decodes to {} samples with {} jumps and {} damaged "
                  "packets, where {} samples were to be",
                  facts.rendition, heard, placer.corrections(),
                  reader.damaged_packets(), facts.samples));
}

model::AudioTrackFile FactsOf(const AudioRequest& request,
                              const TrackSettings& settings) {
  const std::string language = LanguageTag(request.track.language);
  return {.rendition = "audio-" + language + "-aac",
          .codecs = "mp4a.40.2",
          .language = language,
          .channels = settings.channels,
          .sample_rate_hz = settings.rate_hz,
          .timescale_hz = settings.rate_hz,
          .priming_samples = media::AudioEncoder::kPriming,
          .samples = settings.samples,
          .segments = {},
          .segment_offsets = {},
          .sha256 = {}};
}

}  // namespace

base::Result<EncodedAudio> EncodeAudio(const AudioRequest& request,
                                       const std::string& fragments_path) {
  REEL_TRY(CheckRequest(request));
  REEL_ASSIGN(auto reader,
              media::AudioReader::Open(request.source_path, request.track,
                                       request.recipe.channels));
  TrackSettings settings{.source_hz = reader.track().sample_rate_hz,
                         .rate_hz = OutputRate(reader.track().sample_rate_hz),
                         .channels = request.recipe.channels,
                         .rate_bps = request.recipe.rate_bps,
                         .segments = {},
                         .language = request.track.language};
  settings.samples = SamplesOf(request.title_duration, settings.rate_hz);
  REEL_ASSIGN(
      settings.segments,
      PlanSegments(request.segment_starts, settings.samples, settings.rate_hz));
  REEL_ASSIGN(TrackEncoder encoder,
              TrackEncoder::Open(settings, fragments_path));

  EncodedAudio out{.facts = FactsOf(request, settings),
                   .init = encoder.init(),
                   .repairs = {}};
  const Placer placer(reader.track().time_base, request.title_start,
                      settings.source_hz,
                      SamplesOf(request.title_duration, settings.source_hz));
  REEL_ASSIGN(out.repairs, Transcode(reader, placer, encoder));
  REEL_ASSIGN(out.facts.segments, encoder.Finish());
  REEL_TRY_DOING("check the encoded sound", CheckOutput(out, fragments_path));
  return out;
}

}  // namespace reel::audio

#include "inspect/measure_sound.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/rational.h"
#include "inspect/click_meter.h"
#include "inspect/clip_meter.h"
#include "inspect/loudness_meter.h"
#include "inspect/onset_meter.h"
#include "inspect/silence_finder.h"
#include "inspect/sound_clock.h"
#include "inspect/sound_levels.h"
#include "inspect/stereo_meter.h"
#include "media/audio_reader.h"
#include "media/av_error.h"

namespace reel::inspect {
namespace {

// Float PCM can hold anything.
constexpr float kMostMagnitude = 16;
constexpr size_t kTailLevels = kFinePerSecond / 2;
// A jump of the clock that ends a slice.
constexpr double kJump = 0.015;

// Whether the layout begins with left and right.
bool HasStereo(const std::string& layout, size_t channels) {
  return channels >= 2 && layout != "mono" && !layout.ends_with("channels");
}

// Holds the meters, and deals slices to them.
class Meters {
 public:
  static base::Result<Meters> Create(int channels, const std::string& layout,
                                     int rate_hz) {
    REEL_ASSIGN(LoudnessMeter loudness,
                LoudnessMeter::Create(channels, layout, rate_hz));
    return Meters(channels, layout, rate_hz, std::move(loudness));
  }

  void See(const Slice& slice) {
    SeeSilence(slice);
    channels_.See(slice);
    if (stereo_pair_) stereo_.See(slice);
    clipping_.See(slice);
    clicks_.See(slice);
    onsets_.See(slice);
    SkipGap(slice);
    loudness_.See(slice);
  }

  void Finish(SoundFacts& facts) {
    facts.channel = channels_.channels();
    facts.silent_channels = channels_.TakeSilent();
    facts.stereo = stereo_.Take();
    facts.clipping = clipping_.Take();
    facts.clicks = clicks_.clicks();
    facts.click_count = clicks_.count();
    facts.onsets = onsets_.TakeOnsets();
    facts.beeps = onsets_.beeps();
    facts.loudness = loudness_.Take();
    for (SilenceFinder& finder : silences_) {
      finder.Finish();
      for (const Silence& silence : finder.silences()) {
        facts.silences.push_back(silence);
      }
    }
    facts.silence_count = silences_.front().count();
    facts.silence_seconds = silences_.front().seconds();
    facts.tail_db = TailDb();
  }

 private:
  Meters(int channels, const std::string& layout, int rate_hz,
         LoudnessMeter loudness)
      : stereo_pair_(HasStereo(layout, static_cast<size_t>(channels))),
        channels_(channels),
        clipping_(channels, rate_hz),
        clicks_(channels),
        loudness_(std::move(loudness)) {
    silences_.emplace_back(-1);
    if (channels == 2) {
      silences_.emplace_back(0);
      silences_.emplace_back(1);
    }
  }

  void SeeSilence(const Slice& slice) {
    for (size_t k = 0; k < slice.levels[0].size(); ++k) {
      double loudest = 0;
      for (const auto& channel : slice.levels) {
        loudest = std::max(loudest, static_cast<double>(channel[k].power));
      }
      const double time = slice.TimeOfFine(k);
      const double seconds = slice.TimeOfFine(k + 1) - time;
      silences_[0].See(time, loudest, seconds);
      for (size_t f = 1; f < silences_.size(); ++f) {
        silences_[f].See(time, slice.levels[f - 1][k].power, seconds);
      }
      tail_[tail_seen_++ % kTailLevels] = loudest;
    }
  }

  void SkipGap(const Slice& slice) {
    if (end_ && slice.time - *end_ > kJump) loudness_.Skip(slice.time - *end_);
    end_ = slice.TimeOf(slice.samples());
  }

  double TailDb() const {
    const size_t known = std::min(tail_seen_, kTailLevels);
    double sum = 0;
    for (size_t n = 0; n < known; ++n) sum += tail_[n];
    return PowerDb(known == 0 ? 0 : sum / static_cast<double>(known));
  }

  bool stereo_pair_;
  std::vector<SilenceFinder> silences_;  // of all; of left and right
  ChannelMeter channels_;
  StereoMeter stereo_;
  ClipMeter clipping_;
  ClickMeter clicks_;
  OnsetMeter onsets_;
  LoudnessMeter loudness_;
  std::optional<double> end_;  // of the slice before
  std::array<double, kTailLevels> tail_{};
  size_t tail_seen_ = 0;
};

// Makes slices of blocks. A slice ends where the clock jumps.
class Slicer {
 public:
  Slicer(Meters& meters, int channels, int rate_hz)
      : meters_(&meters),
        rate_hz_(rate_hz),
        full_(static_cast<size_t>(SliceSamples(rate_hz))),
        pcm_(static_cast<size_t>(channels)) {}

  void See(double time, const media::Pcm& block) {
    const double expected =
        time_ + static_cast<double>(pcm_[0].size()) / rate_hz_;
    if (std::abs(time - expected) > kJump) Flush();
    const size_t samples = block[0].size();
    for (size_t done = 0; done < samples;) {
      if (pcm_[0].empty()) {
        time_ = time + static_cast<double>(done) / rate_hz_;
      }
      const size_t some = std::min(samples - done, full_ - pcm_[0].size());
      for (size_t c = 0; c < pcm_.size(); ++c) {
        for (size_t n = done; n < done + some; ++n) {
          pcm_[c].push_back(Sane(block[c][n]));
        }
      }
      done += some;
      if (pcm_[0].size() == full_) Flush();
    }
  }

  void Flush() {
    if (!pcm_[0].empty()) meters_->See(MakeSlice(time_, rate_hz_, pcm_));
    for (auto& channel : pcm_) channel.clear();
  }

 private:
  static float Sane(float sample) {
    return std::abs(sample) <= kMostMagnitude ? sample : 0;
  }

  Meters* meters_;
  int rate_hz_;
  size_t full_;
  double time_ = 0;
  media::Pcm pcm_;
};

// The levels beside each hole.
void FillHoles(std::vector<Hole>& holes, const LoudnessFacts& loudness,
               double start) {
  const auto level = [&](double time) {
    const auto at = static_cast<int64_t>(std::floor((time - start) * 10));
    const bool known = at >= 0 && at < std::ssize(loudness.momentary);
    return known ? loudness.momentary[static_cast<size_t>(at)] / 10.0
                 : kSilenceDb;
  };
  for (Hole& hole : holes) {
    hole.before_db = level(hole.start - 0.1);
    hole.after_db = level(hole.end + 0.4);
  }
}

base::Status Measure(media::AudioReader& reader, SoundFacts& facts,
                     const std::function<bool(double)>& progress) {
  REEL_ASSIGN(auto block, reader.Next());
  if (!block) return {};
  facts.sample_rate_hz = reader.track().sample_rate_hz;
  facts.channels = static_cast<int>(block->pcm.size());
  REEL_ASSIGN(Meters meters, Meters::Create(facts.channels, facts.layout,
                                            facts.sample_rate_hz));
  Slicer slicer(meters, facts.channels, facts.sample_rate_hz);
  SoundClock clock;
  base::Status status;
  while (block) {
    const auto stated = block->pts == model::kNoTime
                            ? std::nullopt
                            : std::optional(base::Seconds(
                                  block->pts, reader.track().time_base));
    const double time = clock.Place(
        stated, static_cast<double>(block->samples()) / facts.sample_rate_hz);
    slicer.See(time, block->pcm);
    facts.samples += block->samples();
    if (progress && !progress(time - clock.start())) {
      return base::Fail(base::Code::kCancelled, "stopped");
    }
    auto next = reader.Next();
    if (!next) {
      status = tl::unexpected(std::move(next).error());
      break;
    }
    block = *std::move(next);
  }
  slicer.Flush();
  clock.Finish();
  meters.Finish(facts);
  facts.start = clock.start();
  facts.end = clock.end();
  facts.clock_drift_seconds = clock.drift_seconds();
  facts.holes = clock.holes();
  FillHoles(facts.holes, facts.loudness, facts.start);
  return status;
}

}  // namespace

base::Result<SoundFacts> MeasureSound(
    const std::string& path, const model::AudioTrack& track,
    const std::function<bool(double)>& progress) {
  SoundFacts facts;
  facts.stream = track.index;
  facts.codec = track.codec;
  facts.layout = track.layout;
  auto reader = media::AudioReader::Open(path, track, media::kNativeChannels);
  auto status = reader ? Measure(*reader, facts, progress)
                       : base::Status(tl::unexpected(reader.error()));
  if (!status && !media::IsMediaFault(status.error().code)) {
    return tl::unexpected(std::move(status).error());
  }
  if (!status) facts.error = status.error().message;
  if (reader) {
    facts.damaged_packets = reader->damaged_packets();
    facts.coded_bytes = reader->coded_bytes();
  }
  return facts;
}

}  // namespace reel::inspect

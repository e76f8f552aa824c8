// What one sound track holds, measured in one decode: numbers and places, no
// judgement. The checks of sound judge it (inspect/sound_limits.h).
//
// Times are seconds of the container's clock, levels dBFS of the root mean
// square (a full-scale square wave has 0) unless said otherwise, kSilenceDb for
// nothing. Lists are capped (kMaxSoundEvents, the most telling first to stay
// where it says so); series grow by a few bytes per second of sound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace reel::inspect {

inline constexpr double kSilenceDb = -120;
inline constexpr size_t kMaxSoundEvents = 500;
// Of onsets there are more.
inline constexpr size_t kMaxOnsets = 4000;

// A stretch without sound, between sound.
struct Silence {
  double start = 0;
  double end = 0;
  int channel = -1;               // -1: all channels are silent at once
  double before_db = kSilenceDb;  // over 200 ms
  double after_db = kSilenceDb;
  double floor_db = kSilenceDb;  // loudest 5 ms inside, but for 25 ms at an end
  // How long the level takes from 10 dB under before_db to silence, and back.
  double fall_seconds = 0;
  double rise_seconds = 0;
};

// Packets are missing: the time stamps leave room.
struct Hole {
  double start = 0;
  double end = 0;
  double before_db = kSilenceDb;
  double after_db = kSilenceDb;
};

struct Stretch {
  double start = 0;
  double end = 0;
  int channel = -1;  // where it is about one
};

// A sound of one frequency that begins and ends sharply out of quiet.
struct Beep {
  double start = 0;  // to the sample
  double seconds = 0;
  double hz = 0;
  double level_db = kSilenceDb;
};

// The level rises at once.
struct Onset {
  double time = 0;
  double rise_db = 0;  // against the 60 ms before
  double level_db = kSilenceDb;
};

struct Click {
  double time = 0;
  int channel = 0;
  double ratio = 0;             // its prediction error against that around it
  double peak_db = kSilenceDb;  // of the prediction error, not RMS
};

struct ChannelFacts {
  double peak = 0;                 // largest magnitude, 1 is full scale
  double loudest_db = kSilenceDb;  // 100 ms
};

// EBU R128, ITU-R BS.1770. Unknown where everything was below the gate.
struct LoudnessFacts {
  bool known = false;
  double integrated_lufs = 0;
  double range_lu = 0;  // EBU Tech 3342
  double true_peak_dbtp = kSilenceDb;
  double max_momentary_lufs = kSilenceDb;
  double max_short_term_lufs = kSilenceDb;
  // Of 400 ms each, every 100 ms from SoundFacts::start on, in 1/10 LUFS.
  std::vector<int> momentary;
};

// Left and right of a track that begins with them; else all is 0.
struct StereoFacts {
  int64_t loud = 0;       // tenths of a second in which both sound
  int64_t opposed = 0;    // … of which the correlation is below -0.7
  double mid_energy = 0;  // of (L + R) / 2 and (L - R) / 2, sums
  double side_energy = 0;
  std::vector<Stretch> opposed_stretches;  // of 3 s and more
};

struct ClippingFacts {
  std::vector<int> ppm;  // of each second's samples, in the worst channel
  int64_t overs = 0;     // samples beyond full scale, as lossy coding makes
  double level = 0;      // at which they are cut off, 1 is full scale
};

struct SoundFacts {
  int stream = -1;
  std::string codec;
  int sample_rate_hz = 0;
  int channels = 0;
  std::string layout;  // "5.1(side)"
  // Why no (more) sound could be decoded, or "".
  std::string error;
  int64_t damaged_packets = 0;
  int64_t coded_bytes = 0;
  int64_t samples = 0;
  double start = 0;  // of the first sample; 0 when there is none
  double end = 0;
  // By how much the time stamps have moved against the count of samples, from
  // the first to the last, without the holes.
  double clock_drift_seconds = 0;

  std::vector<ChannelFacts> channel;
  // Those with sharp edges; of all there are silence_count.
  std::vector<Silence> silences;
  int64_t silence_count = 0;
  double silence_seconds = 0;
  std::vector<Hole> holes;
  std::vector<Stretch> silent_channels;  // 2 s and more, while another sounds
  double tail_db = kSilenceDb;           // the last 0.5 s
  std::vector<Beep> beeps;
  std::vector<Onset> onsets;
  std::vector<Click> clicks;
  int64_t click_count = 0;
  LoudnessFacts loudness;
  StereoFacts stereo;
  ClippingFacts clipping;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Silence, start, end, channel, before_db,
                                   after_db, floor_db, fall_seconds,
                                   rise_seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Hole, start, end, before_db, after_db)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Stretch, start, end, channel)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Beep, start, seconds, hz, level_db)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Onset, time, rise_db, level_db)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Click, time, channel, ratio, peak_db)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChannelFacts, peak, loudest_db)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LoudnessFacts, known, integrated_lufs,
                                   range_lu, true_peak_dbtp, max_momentary_lufs,
                                   max_short_term_lufs, momentary)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StereoFacts, loud, opposed, mid_energy,
                                   side_energy, opposed_stretches)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClippingFacts, ppm, overs, level)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(
    SoundFacts, stream, codec, sample_rate_hz, channels, layout, error,
    damaged_packets, coded_bytes, samples, start, end, clock_drift_seconds,
    channel, silences, silence_count, silence_seconds, holes, silent_channels,
    tail_db, beeps, onsets, clicks, click_count, loudness, stereo, clipping)

}  // namespace reel::inspect

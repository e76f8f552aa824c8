// The audio stage: one source track becomes one AAC-LC rendition that starts
// and ends with the picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "model/encoded.h"
#include "model/recipe.h"
#include "model/source.h"

namespace reel::audio {

struct AudioRequest {
  std::string source_path;
  model::AudioTrack track;
  // When the first picture is shown, in seconds of the container's clock: time
  // 0 of the title.
  base::Rational title_start;
  base::Rational title_duration;  // seconds, > 0
  // Starts of the video's segments, seconds of the title; the first is 0.
  std::vector<base::Rational> segment_starts;
  model::AudioRecipe recipe;
};

// What had to be done to keep sound and picture together.
struct AudioRepairs {
  int64_t silence_samples = 0;  // put in: late start, gaps, early end
  int64_t dropped_samples = 0;  // taken out: overlaps (not what lies outside)
  int64_t corrections = 0;      // gaps and overlaps
  int64_t damaged_packets = 0;  // refused by the decoder
};

struct EncodedAudio {
  // All facts but those of joining: init_bytes, index_bytes, segment_offsets,
  // bytes and sha256 are left for it. Segments tile [0, samples) without a gap:
  // start_ticks is presentation time, so that a segment's decode time (tfdt) is
  // start_ticks + priming_samples, but 0 for the first segment, which holds the
  // priming too.
  model::AudioTrackFile facts;
  std::vector<uint8_t> init;  // ftyp + moov
  AudioRepairs repairs;
};

// Encodes the track and writes its fragments, one per entry of
// `segment_starts`, to `fragments_path`. A fragment starts at the AAC frame
// nearest to its video segment's start (within half a frame, 512 samples); the
// sound is presented for exactly the title's duration, rounded to a sample.
// Sample 0 is heard at title_start: what precedes it is cut off, what is
// missing is silence. Where the container's clock and the count of samples part
// for good, by more than kJumpTolerance and a tick of that clock, silence is
// put in or samples are taken out (audio/placement.h). 44.1 and 48 kHz are
// kept, other rates become 48 kHz. The result is decoded again before it is
// returned.
// Equal input gives equal bytes on one kind of machine (media/audio_encoder.h).
// Bounded memory.
// Errors: those of media::AudioReader; kInvalidArgument for a request that
// makes no sense; kOutputWrong when what was written does not decode to what
// it should.
base::Result<EncodedAudio> EncodeAudio(const AudioRequest& request,
                                       const std::string& fragments_path);

inline constexpr base::Rational kJumpTolerance{1, 1000};  // seconds

}  // namespace reel::audio

// Samples in, a track of AAC fragments out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "media/audio_encoder.h"
#include "media/audio_resampler.h"
#include "media/fragment_writer.h"
#include "model/encoded.h"

namespace reel::audio {

struct TrackSettings {
  int source_hz = 0;
  int rate_hz = 0;
  int channels = 0;
  int64_t rate_bps = 0;
  int64_t samples = 0;            // of the track, at rate_hz
  std::vector<int64_t> segments;  // of PlanSegments
  std::string language;           // ISO 639-2, or ""
};

class TrackEncoder {
 public:
  // Fragments go to `path`, which appears with Finish.
  static base::Result<TrackEncoder> Open(const TrackSettings& settings,
                                         const std::string& path);
  // More sound at source_hz; what is too much for the track is left out.
  base::Status Add(const media::Pcm& pcm);
  base::Status AddSilence(int64_t samples);
  // Fills up the track with silence if need be. One record per segment.
  // Errors: kOutputWrong if the encoder lost frames.
  base::Result<std::vector<model::EncodedSegment>> Finish();

  const std::vector<uint8_t>& init() const { return writer_.init(); }

 private:
  TrackEncoder(const TrackSettings& settings, media::AudioResampler resampler,
               media::AudioEncoder encoder, media::FragmentWriter writer,
               base::AtomicFile file);
  base::Status Encode(media::Pcm pcm);
  base::Status Collect(std::vector<media::CodedPacket> packets);
  base::Status WriteSegment();

  TrackSettings settings_;
  media::AudioResampler resampler_;
  media::AudioEncoder encoder_;
  media::FragmentWriter writer_;
  base::AtomicFile file_;
  int64_t encoded_ = 0;                      // samples
  std::vector<media::CodedPacket> pending_;  // of the segment under way
  std::vector<model::EncodedSegment> written_;
};

}  // namespace reel::audio

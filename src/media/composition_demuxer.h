// A composition that reads like one media file with one stream per track.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "media/composition_track.h"
#include "media/handles.h"
#include "model/composition.h"

namespace reel::media {

// Its streams have the codec parameters of their first resources; text tracks
// are listed but give no packets. A track that is discarded (AVStream::discard)
// is not read. Packets come in the order of their times. Not for use from
// several threads.
class CompositionDemuxer {
 public:
  // The composition written in the file at `path`.
  // Errors: kNotFound, kInvalidArgument, kCorruptInput (no composition); those
  // of CompositionTrack::Open.
  static base::Result<CompositionDemuxer> Open(const std::string& path);

  AVFormatContext& context() const { return *context_; }
  int64_t bytes() const;
  // The next packet of any track that is not discarded; false at the end.
  base::Result<bool> Read(AVPacket& packet);
  // All tracks to `time`, in ticks of the stream. Whether there is such a time.
  bool Seek(int stream, int64_t time);

 private:
  explicit CompositionDemuxer(model::Composition composition)
      : composition_(std::make_unique<const model::Composition>(
            std::move(composition))) {}
  base::Status OpenTracks();
  base::Status AddStream(const model::CompositionTrack& track,
                         const CompositionTrack* played);

  std::unique_ptr<const model::Composition> composition_;  // tracks_ see it
  InputHandle context_;
  std::vector<CompositionTrack> tracks_;  // the first streams of context_
};

}  // namespace reel::media

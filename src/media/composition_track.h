// One track of a composition, played from its essence files unit by unit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/input.h"
#include "model/composition.h"

namespace reel::media {

// A picture's packets come one per frame, a sound's cut to the exact sample,
// with the times of the timeline: ticks are units of the track. A packet's
// position is the byte in its file, counted on from resource to resource, so
// that no two packets of a track have the same. Not for use from several
// threads.
class CompositionTrack {
 public:
  // `composition` must outlive it. Opens the first resource's file.
  // Errors: as Input::OpenFile; kConflict when the file's stream is not there
  // or not of the track's kind; kUnsupported for sound other than PCM and for
  // pictures that refer to others.
  static base::Result<CompositionTrack> Open(
      const model::Composition& composition,
      const model::CompositionTrack& track);

  // The stream of the first resource, with its codec parameters.
  const AVStream& essence() const { return input_->stream(stream_); }
  int64_t units() const { return starts_.back(); }
  // The unit that Read gives next; units() at the end.
  int64_t next() const { return next_; }
  // To any unit in 0 .. units(); cheap, the file is sought when it is read.
  void MoveTo(int64_t unit) { next_ = unit; }
  // False at the end. Errors: as Open; kCorruptInput when the essence ends
  // before the resource does, changes its parameters or has a hole.
  base::Result<bool> Read(AVPacket& packet);
  // Sum of the files' sizes along the timeline: above every position.
  int64_t bytes() const { return bytes_.back(); }

 private:
  // Where a unit of the timeline is.
  struct Place {
    size_t resource;
    int64_t unit;      // of the essence
    int64_t left;      // units from there to the end of this playing
    int64_t position;  // of the file's first byte
  };

  CompositionTrack(const model::Composition& composition,
                   const model::CompositionTrack& track);
  Place Find(int64_t unit) const;
  const model::CompositionFile& FileOf(size_t resource) const;
  base::Status OpenFile(const Place& place);
  base::Status CheckStream();
  base::Status Seek(const Place& place);
  base::Status CountFromStart(const Place& place);
  base::Result<bool> ReadStream(AVPacket& packet);
  base::Status ReadPicture(const Place& place, AVPacket& packet);
  base::Status ReadSound(const Place& place, AVPacket& packet);
  tl::unexpected<base::Error> EndsEarly(const Place& place) const;
  int64_t UnitOf(const AVPacket& packet) const;

  const model::Composition* composition_;
  const model::CompositionTrack* track_;
  // First unit and first byte of each resource, and the ends.
  std::vector<int64_t> starts_{0};
  std::vector<int64_t> bytes_{0};
  int64_t next_ = 0;
  // The open file.
  std::optional<Input> input_;
  int32_t file_ = -1;
  int32_t stream_ = -1;
  int64_t sample_bytes_ = 0;  // of all channels, of sound
  // The unit that the open file gives next; -1: it must be sought.
  int64_t at_ = -1;
  // Counted since the file's beginning, and not by its index.
  bool counted_ = false;
};

}  // namespace reel::media

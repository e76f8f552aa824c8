// A video file as a stream of pictures: the main picture track, upright, read
// once from the beginning to the end. Pipes too; "-" is standard input.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "media/frame_reader.h"
#include "quality/picture_stream.h"

namespace reel::quality {

class PictureFile : public PictureStream {
 public:
  // Errors: kNotFound, kInvalidArgument (unreadable, no picture track, pictures
  // larger than 16384 or smaller than 32 samples on a side), kCorruptInput (no
  // known container, or a broken one), kUnsupported (no decoder).
  static base::Result<std::unique_ptr<PictureFile>> Open(
      const std::string& path);

  const StreamFacts& facts() const override { return facts_; }
  base::Result<std::optional<TimedPicture>> Next() override;

  const model::VideoTrack& track() const { return reader_.track(); }
  // How much of the file was read, 0..1; always 0 for a pipe. From any thread.
  double fraction() const { return fraction_; }
  // Pictures so far that the decoder could not make as they were coded, and
  // the first of them; 0: all is well.
  int64_t damaged() const { return damaged_; }
  int64_t first_damaged() const { return first_damaged_; }

 private:
  PictureFile(media::FrameReader reader, StreamFacts facts, int64_t bytes)
      : reader_(std::move(reader)), facts_(std::move(facts)), bytes_(bytes) {}
  std::optional<std::chrono::nanoseconds> TimeOf(int64_t packet);

  media::FrameReader reader_;
  StreamFacts facts_;
  int64_t bytes_;  // of the file; 0: a pipe
  std::atomic<double> fraction_ = 0;
  int64_t frames_ = 0;
  int64_t last_packet_ = -1;
  std::optional<int64_t> first_pts_;
  int64_t damaged_ = 0;
  int64_t first_damaged_ = 0;
};

// Whether `path` can be read more than once: "-" and pipes cannot.
bool CanReadTwice(const std::string& path);

}  // namespace reel::quality

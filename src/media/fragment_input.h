// A demuxer's view of an init segment in memory followed by a file of
// fragments: they need not be joined to be read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/file.h"
#include "base/result.h"
#include "media/handles.h"

namespace reel::media {

class FragmentInput {
 public:
  // `head` must outlive the input. Errors: those of File::OpenForReading.
  static base::Result<std::unique_ptr<FragmentInput>> Open(
      std::span<const uint8_t> head, const std::string& path);
  FragmentInput(std::span<const uint8_t> head, base::File file, int64_t bytes)
      : head_(head), file_(std::move(file)), bytes_(bytes) {}
  // What a demuxer reads from; lives as long as the input.
  AVIOContext* io() { return io_.get(); }

 private:
  static int Read(void* self, uint8_t* into, int size);
  static int64_t Seek(void* self, int64_t offset, int whence);

  std::span<const uint8_t> head_;
  base::File file_;
  int64_t bytes_;  // of both
  int64_t position_ = 0;
  Io io_;
};

}  // namespace reel::media

// A media file or buffer, opened for reading packets. Every pass over a source
// opens it here, so that every pass sees the same streams and the same packets.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "media/handles.h"

namespace reel::media {

// A demuxer whose streams are known, and the bytes that it reads. It opens
// nothing else: a playlist or reference inside the file leads nowhere.
class Input {
 public:
  // Errors: kNotFound, kInvalidArgument (unreadable), kCorruptInput (no known
  // container, or a broken one), kIo, kResourceExhausted.
  static base::Result<Input> OpenFile(const std::string& path);
  // A file or, for "-", standard input, either of which may be a pipe: one
  // pass, no seeking. Errors: as OpenFile.
  static base::Result<Input> OpenStream(const std::string& path);
  // `bytes` must outlive the input.
  static base::Result<Input> OpenMemory(std::span<const uint8_t> bytes);
  // `head` and then the file, as if they were one: an init segment and its
  // fragments. `head` must outlive the input.
  static base::Result<Input> OpenJoined(std::span<const uint8_t> head,
                                        const std::string& path);

  Input(Input&&) noexcept;
  Input& operator=(Input&&) = delete;
  ~Input();

  AVFormatContext& context() const { return *context_; }
  AVStream& stream(int index) const { return *context_->streams[index]; }
  int64_t bytes() const;  // 0 for a pipe
  // The next packet of any stream. False at the end of the file.
  // Errors: what the demuxer met.
  base::Result<bool> Read(AVPacket& packet);

  struct Bytes;  // what the I/O context reads

 private:
  Input();
  static base::Result<Input> Open(std::unique_ptr<Bytes> bytes);
  // Destroyed from the last to the first: each uses those above it.
  std::unique_ptr<Bytes> bytes_;
  Io io_;
  InputHandle context_;
};

// As declared in media/source_probe.h, for bytes in hand.
std::string RecognizeContainer(std::span<const uint8_t> beginning);

}  // namespace reel::media

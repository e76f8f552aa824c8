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

class CompositionDemuxer;

// A demuxer whose streams are known, and the bytes that it reads. It opens
// nothing else: a playlist or reference inside the file leads nowhere. A
// composition that ingest made is one too (model/composition.h).
class Input {
 public:
  // Errors: kNotFound, kInvalidArgument (unreadable), kCorruptInput (no known
  // container, or a broken one), kUnsupported, kResourceExhausted; kIo only
  // when the disk fails, never for what the file says; of a composition those
  // of CompositionDemuxer.
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
  // libav's name for the container; "imf" for a composition.
  std::string format_name() const;
  // Above the position of every packet; the file's size, 0 for a pipe.
  int64_t bytes() const;
  // The next packet of any stream. False at the end of the file.
  // Errors: as OpenFile.
  base::Result<bool> Read(AVPacket& packet);
  // To a packet at or before `time`, in ticks of the stream; or to the byte at
  // `position`. Whether the demuxer says it could.
  bool Seek(int stream, int64_t time);
  bool SeekToByte(int stream, int64_t position);
  // Clocks of broadcast formats may run backwards: their seeks go by bytes.
  bool SeeksByBytes() const;

  struct Bytes;  // what the I/O context reads

 private:
  Input();
  static base::Result<Input> Open(std::unique_ptr<Bytes> bytes);
  static base::Result<Input> OpenComposition(const std::string& path);
  // Destroyed from the last to the first: each uses those above it.
  std::unique_ptr<Bytes> bytes_;
  Io io_;
  InputHandle handle_;
  // In place of those above, for a composition.
  std::unique_ptr<CompositionDemuxer> composition_;
  AVFormatContext* context_ = nullptr;  // of either
};

// As declared in media/source_probe.h, for bytes in hand.
std::string RecognizeContainer(std::span<const uint8_t> beginning);

}  // namespace reel::media

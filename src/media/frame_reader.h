// Frame-exact decoding. The reader sees packets by number: each packet's time
// stamps are replaced by its number on the way into the decoder, so a frame is
// known by the packet it came in, whatever the container's clock says, and
// order is the decoder's own (presentation) order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/picture.h"
#include "model/frames.h"
#include "model/packets.h"
#include "model/shot.h"
#include "model/source.h"

namespace reel::media {

class Input;

struct DecodedFrame {
  Picture picture;
  int64_t packet;  // number of its packet in the index
  bool damaged;    // the decoder concealed errors in it, or says corrupt
};

// Media bytes in memory, to be read as if they were a file. `bytes` must
// outlive the reader.
struct MemoryFile {
  std::span<const uint8_t> bytes;
};

// One pass over a range of a track. Pictures are upright (rotation applied) and
// planar YUV or gray (others are converted to 4:2:0 or 4:4:4, 8 or 10 bit).
// Decoding is single-threaded, and the same on every machine. `index` and
// `frames` must outlive the reader. Not for use from several threads.
class FrameReader {
 public:
  // Frames presented from that of key packet `first_key` on, up to and without
  // that of key packet `end_key` (nullopt: to the end). Frames that precede
  // `first_key` in presentation but follow it in the file (open GOP) belong to
  // the piece before: that piece decodes past `end_key` to get them.
  // With `overlap`, the frame of `end_key` itself follows as the last one.
  // Errors: as ProbeSource; kInvalidArgument for packets that are not key.
  enum class Overlap { kNone, kOne };
  static base::Result<FrameReader> OpenPiece(const std::string& path,
                                             const model::VideoTrack& track,
                                             const model::PacketIndex& index,
                                             int64_t first_key,
                                             std::optional<int64_t> end_key,
                                             Overlap overlap);

  // Exactly frames [range) of `frames`, decoded from the nearest key packet at
  // or before the first. Errors: also kOutputWrong when the decoder gives
  // another frame than the table says.
  static base::Result<FrameReader> OpenFrames(const std::string& path,
                                              const model::VideoTrack& track,
                                              const model::PacketIndex& index,
                                              const model::FrameTable& frames,
                                              model::FrameRange range);

  // All frames of the first video track of a file in memory, e.g. an init
  // segment and its fragments; `packet` counts from 0 in file order.
  static base::Result<FrameReader> OpenMemory(MemoryFile file);

  // As OpenMemory, from a file or, for "-", standard input, in one pass without
  // seeking: pipes too. Keeps some 50 bytes of each packet.
  // Errors: kNotFound, kInvalidArgument (unreadable, or no picture track),
  // kCorruptInput (no known container), kUnsupported (no decoder).
  static base::Result<FrameReader> OpenStream(const std::string& path);

  FrameReader(FrameReader&&) noexcept;
  FrameReader& operator=(FrameReader&&) noexcept;
  ~FrameReader();

  // The next frame; nullopt at the end. Damage is not an error: decoding goes
  // on, and concealed frames are marked. Errors: kIo, kResourceExhausted,
  // kOutputWrong (OpenFrames).
  base::Result<std::optional<DecodedFrame>> Next();

  // What the decoder complained about so far (packets it refused), in order.
  struct Complaint {
    int64_t packet;
    std::string text;
  };
  const std::vector<Complaint>& complaints() const;
  // Facts of the track as the demuxer gives them (for OpenMemory).
  const model::VideoTrack& track() const;
  // Packets passed to the decoder, with their times (for OpenMemory).
  const model::PacketIndex& packets() const;

 private:
  struct State;
  explicit FrameReader(std::unique_ptr<State> state);
  static base::Result<FrameReader> OpenWhole(Input input);
  template <typename Window>
  static base::Result<FrameReader> Open(const std::string& path,
                                        const model::VideoTrack& track,
                                        const model::PacketIndex& index,
                                        int64_t first_packet, Window window);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

// The packets of one picture track by their numbers in the packet index, from
// any packet on. A seek is believed only when a packet is recognised by its
// place and size; when none is, the reader looks further back, and in the end
// counts from the file's beginning: slow, never wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "media/input.h"
#include "model/packets.h"

namespace reel::media {

class PacketReader {
 public:
  // The reader's next packet is number `first`. `index` must outlive it.
  // Errors: as Input::OpenFile; kInvalidArgument for a number that is not
  // there; kCorruptInput when the packets are not found again as they were
  // scanned.
  static base::Result<PacketReader> Open(const std::string& path, int stream,
                                         const model::PacketIndex& index,
                                         int64_t first);

  const AVCodecParameters& codec() const;
  // Number of the packet that Next gives next.
  int64_t number() const { return next_; }
  // False after the last packet of the index. Errors: as Open.
  base::Result<bool> Next(AVPacket& packet);

 private:
  PacketReader(std::string path, int stream, const model::PacketIndex& index)
      : path_(std::move(path)), stream_(stream), index_(&index) {}

  base::Status OpenAtStart();
  base::Status MoveTo(int64_t number);
  // Seeks to packet `target`, then reads on to `number` >= target.
  base::Result<bool> TryMove(int64_t target, int64_t number);
  bool SeekInput(int64_t target);
  // Reads until a packet is known by number; nullopt if that fails soon.
  base::Result<std::optional<int64_t>> Recognize();
  base::Status CountFromStart(int64_t number);
  tl::unexpected<base::Error> NotAsScanned() const;
  // The next packet of the stream; false where the demuxer gives no more.
  base::Result<bool> ReadStream(AVPacket& packet);
  // The same, if it is packet `number`.
  base::Result<bool> ReadNumber(AVPacket& packet, int64_t number);
  bool IsPacket(const AVPacket& packet, int64_t number) const;
  std::optional<int64_t> NumberOf(const AVPacket& packet) const;

  std::string path_;
  int stream_;
  const model::PacketIndex* index_;
  std::optional<Input> input_;
  Packet pending_;  // read already: packet next_
  bool has_pending_ = false;
  int64_t next_ = 0;
};

}  // namespace reel::media

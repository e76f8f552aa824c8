// A video decoder whose frames carry the numbers of their packets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "media/handles.h"

namespace reel::media {

// Single-threaded; frames come in presentation order, and the order of a frame
// among its neighbours never depends on where decoding began. Not for use from
// several threads.
class Decoder {
 public:
  // Errors: kUnsupported (no decoder), kCorruptInput, kResourceExhausted.
  static base::Result<Decoder> Open(const AVCodecParameters& parameters);

  // The next frame of the packets sent so far; nullopt when another packet is
  // needed, or, after Finish, at the end. Its `pts` is its packet's number.
  // Errors: kResourceExhausted.
  base::Result<std::optional<Frame>> Receive();
  // Only after Receive gave nullopt. Takes the packet's contents.
  // Errors: kResourceExhausted.
  base::Status Send(AVPacket& packet, int64_t number);
  base::Status Finish();
  bool finished() const { return finished_; }

  // What the decoder said against packet `number` since the last call: a packet
  // it refused, damage that it concealed, or mere words. Nullopt when all is
  // well.
  struct Complaint {
    int64_t packet;
    std::string text;
    bool refused;
  };
  std::optional<Complaint> TakeComplaint();

 private:
  Decoder(Codec codec, PacketFilter unpacker)
      : codec_(std::move(codec)), unpacker_(std::move(unpacker)) {}
  int Unpack(AVPacket& packet);
  // Keeps what is worth knowing of a libav result.
  base::Status Note(int result, std::string said);

  Codec codec_;
  // MPEG-4 part 2 only, else null. Old AVI files pack two frames into one
  // packet and nothing into the next; unpacked, each frame has a packet's
  // number.
  PacketFilter unpacker_;
  int64_t last_packet_ = -1;
  bool finished_ = false;
  std::string said_;
  bool refused_ = false;
};

}  // namespace reel::media

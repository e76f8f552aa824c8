// Which of the frames that a decoder gives out belong to the range asked for.
// Pure: packet numbers in, verdicts out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "model/frames.h"
#include "model/packets.h"
#include "model/shot.h"

namespace reel::media {

enum class Verdict {
  kSkip,
  kShow,
  kShowLast,  // nothing after it is needed
  kStop,      // neither it nor anything after it
};

// Null for a number that is not in the index.
const model::Packet* FindPacket(const model::PacketIndex& index,
                                int64_t number);
bool IsDiscarded(const model::PacketIndex& index, int64_t number);

// The range between two key packets. It begins with the first key frame from
// packet `first_key` on that comes out, and ends before the first from
// `end_key` on: a damaged key packet that gives no frame moves the border of
// both the pieces that it parts, and no frame is lost or seen twice.
class PieceWindow {
 public:
  PieceWindow(const model::PacketIndex& index, int64_t first_key,
              std::optional<int64_t> end_key, bool with_end_frame);

  Verdict See(int64_t packet);
  // Whether a complaint about `packet` is this piece's business: it is shown
  // here, as far as the time stamps tell.
  bool Owns(int64_t packet) const;
  // Whether the packet is of the group of pictures in whose midst decoding
  // began, for the title begins before: its first packets may refer to pictures
  // that the decoder has not seen, if only to let go of them (ITU-T H.264,
  // 8.2.5.4, in open groups of pictures).
  bool IsArriving(int64_t packet) const {
    return packet >= first_key_ && packet < arrived_;
  }

 private:
  bool IsBefore(int64_t packet, int64_t key) const;
  const model::PacketIndex* index_;
  int64_t first_key_;
  std::optional<int64_t> end_key_;
  int64_t arrived_;  // the key packet after `first_key_`; that one at the start
  bool with_end_frame_;
  bool open_ = false;
};

// Exactly `range` of a frame table.
class TableWindow {
 public:
  // `index` and `frames` must outlive the window.
  // Errors: kInvalidArgument for a range that is empty or outside of `frames`.
  static base::Result<TableWindow> Create(const model::PacketIndex& index,
                                          const model::FrameTable& frames,
                                          model::FrameRange range);
  // The packet that decoding starts at.
  int64_t first_packet() const { return first_packet_; }
  // Errors: kOutputWrong for a frame that the table does not have there.
  base::Result<Verdict> See(int64_t packet);
  // Errors: kOutputWrong. Call when the decoder has no more frames.
  base::Status CheckEnd() const;

 private:
  TableWindow(const model::PacketIndex& index, const model::FrameTable& frames,
              model::FrameRange range);
  const model::PacketIndex* index_;
  const model::FrameTable* frames_;
  int64_t next_;  // frame
  int64_t end_;
  int64_t first_packet_ = 0;
  bool open_ = false;
  // Frames of the first one's packet that come before it: a packet may hold
  // several.
  int64_t twins_before_ = 0;
};

}  // namespace reel::media

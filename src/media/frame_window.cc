#include "media/frame_window.h"

#include <fmt/format.h>

#include <algorithm>

namespace reel::media {
namespace {

bool IsKey(const model::PacketIndex& index, int64_t packet) {
  const model::Packet* found = FindPacket(index, packet);
  return found != nullptr && found->key;
}

// The nearest key frame at or before `first` from which on, up to `end`,
// nothing is shown that comes before it in the file; its packet. The last key
// packet before all of them where the table shows none (an edit list that
// starts between key frames).
int64_t StartPacket(const model::PacketIndex& index,
                    const model::FrameTable& frames, int64_t first,
                    int64_t end) {
  int64_t lowest = frames[first].packet;
  for (int64_t n = first; n < end; ++n)
    lowest = std::min(lowest, frames[n].packet);
  for (int64_t n = first; n >= 0; --n) {
    lowest = std::min(lowest, frames[n].packet);
    if (frames[n].packet == lowest && IsKey(index, lowest)) return lowest;
  }
  while (lowest > 0 && !IsKey(index, lowest)) --lowest;
  return std::max<int64_t>(lowest, 0);
}

}  // namespace

const model::Packet* FindPacket(const model::PacketIndex& index,
                                int64_t number) {
  const auto packets = static_cast<int64_t>(index.packets.size());
  return number >= 0 && number < packets ? &index.packets[number] : nullptr;
}

bool IsDiscarded(const model::PacketIndex& index, int64_t number) {
  const model::Packet* found = FindPacket(index, number);
  return found != nullptr && found->discard;
}

PieceWindow::PieceWindow(const model::PacketIndex& index, int64_t first_key,
                         std::optional<int64_t> end_key, bool with_end_frame)
    : index_(&index),
      first_key_(first_key),
      end_key_(end_key),
      arrived_(first_key),
      with_end_frame_(with_end_frame) {
  const auto is_key = [](const model::Packet& packet) { return packet.key; };
  if (FindPacket(index, first_key) == nullptr) return;
  const auto first = index.packets.begin() + first_key;
  if (std::none_of(index.packets.begin(), first, is_key)) return;
  arrived_ = std::find_if(first + 1, index.packets.end(), is_key) -
             index.packets.begin();
}

Verdict PieceWindow::See(int64_t packet) {
  const bool key = IsKey(*index_, packet);
  open_ = open_ || (key && packet >= first_key_);
  if (!open_) return Verdict::kSkip;
  const bool discarded = IsDiscarded(*index_, packet);
  if (end_key_ && key && packet >= *end_key_)
    return with_end_frame_ && !discarded ? Verdict::kShowLast : Verdict::kStop;
  return discarded ? Verdict::kSkip : Verdict::kShow;
}

bool PieceWindow::IsBefore(int64_t packet, int64_t key) const {
  if (packet <= key) return packet < key;
  const model::Packet* a = FindPacket(*index_, packet);
  const model::Packet* b = FindPacket(*index_, key);
  return a != nullptr && b != nullptr && a->pts != model::kNoTime &&
         b->pts != model::kNoTime && a->pts < b->pts;
}

bool PieceWindow::Owns(int64_t packet) const {
  return !IsBefore(packet, first_key_) &&
         (!end_key_ || IsBefore(packet, *end_key_));
}

base::Result<TableWindow> TableWindow::Create(const model::PacketIndex& index,
                                              const model::FrameTable& frames,
                                              model::FrameRange range) {
  if (range.first_frame < 0 || range.first_frame >= range.end_frame ||
      range.end_frame > static_cast<int64_t>(frames.size()))
    return base::Fail(base::Code::kInvalidArgument, "no such frames");
  return TableWindow(index, frames, range);
}

TableWindow::TableWindow(const model::PacketIndex& index,
                         const model::FrameTable& frames,
                         model::FrameRange range)
    : index_(&index),
      frames_(&frames),
      next_(range.first_frame),
      end_(range.end_frame),
      first_packet_(StartPacket(index, frames, next_, end_)) {
  for (int64_t n = next_; n > 0 && frames[n - 1].packet == frames[n].packet;
       --n)
    ++twins_before_;
}

base::Result<Verdict> TableWindow::See(int64_t packet) {
  if (IsDiscarded(*index_, packet)) return Verdict::kSkip;
  const bool expected = packet == (*frames_)[next_].packet;
  if (!open_) {
    if (!expected || twins_before_-- > 0) return Verdict::kSkip;
    open_ = true;
  }
  if (!expected)
    return base::Fail(base::Code::kOutputWrong,
                      fmt::format("frame {} of the source should be in packet "
                                  "{}, the decoder gave that of packet {}",
                                  next_, (*frames_)[next_].packet, packet));
  return ++next_ == end_ ? Verdict::kShowLast : Verdict::kShow;
}

base::Status TableWindow::CheckEnd() const {
  if (next_ == end_) return {};
  return base::Fail(
      base::Code::kOutputWrong,
      fmt::format("frame {} of the source did not come out of the decoder",
                  next_));
}

}  // namespace reel::media

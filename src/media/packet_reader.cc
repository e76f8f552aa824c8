#include "media/packet_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/byte_source.h"
#include "media/av_error.h"

namespace reel::media {
namespace {

// After a byte seek a parser may give a few pieces of packets first.
constexpr int kMaxUnknownPackets = 50;

}  // namespace

base::Result<PacketReader> PacketReader::Open(const std::string& path,
                                              int stream,
                                              const model::PacketIndex& index,
                                              int64_t first) {
  const auto packets = static_cast<int64_t>(index.packets.size());
  if (first < 0 || first >= packets)
    return base::Fail(base::Code::kInvalidArgument, "no such packet");
  PacketReader reader(path, stream, index);
  REEL_ASSIGN(reader.pending_, MakePacket());
  REEL_TRY(reader.OpenAtStart());
  if (first > 0) REEL_TRY(reader.MoveTo(first));
  return reader;
}

const AVCodecParameters& PacketReader::codec() const {
  return *input_->stream(stream_).codecpar;
}

base::Result<bool> PacketReader::Next(AVPacket& packet) {
  if (next_ >= static_cast<int64_t>(index_->packets.size())) return false;
  if (std::exchange(has_pending_, false)) {
    av_packet_move_ref(&packet, pending_.get());
    ++next_;
    return true;
  }
  REEL_ASSIGN(bool found, ReadNumber(packet, next_));
  if (!found) {
    // A parser that was started in the middle lost its way.
    REEL_TRY(CountFromStart(next_));
    REEL_ASSIGN(found, ReadNumber(packet, next_));
  }
  if (!found) return NotAsScanned();
  ++next_;
  return true;
}

base::Status PacketReader::OpenAtStart() {
  input_.reset();
  REEL_ASSIGN(Input input, Input::OpenFile(path_));
  const AVFormatContext& context = input.context();
  if (stream_ < 0 || stream_ >= static_cast<int>(context.nb_streams))
    return NotAsScanned();
  for (unsigned i = 0; i < context.nb_streams; ++i) {
    if (static_cast<int>(i) != stream_)
      context.streams[i]->discard = AVDISCARD_ALL;
  }
  input_.emplace(std::move(input));
  next_ = 0;
  has_pending_ = false;
  return {};
}

base::Status PacketReader::MoveTo(int64_t number) {
  // Further and further back, by key packets, as long as that may pay.
  int64_t keys_back = 0;
  int64_t keys_seen = 0;
  for (int64_t target = number; target > 0; --target) {
    if (!index_->packets[target].key || keys_seen++ < keys_back) continue;
    REEL_ASSIGN(const bool arrived, TryMove(target, number));
    if (arrived) return {};
    keys_back = keys_back * 4 + 1;
  }
  return CountFromStart(number);
}

base::Result<bool> PacketReader::TryMove(int64_t target, int64_t number) {
  has_pending_ = false;
  if (!SeekInput(target)) return false;
  REEL_ASSIGN(const std::optional<int64_t> at, Recognize());
  if (!at || *at > number) return false;
  next_ = *at;
  has_pending_ = true;
  while (next_ < number) {
    REEL_ASSIGN(has_pending_, ReadNumber(*pending_, next_ + 1));
    if (!has_pending_) return false;
    ++next_;
  }
  return true;
}

bool PacketReader::SeekInput(int64_t target) {
  const model::Packet* packet = &index_->packets[target];
  if (input_->SeeksByBytes()) {
    while (packet->position < 0 && packet != index_->packets.data()) --packet;
    return packet->position >= 0 &&
           input_->SeekToByte(stream_, packet->position);
  }
  // Some demuxers seek by pts, some by dts.
  const int64_t time =
      packet->dts == model::kNoTime
          ? packet->pts
          : std::min(packet->dts,
                     packet->pts == model::kNoTime ? packet->dts : packet->pts);
  return time != model::kNoTime && input_->Seek(stream_, time);
}

base::Result<std::optional<int64_t>> PacketReader::Recognize() {
  for (int i = 0; i < kMaxUnknownPackets; ++i) {
    REEL_ASSIGN(const bool got, ReadStream(*pending_));
    if (!got) break;
    if (const auto number = NumberOf(*pending_)) return number;
  }
  return std::nullopt;
}

base::Status PacketReader::CountFromStart(int64_t number) {
  REEL_TRY(OpenAtStart());
  while (next_ < number) {
    REEL_ASSIGN(const bool found, ReadNumber(*pending_, next_));
    if (!found) return NotAsScanned();
    ++next_;
  }
  return {};
}

// Of damaged media a demuxer may give other packets when it is asked again.
// That nobody wrote to the file meanwhile is for the caller to know.
tl::unexpected<base::Error> PacketReader::NotAsScanned() const {
  return base::Fail(
      base::Code::kCorruptInput,
      fmt::format("{}: packet {} is not found again as it was scanned",
                  base::SourceLabel(path_), next_));
}

base::Result<bool> PacketReader::ReadStream(AVPacket& packet) {
  while (true) {
    const base::Result<bool> got = input_->Read(packet);
    if (!got && !IsMediaFault(got.error().code)) return got;
    if (!got || !*got) return false;
    if (packet.stream_index == stream_) return true;
  }
}

base::Result<bool> PacketReader::ReadNumber(AVPacket& packet, int64_t number) {
  REEL_ASSIGN(const bool got, ReadStream(packet));
  return got && IsPacket(packet, number);
}

bool PacketReader::IsPacket(const AVPacket& packet, int64_t number) const {
  if (number >= static_cast<int64_t>(index_->packets.size())) return false;
  const model::Packet& known = index_->packets[number];
  return packet.size == known.bytes &&
         (packet.pos < 0 || known.position < 0 || packet.pos == known.position);
}

std::optional<int64_t> PacketReader::NumberOf(const AVPacket& packet) const {
  const std::vector<model::Packet>& packets = index_->packets;
  std::optional<int64_t> same_place;
  int places = 0;
  for (size_t n = 0; n < packets.size(); ++n) {
    if (packet.size != packets[n].bytes || packet.pos != packets[n].position)
      continue;
    if (packet.pts == packets[n].pts && packet.dts == packets[n].dts)
      return static_cast<int64_t>(n);
    same_place = static_cast<int64_t>(n);
    ++places;
  }
  // Times that the demuxer makes up may differ after a seek. A place decides,
  // unless an edit list shows it more than once.
  if (packet.pos < 0 || places != 1) return std::nullopt;
  return same_place;
}

}  // namespace reel::media

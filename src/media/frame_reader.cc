#include "media/frame_reader.h"

#include <utility>
#include <variant>

#include "media/decoder.h"
#include "media/frame_window.h"
#include "media/input.h"
#include "media/packet_facts.h"
#include "media/packet_reader.h"
#include "media/planar.h"
#include "media/track_facts.h"
#include "media/upright.h"

namespace reel::media {
namespace {

// Packets in the order of the input, numbered and noted down as they are read.
class InputPackets {
 public:
  InputPackets(Input input, int stream)
      : random_access_(*input.stream(stream).codecpar),
        input_(std::move(input)),
        stream_(stream) {}

  int64_t number() const { return static_cast<int64_t>(index_.packets.size()); }
  base::Result<bool> Next(AVPacket& packet) {
    do {
      REEL_ASSIGN(const bool got, input_.Read(packet));
      if (!got) return false;
    } while (packet.stream_index != stream_);
    index_.packets.push_back(PacketFacts(packet, random_access_));
    return true;
  }
  const model::PacketIndex& index() const { return index_; }

 private:
  RandomAccess random_access_;
  Input input_;
  int stream_;
  model::PacketIndex index_;
};

// Everything that the container shows, in the decoder's order.
struct WholeFile {};

bool SaysDamaged(const AVFrame& frame) {
  return frame.decode_error_flags != 0 ||
         (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
}

}  // namespace

struct FrameReader::State {
  using Packets = std::variant<PacketReader, InputPackets>;
  using Window = std::variant<PieceWindow, TableWindow, WholeFile>;

  Packets packets;
  Window window;
  Decoder decoder;
  Packet packet;
  model::VideoTrack track;
  const model::PacketIndex* scanned;  // null: noted down while reading
  PlanarConverter to_planar = {};
  std::vector<Complaint> complaints = {};
  bool done = false;

  const model::PacketIndex& index() const {
    return scanned != nullptr ? *scanned
                              : std::get<InputPackets>(packets).index();
  }

  base::Result<std::optional<DecodedFrame>> Next();
  base::Result<std::optional<Frame>> Decode();
  base::Status Feed();
  void KeepComplaint();
  base::Result<Verdict> Judge(int64_t number);
  base::Status CheckEnd() const;
  base::Result<DecodedFrame> Deliver(Frame frame);
};

base::Result<std::optional<DecodedFrame>> FrameReader::State::Next() {
  while (!done) {
    REEL_ASSIGN(std::optional<Frame> frame, Decode());
    if (!frame) {
      done = true;
      REEL_TRY(CheckEnd());
      break;
    }
    REEL_ASSIGN(const Verdict verdict, Judge((*frame)->pts));
    if (verdict == Verdict::kSkip) continue;
    done = verdict != Verdict::kShow;
    if (verdict == Verdict::kStop) break;
    REEL_ASSIGN(DecodedFrame shown, Deliver(std::move(*frame)));
    return shown;
  }
  return std::nullopt;
}

// The decoder's next frame; nullopt at the end of the track.
base::Result<std::optional<Frame>> FrameReader::State::Decode() {
  while (true) {
    auto frame = decoder.Receive();
    KeepComplaint();
    if (!frame || *frame || decoder.finished()) return frame;
    REEL_TRY(Feed());
    KeepComplaint();
  }
}

base::Status FrameReader::State::Feed() {
  const auto feed = [this](auto& reader) -> base::Status {
    const int64_t number = reader.number();
    REEL_ASSIGN(const bool got, reader.Next(*packet));
    return got ? decoder.Send(*packet, number) : decoder.Finish();
  };
  return std::visit(feed, packets);
}

void FrameReader::State::KeepComplaint() {
  auto complaint = decoder.TakeComplaint();
  if (!complaint) return;
  const auto* piece = std::get_if<PieceWindow>(&window);
  if (piece != nullptr && !piece->Owns(complaint->packet)) return;
  // Nothing is lost but the decoder's account of pictures that it never saw.
  if (piece != nullptr && !complaint->refused &&
      piece->IsArriving(complaint->packet))
    return;
  complaints.push_back({complaint->packet, std::move(complaint->text)});
}

base::Result<Verdict> FrameReader::State::Judge(int64_t number) {
  if (auto* piece = std::get_if<PieceWindow>(&window))
    return piece->See(number);
  if (auto* table = std::get_if<TableWindow>(&window))
    return table->See(number);
  return IsDiscarded(index(), number) ? Verdict::kSkip : Verdict::kShow;
}

base::Status FrameReader::State::CheckEnd() const {
  const auto* table = std::get_if<TableWindow>(&window);
  return table != nullptr ? table->CheckEnd() : base::Status{};
}

base::Result<DecodedFrame> FrameReader::State::Deliver(Frame frame) {
  const int64_t number = frame->pts;
  const model::Packet* packet_facts = FindPacket(index(), number);
  const bool damaged =
      SaysDamaged(*frame) || (packet_facts != nullptr && packet_facts->corrupt);
  REEL_ASSIGN(Frame planar, to_planar.Convert(std::move(frame)));
  REEL_ASSIGN(Frame upright,
              TurnClockwise(std::move(planar), track.rotation_degrees));
  return DecodedFrame{Picture(std::move(upright)), number, damaged};
}

base::Result<FrameReader> FrameReader::OpenPiece(
    const std::string& path, const model::VideoTrack& track,
    const model::PacketIndex& index, int64_t first_key,
    std::optional<int64_t> end_key, Overlap overlap) {
  const auto is_key = [&index](int64_t packet) {
    return packet >= 0 && packet < static_cast<int64_t>(index.packets.size()) &&
           index.packets[packet].key;
  };
  if (!is_key(first_key) ||
      (end_key && (!is_key(*end_key) || *end_key <= first_key)))
    return base::Fail(base::Code::kInvalidArgument,
                      "a piece lies between two key packets");
  return Open(path, track, index, first_key,
              PieceWindow(index, first_key, end_key, overlap == Overlap::kOne));
}

base::Result<FrameReader> FrameReader::OpenFrames(
    const std::string& path, const model::VideoTrack& track,
    const model::PacketIndex& index, const model::FrameTable& frames,
    model::FrameRange range) {
  REEL_ASSIGN(TableWindow window, TableWindow::Create(index, frames, range));
  const int64_t first_packet = window.first_packet();
  return Open(path, track, index, first_packet, std::move(window));
}

template <typename Window>
base::Result<FrameReader> FrameReader::Open(const std::string& path,
                                            const model::VideoTrack& track,
                                            const model::PacketIndex& index,
                                            int64_t first_packet,
                                            Window window) {
  REEL_ASSIGN(PacketReader packets,
              PacketReader::Open(path, track.index, index, first_packet));
  REEL_ASSIGN(Decoder decoder, Decoder::Open(packets.codec()));
  REEL_ASSIGN(Packet packet, MakePacket());
  return FrameReader(
      std::make_unique<State>(State{.packets = std::move(packets),
                                    .window = std::move(window),
                                    .decoder = std::move(decoder),
                                    .packet = std::move(packet),
                                    .track = track,
                                    .scanned = &index}));
}

base::Result<FrameReader> FrameReader::OpenMemory(MemoryFile file) {
  REEL_ASSIGN(Input input, Input::OpenMemory(file.bytes));
  return OpenWhole(std::move(input));
}

base::Result<FrameReader> FrameReader::OpenStream(const std::string& path) {
  REEL_ASSIGN(Input input, Input::OpenStream(path));
  auto reader = OpenWhole(std::move(input));
  if (!reader)
    return base::Prefix(reader.error(), path == "-" ? "standard input" : path);
  return reader;
}

base::Result<FrameReader> FrameReader::OpenWhole(Input input) {
  AVFormatContext& context = input.context();
  const int stream = MainVideoStream(context);
  if (stream < 0)
    return base::Fail(base::Code::kInvalidArgument, "no picture track");
  for (unsigned i = 0; i < context.nb_streams; ++i) {
    if (static_cast<int>(i) != stream)
      context.streams[i]->discard = AVDISCARD_ALL;
  }
  model::VideoTrack track = VideoFacts(context, stream);
  REEL_ASSIGN(Decoder decoder, Decoder::Open(*input.stream(stream).codecpar));
  REEL_ASSIGN(Packet packet, MakePacket());
  return FrameReader(std::make_unique<State>(
      State{.packets = InputPackets(std::move(input), stream),
            .window = WholeFile{},
            .decoder = std::move(decoder),
            .packet = std::move(packet),
            .track = std::move(track),
            .scanned = nullptr}));
}

FrameReader::FrameReader(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
FrameReader::FrameReader(FrameReader&&) noexcept = default;
FrameReader& FrameReader::operator=(FrameReader&&) noexcept = default;
FrameReader::~FrameReader() = default;

base::Result<std::optional<DecodedFrame>> FrameReader::Next() {
  return state_->Next();
}

const std::vector<FrameReader::Complaint>& FrameReader::complaints() const {
  return state_->complaints;
}

const model::VideoTrack& FrameReader::track() const { return state_->track; }

const model::PacketIndex& FrameReader::packets() const {
  return state_->index();
}

}  // namespace reel::media

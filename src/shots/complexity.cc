#include "shots/complexity.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "shots/picture_look.h"

namespace reel::shots {
namespace {

constexpr base::FormatTag kTag{.magic = "RLCX", .version = 1};
constexpr size_t kEntryBytes = 8 + 1 + 17 * 2;

// Every so many frames one is looked at: odd, or the looks of a stream whose
// quality goes up and down every two, four or eight frames would all be of one
// kind; no more than five a second.
size_t LookEvery(base::Rational frame_rate) {
  constexpr int kLeast = 5, kMost = 13;
  constexpr double kLooksPerSecond = 5, kMostFrames = 120;
  const double frames =
      frame_rate.den > 0 ? base::ToDouble(frame_rate) : kMostFrames + 1;
  // Clocks pass for rates where a file knows no better.
  if (frames > kMostFrames) return kLeast;
  const int between = static_cast<int>(frames / kLooksPerSecond);
  return static_cast<size_t>(std::clamp(between | 1, kLeast, kMost));
}

// Of each packet, whether its frame is looked at: a matter of its place in
// presentation order, and not of the piece it is decoded in. Where a time is
// missing, file order serves.
std::vector<bool> PlanLooks(const std::vector<model::Packet>& packets,
                            size_t look_every) {
  std::vector<size_t> order(packets.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const bool timed = std::none_of(
      packets.begin(), packets.end(),
      [](const auto& packet) { return packet.pts == model::kNoTime; });
  if (timed) {
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return packets[a].pts < packets[b].pts;
    });
  }
  std::vector<bool> looks(packets.size());
  for (size_t i = 0; i < order.size(); i += look_every) looks[order[i]] = true;
  return looks;
}

template <typename Visit>
void VisitValues(auto& frame, Visit visit) {
  for (auto* value :
       {&frame.si, &frame.flat, &frame.sharp, &frame.aligned, &frame.texture,
        &frame.dark, &frame.saturated, &frame.second_hue, &frame.quiet,
        &frame.noise, &frame.ti, &frame.motion, &frame.spread, &frame.coherence,
        &frame.still, &frame.residual, &frame.grain})
    visit(*value);
}

}  // namespace

struct ComplexityObserver::State {
  std::vector<bool> looks;
  PictureLooker looker;
  std::optional<media::Picture> before;
  ComplexityTable frames;
};

ComplexityObserver::ComplexityObserver(const model::PacketIndex& packets,
                                       base::Rational frame_rate)
    : state_(std::make_unique<State>()) {
  state_->looks = PlanLooks(packets.packets, LookEvery(frame_rate));
}
ComplexityObserver::~ComplexityObserver() = default;

base::Status ComplexityObserver::See(const media::DecodedFrame& frame) {
  State& s = *state_;
  const bool look = s.looks[static_cast<size_t>(frame.packet)];
  FrameComplexity seen;
  if (look) {
    seen = s.looker.Look(frame.picture, s.before ? &*s.before : nullptr);
  }
  seen.packet = frame.packet;
  s.frames.push_back(seen);
  REEL_ASSIGN(s.before, frame.picture.Share());
  return {};
}

ComplexityTable ComplexityObserver::Take() {
  return std::exchange(state_->frames, {});
}

ComplexityTable MergeComplexity(std::span<const ComplexityTable> pieces) {
  ComplexityTable merged;
  for (const ComplexityTable& piece : pieces) {
    const bool overlaps = !merged.empty() && !piece.empty() &&
                          merged.back().packet == piece.front().packet;
    merged.insert(merged.end(), piece.begin() + (overlaps ? 1 : 0),
                  piece.end());
  }
  return merged;
}

std::vector<uint8_t> Serialize(std::span<const FrameComplexity> frames) {
  base::ByteWriter writer(kTag);
  writer.Put(uint64_t{frames.size()});
  for (const FrameComplexity& frame : frames) {
    writer.Put(frame.packet);
    writer.Put(static_cast<uint8_t>(frame.look));
    VisitValues(frame, [&](uint16_t value) { writer.Put(value); });
  }
  return writer.Take();
}

base::Result<ComplexityTable> ParseComplexity(std::span<const uint8_t> bytes) {
  using Look = FrameComplexity::Look;
  base::ByteReader reader(bytes, kTag);
  const auto count = reader.Get<uint64_t>();
  bool valid = reader.ok() && reader.remaining() % kEntryBytes == 0 &&
               reader.remaining() / kEntryBytes == count;
  ComplexityTable frames(valid ? count : 0);
  for (FrameComplexity& frame : frames) {
    frame.packet = reader.Get<int64_t>();
    const auto look = reader.Get<uint8_t>();
    valid = valid && look <= static_cast<uint8_t>(Look::kPair);
    frame.look = static_cast<Look>(look);
    VisitValues(frame,
                [&](uint16_t& value) { value = reader.Get<uint16_t>(); });
  }
  if (valid) return frames;
  return base::Fail(base::Code::kCorruptInput,
                    "not a complexity table of version 1");
}

}  // namespace reel::shots

#include "inspect/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/rational.h"
#include "inspect/frame_times.h"

namespace reel::inspect {

std::optional<Extent> VideoExtent(const FileFacts& facts) {
  int64_t first = std::numeric_limits<int64_t>::max();
  int64_t end = std::numeric_limits<int64_t>::min();
  for (const auto& packet : facts.packets.video.packets) {
    const int64_t time = packet.pts != model::kNoTime ? packet.pts : packet.dts;
    if (time == model::kNoTime || packet.discard) continue;
    first = std::min(first, time);
    end = std::max(end, time + packet.duration);
  }
  if (first > end) return std::nullopt;
  const base::Rational time_base = facts.source.video.time_base;
  return Extent{base::Seconds(first, time_base), base::Seconds(end, time_base)};
}

bool IsImageFormat(const FileFacts& facts) {
  const std::string& container = facts.source.container;
  return container.ends_with("_pipe") || container == "image2";
}

double TitleFacts::SecondsOf(int64_t pts) const {
  return base::Seconds(pts - frames.front().pts, source.video.time_base);
}

double TitleFacts::Start(int64_t frame) const {
  return SecondsOf(frames[static_cast<size_t>(frame)].pts);
}

double TitleFacts::FrameSeconds() const {
  return base::Seconds(frame_ticks, source.video.time_base);
}

double TitleFacts::End() const {
  return Start(static_cast<int64_t>(frames.size()) - 1) + FrameSeconds();
}

Event TitleFacts::EventOfFrame(int64_t frame) const {
  const double start = Start(frame);
  return {start, start + FrameSeconds(), frame};
}

Event TitleFacts::EventOfPacket(int64_t packet) const {
  const auto index = static_cast<size_t>(packet);
  if (frame_of_packet[index] >= 0) return EventOfFrame(frame_of_packet[index]);
  const model::Packet& lost = packets.packets[index];
  const int64_t time = lost.pts != model::kNoTime ? lost.pts : lost.dts;
  if (time == model::kNoTime) return {};
  // The frame that stays on the screen instead.
  const auto next = std::upper_bound(
      frames.begin(), frames.end(), time,
      [](int64_t t, const auto& frame) { return t < frame.pts; });
  const double start = std::max(0.0, SecondsOf(time));
  return {start, start + FrameSeconds(),
          std::max<int64_t>(0, next - frames.begin() - 1)};
}

base::Result<int64_t> TitleFacts::FrameOf(int64_t packet) const {
  const bool known = packet >= 0 && packet < std::ssize(frame_of_packet) &&
                     frame_of_packet[static_cast<size_t>(packet)] >= 0;
  if (!known) {
    return base::Fail(base::Code::kCorruptInput,
                      fmt::format("no frame came of packet {}", packet));
  }
  return frame_of_packet[static_cast<size_t>(packet)];
}

TitleFacts MakeTitleFacts(const model::InspectionLimits& limits,
                          const ScanResult& scan,
                          const model::FrameTable& frames,
                          const model::Fingerprints& fingerprints,
                          const PictureTable& pictures,
                          std::span<const RefusedPacket> refused) {
  TitleFacts facts{
      .limits = limits,
      .source = scan.source,
      .packets = scan.packets,
      .frames = frames,
      .fingerprints = fingerprints,
      .pictures = pictures,
      .refused = refused,
      .frame_ticks = TypicalFrameTicks(frames, scan.source.video),
      .frame_of_packet = std::vector<int64_t>(scan.packets.packets.size(), -1)};
  for (size_t n = 0; n < frames.size(); ++n) {
    // Of several frames in one packet, the first stands for it.
    int64_t& frame =
        facts.frame_of_packet[static_cast<size_t>(frames[n].packet)];
    if (frame < 0) frame = static_cast<int64_t>(n);
  }
  return facts;
}

}  // namespace reel::inspect

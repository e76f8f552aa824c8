#include "package/stills.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "media/frame_reader.h"
#include "package/thumbnails.h"

namespace reel::package {
namespace {

using base::Result;

constexpr int kJpegQuality = 3;
// Runs whose frames are no further apart than this are one.
constexpr int64_t kSameRun = 8;
constexpr int64_t kFarthestKey = 3000;
constexpr int64_t kFarthestStart = 600;
// A decoder gives out a frame at most this many packets after its own: 16
// frames of reordering (H.264, A.4.2) as field pairs, and some patience.
constexpr int64_t kReordering = 48;

// The last key packet at or before `packet` in the file that is not shown after
// it: what an open GOP shows before its key frame needs the key before.
std::optional<int64_t> KeyBefore(const std::vector<model::Packet>& packets,
                                 int64_t packet) {
  const int64_t pts = packets[static_cast<size_t>(packet)].pts;
  for (int64_t i = packet; i >= std::max<int64_t>(0, packet - kFarthestKey);
       --i) {
    const model::Packet& key = packets[static_cast<size_t>(i)];
    const bool timed = pts != model::kNoTime && key.pts != model::kNoTime;
    if (key.key && (!timed || key.pts <= pts)) return i;
  }
  return std::nullopt;
}

// The packet at which to begin.
std::optional<int64_t> StartFor(const std::vector<model::Packet>& packets,
                                const WantedStill& wanted) {
  const auto key = KeyBefore(packets, wanted.packet);
  if (!wanted.damaged || !key || *key == 0) return key;
  const auto earlier = KeyBefore(packets, *key - 1);
  return earlier && *key - *earlier <= kFarthestStart ? earlier : key;
}

// Shows the observer every frame of the run, as far as decoding gets.
base::Status Decode(const std::string& path, const model::VideoTrack& track,
                    const model::PacketIndex& index, const StillsRun& run,
                    const std::function<bool()>& go_on,
                    ThumbnailObserver& observer) {
  auto reader = media::FrameReader::OpenPiece(
      path, track, index, run.first_key, std::nullopt,
      media::FrameReader::Overlap::kNone);
  if (!reader) return {};
  const int64_t last = run.packets.back();
  while (observer.thumbnails().size() < run.packets.size()) {
    if (!go_on()) return base::Fail(base::Code::kCancelled, "stopped");
    const auto frame = reader->Next();
    if (!frame || !*frame || (*frame)->packet > last + kReordering) return {};
    // A picture that cannot be scaled is one that cannot be shown.
    if (!observer.See(**frame)) return {};
  }
  return {};
}

}  // namespace

std::vector<StillsRun> PlanStills(const model::PacketIndex& index,
                                  std::vector<WantedStill> wanted) {
  // Of two that are the same, the one that may be damaged is first, and stays.
  std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.packet, b.damaged) < std::tuple(b.packet, a.damaged);
  });
  std::vector<StillsRun> runs;
  int64_t last = -1;
  for (const WantedStill& still : wanted) {
    if (still.packet <= last || still.packet >= std::ssize(index.packets))
      continue;
    last = still.packet;
    const auto start = StartFor(index.packets, still);
    if (!start) continue;
    const bool same = !runs.empty() && *start >= runs.back().first_key &&
                      *start <= runs.back().packets.back() + kSameRun;
    if (!same) runs.push_back({*start, {}});
    runs.back().packets.push_back(still.packet);
  }
  return runs;
}

Result<Stills> DecodeStills(const std::string& path,
                            const model::VideoTrack& track,
                            const model::PacketIndex& index,
                            const StillsRun& run, int longer_side,
                            const std::function<bool()>& go_on) {
  Stills stills;
  if (run.packets.empty()) return stills;
  const model::Size size = ThumbnailSize(track, longer_side);
  REEL_ASSIGN(
      ThumbnailObserver observer,
      ThumbnailObserver::Create({run.packets, size.width, size.height}));
  REEL_TRY(Decode(path, track, index, run, go_on, observer));
  for (const auto& [packet, picture] : observer.thumbnails()) {
    REEL_ASSIGN(stills[packet], media::EncodeJpeg(picture, kJpegQuality));
  }
  return stills;
}

}  // namespace reel::package

#include "package/thumbnails.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/bytes.h"
#include "base/rational.h"

namespace reel::package {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

__extension__ using Wide = __int128;

constexpr int kLongerSide = 160;
constexpr int kMaxSide = 10;  // tiles on a sheet, each way
constexpr int64_t kMaxTiles = 1000;
constexpr int64_t kMaxMs = int64_t{1} << 50;  // of any time stamp's claim
constexpr int kJpegQuality = 4;
constexpr base::FormatTag kTag{.magic = "RWTH", .version = 1};
constexpr base::Rational kFallbackRate{25, 1};

// Time on the seek bar between two thumbnails: about 300 of them, but not
// closer than 2 s; further apart than 10 s only if they would be too many.
int64_t IntervalMs(int64_t duration_ms) {
  const auto whole_seconds = [](int64_t ms) {
    return (ms + 999) / 1000 * 1000;
  };
  return std::max(
      std::clamp<int64_t>(whole_seconds(duration_ms / 300), 2000, 10'000),
      whole_seconds((duration_ms + kMaxTiles - 1) / kMaxTiles));
}

struct TimedPacket {
  int64_t ms;  // since the first, rounded down
  int64_t packet;
};

// All packets in presentation order. Without a time on each, their order in the
// file and the nominal rate have to do.
std::vector<TimedPacket> InTime(const model::PacketIndex& index,
                                const model::VideoTrack& track) {
  const std::vector<model::Packet>& packets = index.packets;
  const bool timed =
      track.time_base.num > 0 && track.time_base.den > 0 &&
      std::none_of(packets.begin(), packets.end(),
                   [](const auto& p) { return p.pts == model::kNoTime; });
  const base::Rational rate =
      track.frame_rate.num > 0 ? track.frame_rate : kFallbackRate;
  const base::Rational tick = timed ? track.time_base : base::Inverse(rate);
  const auto time = [&](size_t i) {
    return timed ? packets[i].pts : static_cast<int64_t>(i);
  };
  int64_t origin = packets.empty() ? 0 : time(0);
  for (size_t i = 0; i < packets.size(); ++i)
    origin = std::min(origin, time(i));
  std::vector<TimedPacket> in_time;
  for (size_t i = 0; i < packets.size(); ++i) {
    const Wide ms = (Wide{time(i)} - origin) * tick.num * 1000 / tick.den;
    in_time.push_back({static_cast<int64_t>(std::min<Wide>(ms, kMaxMs)),
                       static_cast<int64_t>(i)});
  }
  std::stable_sort(in_time.begin(), in_time.end(),
                   [](const auto& a, const auto& b) { return a.ms < b.ms; });
  return in_time;
}

void CopyPlane(const media::Plane& plane, std::vector<uint8_t>& samples) {
  for (int y = 0; y < plane.height; ++y) {
    const uint8_t* row = plane.data + y * plane.stride_bytes;
    samples.insert(samples.end(), row, row + plane.width);
  }
}

// One kept frame on the title's timeline.
struct PlacedThumbnail {
  int64_t start_ticks;
  const media::StillPicture* picture;
};

std::vector<PlacedThumbnail> Place(const Thumbnails& thumbnails,
                                   const model::FrameTable& frames,
                                   const model::Timeline& timeline) {
  std::vector<PlacedThumbnail> placed;
  for (size_t i = 0; i < frames.size(); ++i) {
    const auto kept = thumbnails.find(frames[i].packet);
    if (kept == thumbnails.end()) continue;
    placed.push_back({timeline.Start(static_cast<int64_t>(i)), &kept->second});
  }
  return placed;
}

// For each tile the placed thumbnail nearest to its time; of two as near, the
// earlier.
std::vector<const media::StillPicture*> ChooseTiles(
    const std::vector<PlacedThumbnail>& placed, const ThumbnailLayout& layout,
    int64_t timescale_hz) {
  std::vector<const media::StillPicture*> tiles;
  size_t nearest = 0;
  for (int64_t k = 0; k < layout.tiles; ++k) {
    const int64_t ticks =
        base::Rescale(k * layout.interval_ms, {1, 1000}, {1, timescale_hz});
    const auto distance = [&](size_t i) {
      const int64_t d = placed[i].start_ticks - ticks;
      return d < 0 ? -d : d;
    };
    while (nearest + 1 < placed.size() &&
           distance(nearest + 1) < distance(nearest)) {
      ++nearest;
    }
    tiles.push_back(placed[nearest].picture);
  }
  return tiles;
}

ThumbnailLayout MakeLayout(const ThumbnailPlan& plan, int64_t duration_ms) {
  ThumbnailLayout layout;
  layout.duration_ms = duration_ms;
  layout.interval_ms = IntervalMs(duration_ms);
  layout.tiles = std::max<int64_t>(
      1, (duration_ms + layout.interval_ms - 1) / layout.interval_ms);
  layout.tile_width = plan.width;
  layout.tile_height = plan.height;
  layout.columns = static_cast<int>(std::min<int64_t>(kMaxSide, layout.tiles));
  layout.rows = static_cast<int>(std::min<int64_t>(
      kMaxSide, (layout.tiles + layout.columns - 1) / layout.columns));
  return layout;
}

media::StillPicture PasteSheet(
    std::span<const media::StillPicture* const> tiles,
    const ThumbnailLayout& layout) {
  media::StillPicture sheet = media::MakeBlackPicture(
      layout.columns * layout.tile_width, layout.rows * layout.tile_height);
  for (size_t i = 0; i < tiles.size(); ++i) {
    const int column = static_cast<int>(i) % layout.columns;
    const int row = static_cast<int>(i) / layout.columns;
    media::PastePicture(*tiles[i], column * layout.tile_width,
                        row * layout.tile_height, sheet);
  }
  return sheet;
}

// WebVTT's "01:02:03.456".
std::string Timestamp(int64_t ms) {
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

}  // namespace

model::Size ThumbnailSize(const model::VideoTrack& track, int longer_side) {
  const auto [width, height] = model::DisplaySize(track);
  const int64_t longer = std::max({1, width, height});
  const auto scaled = [&](int64_t side) {
    const int64_t even = (longer_side * side / longer + 1) / 2 * 2;
    return static_cast<int>(std::clamp<int64_t>(even, 2, longer_side));
  };
  return {scaled(width), scaled(height)};
}

ThumbnailPlan PlanThumbnails(const model::PacketIndex& index,
                             const model::VideoTrack& track) {
  ThumbnailPlan plan;
  const model::Size size = ThumbnailSize(track, kLongerSide);
  plan.width = size.width;
  plan.height = size.height;
  const std::vector<TimedPacket> packets = InTime(index, track);
  const int64_t interval_ms =
      IntervalMs(packets.empty() ? 0 : packets.back().ms);
  int64_t due_ms = 0;
  for (const TimedPacket& packet : packets) {
    if (packet.ms < due_ms) continue;
    plan.packets.push_back(packet.packet);
    due_ms = (packet.ms / interval_ms + 1) * interval_ms;
  }
  std::sort(plan.packets.begin(), plan.packets.end());
  return plan;
}

std::vector<uint8_t> Serialize(const Thumbnails& thumbnails) {
  base::ByteWriter out(kTag);
  out.Put(static_cast<uint32_t>(thumbnails.size()));
  for (const auto& [packet, picture] : thumbnails) {
    out.Put(packet);
    out.Put(static_cast<uint16_t>(picture.width));
    out.Put(static_cast<uint16_t>(picture.height));
    for (const uint8_t sample : picture.samples) out.Put(sample);
  }
  return out.Take();
}

Result<Thumbnails> ParseThumbnails(std::span<const uint8_t> bytes) {
  base::ByteReader in(bytes, kTag);
  Thumbnails thumbnails;
  const auto count = in.Get<uint32_t>();
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    const auto packet = in.Get<int64_t>();
    media::StillPicture& picture = thumbnails[packet];
    picture.width = in.Get<uint16_t>();
    picture.height = in.Get<uint16_t>();
    if (picture.width < 2 || picture.width % 2 != 0 || picture.height < 2 ||
        picture.height % 2 != 0 ||
        media::SampleCount(picture.width, picture.height) > in.remaining()) {
      return Fail(Code::kCorruptInput, "thumbnails: a picture is cut short");
    }
    picture.samples.resize(media::SampleCount(picture.width, picture.height));
    for (uint8_t& sample : picture.samples) sample = in.Get<uint8_t>();
  }
  if (!in.AtEnd()) return Fail(Code::kCorruptInput, "thumbnails: bad length");
  return thumbnails;
}

ThumbnailObserver::ThumbnailObserver(ThumbnailPlan plan, media::Scaler scaler)
    : plan_(std::move(plan)), scaler_(std::move(scaler)) {}

Result<ThumbnailObserver> ThumbnailObserver::Create(ThumbnailPlan plan) {
  REEL_ASSIGN(
      media::Scaler scaler,
      media::Scaler::Create(
          {.width = plan.width, .height = plan.height, .bit_depth = 8}));
  return ThumbnailObserver(std::move(plan), std::move(scaler));
}

Status ThumbnailObserver::See(const media::DecodedFrame& frame) {
  if (!std::binary_search(plan_.packets.begin(), plan_.packets.end(),
                          frame.packet)) {
    return {};
  }
  REEL_ASSIGN(const media::Picture small, scaler_.Scale(frame.picture));
  media::StillPicture still{small.width(), small.height(), {}};
  for (int i = 0; i < small.planes(); ++i)
    CopyPlane(small.plane(i), still.samples);
  thumbnails_.insert_or_assign(frame.packet, std::move(still));
  return {};
}

std::string ThumbnailSheetPath(int64_t n) {
  return fmt::format("thumbnails/sprite-{}.jpg", n + 1);
}

std::string ThumbnailTrack(const ThumbnailLayout& layout) {
  std::string out = "WEBVTT\n";
  for (int64_t k = 0; k < layout.tiles; ++k) {
    const int64_t per_sheet = int64_t{layout.columns} * layout.rows;
    const int64_t place = k % per_sheet;
    const int64_t start = k * layout.interval_ms;
    const int64_t end = std::max(
        start + 1, std::min(start + layout.interval_ms, layout.duration_ms));
    fmt::format_to(std::back_inserter(out),
                   "\n{} --> {}\nsprite-{}.jpg#xywh={},{},{},{}\n",
                   Timestamp(start), Timestamp(end), k / per_sheet + 1,
                   place % layout.columns * layout.tile_width,
                   place / layout.columns * layout.tile_height,
                   layout.tile_width, layout.tile_height);
  }
  return out;
}

Result<ThumbnailSheets> MakeThumbnailSheets(const ThumbnailPlan& plan,
                                            const Thumbnails& thumbnails,
                                            const model::FrameTable& frames,
                                            const model::Timeline& timeline) {
  const std::vector<PlacedThumbnail> placed =
      Place(thumbnails, frames, timeline);
  if (placed.empty())
    return Fail(Code::kInvalidArgument, "no frame was kept for a thumbnail");
  for (const PlacedThumbnail& thumbnail : placed) {
    if (thumbnail.picture->width != plan.width ||
        thumbnail.picture->height != plan.height) {
      return Fail(Code::kInvalidArgument, "a thumbnail is of another size");
    }
  }
  const int64_t duration_ms = -base::RescaleFloor(
      -timeline.Start(timeline.frames), {1, timeline.timescale_hz}, {1, 1000});
  ThumbnailSheets sheets{.layout = MakeLayout(plan, duration_ms), .jpegs = {}};
  const auto tiles = ChooseTiles(placed, sheets.layout, timeline.timescale_hz);
  const std::span<const media::StillPicture* const> all(tiles);
  const size_t per_sheet = static_cast<size_t>(sheets.layout.columns) *
                           static_cast<size_t>(sheets.layout.rows);
  for (size_t first = 0; first < all.size(); first += per_sheet) {
    const auto count = std::min(per_sheet, all.size() - first);
    REEL_ASSIGN(
        std::vector<uint8_t> jpeg,
        media::EncodeJpeg(PasteSheet(all.subspan(first, count), sheets.layout),
                          kJpegQuality));
    sheets.layout.largest_sheet_bytes = std::max(
        sheets.layout.largest_sheet_bytes, static_cast<int64_t>(jpeg.size()));
    sheets.jpegs.push_back(std::move(jpeg));
  }
  return sheets;
}

}  // namespace reel::package

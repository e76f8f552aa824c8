// Thumbnails for the seek bar, taken during the one decode of inspection.
//
// The interval is 2 s, up to 10 s for long titles, and never less than a
// thousandth of the title. Which frames are kept is decided from the packet
// index alone, before any decode, so it does not depend on how the film is cut
// into pieces: the packet that is shown first at or after each multiple of the
// interval, counted from the earliest time in the index. What a kept frame's
// place in the title is comes later, from the frame table and the timeline,
// since only a full decode knows them: each tile gets the kept frame nearest to
// its time.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/jpeg.h"
#include "media/observer.h"
#include "media/scaler.h"
#include "model/frames.h"
#include "model/packets.h"
#include "model/source.h"

namespace reel::package {

// The size of an upright thumbnail, in square pixels; both sides even.
// `longer_side` is even. Pure.
model::Size ThumbnailSize(const model::VideoTrack& track, int longer_side);

// What to keep of one source.
struct ThumbnailPlan {
  std::vector<int64_t> packets;  // ascending numbers
  int width = 0;                 // of a tile, even; the longer side is 160
  int height = 0;
};
// Pure. A source without times is taken at its nominal rate, else at 25 Hz.
ThumbnailPlan PlanThumbnails(const model::PacketIndex& index,
                             const model::VideoTrack& track);

// Kept frames by packet number.
using Thumbnails = std::map<int64_t, media::StillPicture>;

// Binary form, little-endian, versioned: docs/formats/thumbnails.md.
std::vector<uint8_t> Serialize(const Thumbnails& thumbnails);
// Errors: kCorruptInput.
base::Result<Thumbnails> ParseThumbnails(std::span<const uint8_t> bytes);

// Keeps the planned frames of one piece. The frame that a piece shares with the
// next may be kept by both, as equal pictures: Thumbnails::merge keeps one.
class ThumbnailObserver : public media::FrameObserver {
 public:
  // Errors: as media::Scaler.
  static base::Result<ThumbnailObserver> Create(ThumbnailPlan plan);
  base::Status See(const media::DecodedFrame& frame) override;
  const Thumbnails& thumbnails() const { return thumbnails_; }

 private:
  ThumbnailObserver(ThumbnailPlan plan, media::Scaler scaler);
  ThumbnailPlan plan_;
  media::Scaler scaler_;
  Thumbnails thumbnails_;
};

// Tiles on sheets, as the manifests describe them.
struct ThumbnailLayout {
  int64_t interval_ms = 0;
  int64_t tiles = 0;  // tile k is shown from k * interval_ms
  int tile_width = 0;
  int tile_height = 0;
  int columns = 0;  // of every sheet, <= 10
  int rows = 0;
  int64_t duration_ms = 0;  // of the title, rounded up
  int64_t largest_sheet_bytes = 0;
  int64_t sheets() const {
    return (tiles + columns * rows - 1) / (columns * rows);
  }
};
// Sheet `n` counts from 0; the name is "thumbnails/sprite-1.jpg" for the first.
std::string ThumbnailSheetPath(int64_t n);

// WebVTT: from when to when each tile is shown, with its place on its sheet as
// a media fragment (W3C Media Fragments 1.0, 4.2.2).
std::string ThumbnailTrack(const ThumbnailLayout& layout);

struct ThumbnailSheets {
  ThumbnailLayout layout;
  std::vector<std::vector<uint8_t>> jpegs;  // [layout.sheets()]
};
// Tile k shows the kept frame whose start is nearest to k * interval; a frame
// that was never decoded thus leaves no hole.
//   thumbnails  of all pieces; not empty
// Errors: kInvalidArgument if no kept frame is in `frames` or one is not of the
// planned size; as EncodeJpeg.
base::Result<ThumbnailSheets> MakeThumbnailSheets(
    const ThumbnailPlan& plan, const Thumbnails& thumbnails,
    const model::FrameTable& frames, const model::Timeline& timeline);

}  // namespace reel::package

// The frames of a source in presentation order, and their exact times.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/json.h"
#include "base/rational.h"
#include "base/result.h"

namespace reel::model {

// One decoded frame of the source.
struct SourceFrame {
  int64_t packet = 0;  // the packet that holds it (model/packets.h)
  int64_t pts = 0;     // ticks of the track's time base; kNoTime if unknown
};

// Presentation order. Frame n of the title is entry n.
using FrameTable = std::vector<SourceFrame>;

// Binary form, little-endian, versioned: docs/formats/frame-table.md.
std::vector<uint8_t> Serialize(const FrameTable& frames);
// Errors: kCorruptInput.
base::Result<FrameTable> ParseFrameTable(std::span<const uint8_t> bytes);

// When each frame of the title is shown, the same in every rendition: integer
// ticks of 1/timescale_hz, the first frame at 0, strictly increasing.
struct Timeline {
  int64_t timescale_hz = 1;
  int64_t frames = 0;
  int64_t frame_ticks = 0;      // > 0: constant rate, `starts` is empty
  std::vector<int64_t> starts;  // variable rate: [frames + 1], last is the end

  // First tick of `frame`, 0 <= frame <= frames; Start(frames) is the end.
  int64_t Start(int64_t frame) const;
  // [end - first + 1] first ticks of `first` … `end`, the last is where the
  // frame before it ends. 0 <= first <= end <= frames.
  std::vector<int64_t> Starts(int64_t first, int64_t end) const;
  int64_t Duration(int64_t frame) const {
    return Start(frame + 1) - Start(frame);
  }
  // Ticks of the frame that is shown longest.
  int64_t LongestFrame() const;
  // Frames per second: exact for a constant rate, else the average.
  base::Rational FrameRate() const;
};

// The timeline of a source. Times that lie on a constant grid up to the
// rounding of the container's clock (Matroska's milliseconds) get that exact
// grid; all others are kept tick for tick. Times that do not increase are moved
// forward by the least amount that makes them.
//   frames          presentation order, n >= 1
//   time_base       of `frames`
//   nominal         rate that the file claims; {0, 1} when unknown
//   last_duration   ticks of the last frame; 0 when unknown
// Errors: kInvalidArgument if `frames` is empty or the base is not positive.
base::Result<Timeline> MakeTimeline(const FrameTable& frames,
                                    base::Rational time_base,
                                    base::Rational nominal,
                                    int64_t last_duration);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Timeline, timescale_hz, frames, frame_ticks,
                                   starts)

}  // namespace reel::model

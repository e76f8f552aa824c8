// How much there is to encode in a title's pictures: what an observer of the
// one inspection decode keeps of them, and what that says of a shot.
// docs/shots.md has the method, what was measured and what it costs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "media/observer.h"
#include "model/complexity.h"
#include "model/packets.h"
#include "model/shot.h"

namespace reel::shots {

// One frame. Levels are those of 8 bits, limited range stretched to 0..255;
// shares are of kWhole. All values of a frame that was not looked at are 0.
struct FrameComplexity {
  static constexpr int kWhole = 10000;

  enum class Look : uint8_t {
    kNone,
    kPicture,  // by itself: a frame with no comparable one before it
    kPair,     // and against the frame before
  };

  int64_t packet = 0;  // the frame's identity, see media::DecodedFrame
  Look look = Look::kNone;

  // Of the picture by itself. "Inside" is inside black bars.
  uint16_t si = 0;          // Rec. ITU-T P.910, 1/16 level
  uint16_t flat = 0;        // share of samples inside without any slope
  uint16_t sharp = 0;       // sharp edges' share of the samples with a slope
  uint16_t aligned = 0;     // share of edges that lie along rows or columns
  uint16_t texture = 0;     // mean deviation within blocks inside, 1/16 level
  uint16_t dark = 0;        // share of blocks inside
  uint16_t saturated = 0;   // share of chroma samples
  uint16_t second_hue = 0;  // of those, with the second most frequent hue
  uint16_t quiet = 0;       // share of blocks inside with little but noise; 0
                            // if too few tell of noise and grain, then 0 too
  uint16_t noise = 0;       // of those, 1/16 level

  // Against the frame before. Motion is that of blocks with texture, and 0 if
  // there is none; in 1/16 sample of the source.
  uint16_t ti = 0;         // Rec. ITU-T P.910, 1/16 level
  uint16_t motion = 0;     // mean length
  uint16_t spread = 0;     // mean length of what differs from the mean vector
  uint16_t coherence = 0;  // length of the mean vector over the mean length
  uint16_t still = 0;      // share of blocks inside that did not change
  uint16_t residual = 0;   // what motion leaves, mean per sample, 1/16 level
  uint16_t grain = 0;      // noise that changed, 1/16 level

  friend bool operator==(const FrameComplexity&,
                         const FrameComplexity&) = default;
};
using ComplexityTable = std::vector<FrameComplexity>;  // presentation order

// Binary form, little-endian, versioned: docs/formats/complexity.md.
std::vector<uint8_t> Serialize(std::span<const FrameComplexity> frames);
// Errors: kCorruptInput.
base::Result<ComplexityTable> ParseComplexity(std::span<const uint8_t> bytes);

// Looks at some frames of a title, five a second or one in five, and at the
// step to each from the frame before; of others it notes that they are there.
// In whole numbers: equal pictures give equal values on every machine, and any
// division into pieces that overlap by a frame gives the same table
// (MergeComplexity). One per piece; not for use from several threads.
class ComplexityObserver : public media::FrameObserver {
 public:
  // Which frames are looked at follows from the times of the whole title's
  // packets, and from its nominal frame rate; {0, 1} when unknown.
  ComplexityObserver(const model::PacketIndex& packets,
                     base::Rational frame_rate);
  ~ComplexityObserver() override;
  // Errors: kResourceExhausted.
  base::Status See(const media::DecodedFrame& frame) override;
  // What was seen since the last Take, in order.
  ComplexityTable Take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Joins the tables of consecutive pieces. A frame that ends one and begins the
// next is kept once, from the earlier, which knew its predecessor.
ComplexityTable MergeComplexity(std::span<const ComplexityTable> pieces);

// What the frames of `shot` have in common. A shot without a frame that was
// looked at is described by the nearest one, with confidence 0.
//   frames  one per frame of the title
//   shot    not empty, within `frames`
//   width   of the source's pictures, samples; at least 1
// Pure.
model::ShotComplexity DescribeComplexity(
    std::span<const FrameComplexity> frames, model::FrameRange shot, int width);

// The part of `range` that is most like all of it, by what its pictures and the
// steps between them hold: where an encode of a few frames tells most about the
// rest. Near the middle if all parts are alike; `range` if it is no longer.
//   frames  one per frame of the title
//   range   within `frames`
//   length  frames, >= 1
// Pure.
model::FrameRange TypicalWindow(std::span<const FrameComplexity> frames,
                                model::FrameRange range, int64_t length);

}  // namespace reel::shots

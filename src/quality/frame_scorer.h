// Video quality: VMAF v0.6.1 of pairs of pictures, with all that depends on the
// reference alone computed once and shared by any number of distorted pictures.
//
//   ReferenceFrame reference = ...Create({1920, 1080, 8});
//   Scorer scorer = ...Create({1920, 1080, 8});
//   reference.Set(luma, previous_luma);
//   FrameFeatures features = scorer.Score(reference, distorted_luma, {});
//
// motion2 of a frame needs the next frame's motion: Motion2() makes it of the
// whole sequence. fusion.h turns features into scores, pooling.h scores of
// frames into one. Features equal those of libvmaf 3.2's integer extractors to
// the last bit; docs/vmaf.md has the method and its sources.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "media/picture.h"

namespace reel::quality {

struct Format {
  int width = 0;      // 32..16384
  int height = 0;     // 32..16384
  int bit_depth = 8;  // 8..16
  bool operator==(const Format&) const = default;
};

// How far a distorted picture may gain by contrast that the reference lacks:
// 100 is VMAF's default (in effect none), 1 is NEG ("no enhancement gain").
struct GainLimits {
  double vif = 100.0;
  double adm = 100.0;
  bool operator==(const GainLimits&) const = default;
};
inline constexpr GainLimits kNegGainLimits{1.0, 1.0};

// What VMAF knows of one frame but for motion. Ratios are about 0 (lost) to 1
// (as the reference), above 1 for enhanced pictures.
struct FrameFeatures {
  double adm2 = 1.0;
  std::array<double, 4> vif{1.0, 1.0, 1.0, 1.0};  // scales 0..3
  // The sums they are made of, per scale.
  std::array<double, 4> adm_num{}, adm_den{}, vif_num{}, vif_den{};
};

// The six inputs of a VMAF model.
struct VmafFeatures {
  double adm2 = 1.0;
  double motion2 = 0.0;
  std::array<double, 4> vif{1.0, 1.0, 1.0, 1.0};
};

// All that depends on one reference frame alone: its moments for VIF at four
// scales, its wavelet bands and ADM's denominator, its motion. Some 13 bytes a
// pixel. Not for use from several threads while Set runs; afterwards any number
// of scorers may read it.
class ReferenceFrame {
 public:
  // Errors: kInvalidArgument for a format out of bounds, kResourceExhausted.
  static base::Result<ReferenceFrame> Create(const Format& format);
  ReferenceFrame(ReferenceFrame&&) noexcept;
  ReferenceFrame& operator=(ReferenceFrame&&) noexcept;
  ~ReferenceFrame();

  // Takes in a frame's luma. `previous` is the reference frame before it, or
  // nothing for the first. `luma` is looked at again when pictures are scored
  // against it, and must stay as it is until then.
  // Errors: kInvalidArgument if a plane is not of the format.
  base::Status Set(const media::Plane& luma,
                   const std::optional<media::Plane>& previous);

  // As Set, but for motion alone, which costs little: nothing can be scored
  // against it.
  base::Status SetMotion(const media::Plane& luma,
                         const std::optional<media::Plane>& previous);

  const Format& format() const;
  // Mean absolute difference to the previous frame, blurred, in levels of an
  // 8-bit picture (VMAF's motion before the minimum with the next frame's).
  double motion() const;

 private:
  friend class Scorer;
  struct State;
  explicit ReferenceFrame(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Scores distorted pictures; holds only scratch memory, so one serves many
// sequences of its format. Not for use from several threads.
class Scorer {
 public:
  // Errors: as ReferenceFrame::Create.
  static base::Result<Scorer> Create(const Format& format);
  Scorer(Scorer&&) noexcept;
  Scorer& operator=(Scorer&&) noexcept;
  ~Scorer();

  // Errors: kInvalidArgument if `reference` or the plane is not of the format.
  base::Result<FrameFeatures> Score(const ReferenceFrame& reference,
                                    const media::Plane& distorted,
                                    const GainLimits& limits);

 private:
  struct State;
  explicit Scorer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// motion2 of each frame of a sequence from the motion of each: the smaller of
// its own and the next frame's, so that a cut does not count; 0 for the first.
std::vector<double> Motion2(std::span<const double> motion);

}  // namespace reel::quality

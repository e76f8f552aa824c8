// How one chunk behaves at one size: quality and bits at any CRF.
//
// Rate falls nearly log-linearly with CRF, quality along a sigmoid; both are
// interpolated through what was measured by monotone cubics
// (monotone_cubic.h), quality as log(v / (100 - v)). Draft encodes give the
// shape of both. What encodes by the real analysis gave is held against it:
// quality there is that of a draft at a CRF some steps lower, rate a factor
// more. Those two shifts are interpolated over CRF, and go on along a trend
// beyond.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace reel::ladder {

inline constexpr double kLeastCrf = 10, kMostCrf = 51;

// Quality and bits of a whole chunk.
struct CurvePoint {
  double crf = 0;
  double vmaf = 0;
  double bits = 0;  // > 0
};

// A monotone cubic through points, continued straight beyond.
class MonotoneCubic {
 public:
  // Along which slope it goes on to the left: its own, or that of its first two
  // points (docs/ladder.md, "Curves", has the errors of both).
  enum class Left { kOwn, kSecant };

  MonotoneCubic() = default;
  //   x  [n >= 1], increasing; y falling: it is made so, from the left
  //   slope  taken where there is but one point
  MonotoneCubic(std::vector<double> x, std::vector<double> y, double slope,
                Left left);
  //   sure  to the left of all points the curve goes on straight as far as
  //         this, and then soon no more
  double At(double x,
            double sure = -std::numeric_limits<double>::infinity()) const;
  // Where it is y; the nearest of [low, high] if nowhere there.
  double Inverse(double y, double low, double high) const;

 private:
  std::vector<double> x_, y_, slopes_;
  double left_slope_ = 0;
};

class ChunkCurve {
 public:
  // A curve through `shape` alone. n >= 1 points, in any order; equal CRFs
  // once.
  explicit ChunkCurve(std::vector<CurvePoint> shape);
  // By how many steps of CRF real encodes are better than the shape, and by
  // what factor their bits are more, as a logarithm.
  struct Shift {
    double crf = 0;
    double log_bits = 0;
  };
  Shift ShiftOf(const CurvePoint& real) const;
  // Bends the curve through points by the real analysis; empty: as it is.
  // Replaces what was given before.
  //   per_crf  how shifts change with each step of CRF, beyond the points
  void Correct(const std::vector<CurvePoint>& real, const Shift& per_crf);
  // Bends it by what is known from elsewhere: `shift` at CRF `crf`.
  void CorrectBy(const Shift& shift, double crf, const Shift& per_crf);

  double Vmaf(double crf) const;  // 0..100
  double Bits(double crf) const;
  // The CRF at which quality is `vmaf`, within kLeastCrf..kMostCrf.
  double CrfOf(double vmaf) const;

 private:
  Shift ShiftAt(double crf) const;

  MonotoneCubic quality_;   // logit over CRF
  MonotoneCubic log_bits_;  // over CRF
  struct Correction {
    double crf = 0;
    Shift shift;
  };
  std::vector<Correction> corrections_;  // by CRF
  Shift per_crf_;
  // The least CRF of drafts whose quality encodes of this very size have shown.
  double proved_ = kMostCrf;
};

}  // namespace reel::ladder

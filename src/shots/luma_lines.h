// Lines of luma for what needs neighbouring samples at full size, and which of
// them to look at where reading all would cost too much.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/picture.h"

namespace reel::shots {

// A line between two others of its width. Samples are of 8 bits in uint8_t, of
// 10 in uint16_t.
template <typename Sample>
struct LineTriple {
  std::span<const Sample> above, line, below;
  // Samples of a level of 8 bits.
  static constexpr int kLevel = sizeof(Sample) == 1 ? 1 : 4;
};

// The lines that are looked at, ascending: some 45 to 90 that have one above
// and one below, evenly spread; all such lines of a picture of few; none of one
// of less than three.
std::vector<int> SampledLines(int height);

// Reads lines of a plane. `Sample` is that of the plane.
template <typename Sample>
class LineReader {
 public:
  //   bit_depth  8..16, of the samples; above 10 they are rounded down to 10
  LineReader(const media::Plane& plane, int bit_depth);
  // Line `y` between those `apart` lines above and below, all in the plane.
  // Valid as long as the plane and until the next Read or ReadTriple.
  LineTriple<Sample> ReadTriple(int y, int apart);
  std::span<const Sample> Read(int y) { return At(y, 0); }

 private:
  std::span<const Sample> At(int y, size_t slot);

  media::Plane plane_;
  int bit_depth_;
  std::vector<Sample> converted_;  // three lines, of depths other than 10
};

}  // namespace reel::shots

// How noisy each block of a picture is by itself.
// Source: Immerkaer, Fast noise variance estimation, CVIU 64 (1996): the mean
// magnitude of a Laplacian that lines and slopes leave at nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shots/luma_lines.h"

namespace reel::shots {

class NoiseMap {
 public:
  // Of blocks of this side, as many as fit into the picture.
  static constexpr int kSide = 32;
  NoiseMap(int width, int height);

  // Line `y`, which belongs to the blocks of row y / kSide, between two others
  // of its neighbourhood.
  template <typename Sample>
  void See(int y, const LineTriple<Sample>& lines);

  // Standard deviation of the noise of block `index`, rows first, if all its
  // detail is noise; in 1/16 of an 8-bit level. 0 for blocks without a line.
  int Sigma(size_t index) const;

 private:
  struct Block {
    int32_t sum = 0;
    int32_t samples = 0;
  };
  size_t across_;
  std::vector<Block> blocks_;
};

}  // namespace reel::shots

// Patches: rectangles that are strange to the picture around them. Damage is
// such: blocks, slices and lines that an earlier decoder or a tape lost.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/json.h"
#include "media/picture.h"

namespace reel::inspect {

// Means of 4 x 4 parts, in levels of 8 bits.
inline constexpr int kPatchParts = 16;
using PatchMeans = std::array<int, kPatchParts>;

struct Patch {
  int x = 0;  // in luma samples
  int y = 0;
  int width = 0;
  int height = 0;
  PatchMeans inside{};
  PatchMeans beneath{};  // of the same place in the other picture
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Patch, x, y, width, height, inside, beneath)

// Of two neighbouring pictures, those that the one has and the other lacks. At
// most 16 each.
struct Patches {
  std::vector<Patch> now;
  std::vector<Patch> other;
};

// Patches of 16 x 16 samples and more, or of a few lines 64 samples and more
// wide. Their samples change by several times the mean change, their sides are
// straight steps that the other picture lacks, and little changes around them.
// None if much of the picture changes, as at cuts, or if size or depth differ.
// Pure.
Patches FindPatches(const media::Picture& now, const media::Picture& other);

// Mean absolute difference. Pure.
int DistanceOf(const PatchMeans& a, const PatchMeans& b);

// Whether two cover the same place, but for a few samples at the sides. Pure.
bool IsSamePlace(const Patch& a, const Patch& b);

// Whether all sides lie on the grid of 8 samples that codecs use. A band from
// border to border does; what touches one border may be something that enters.
// `width` and `height` of the picture. Pure.
bool IsOnCodingGrid(const Patch& patch, int width, int height);

}  // namespace reel::inspect

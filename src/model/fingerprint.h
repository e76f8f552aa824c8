// A frame's identity in 96 bytes, robust to scaling and coding: projections of
// a fine grid of luma means. Its change since the frame before (the temporal
// part) is the difference of two neighbours' projections. Computed by
// media/fingerprinter.h, judged by model/fingerprint_match.h.
// docs/formats/fingerprints.md.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace reel::model {

inline constexpr int kFingerprintProjections = 46;

// Luma in limited range on an 8-bit scale (16 black, 235 white), whatever the
// source's depth and range.
struct Fingerprint {
  // Sums of the grid's cells under fixed random signs, scaled so that a
  // difference of root mean square d levels over the grid changes each by about
  // d: the distance of two frames survives in few numbers (Johnson and
  // Lindenstrauss 1984, with the signs of Achlioptas 2003). In 1/32 of a level.
  std::array<int16_t, kFingerprintProjections> projection{};
  uint16_t mean = 0;  // of the whole picture, in 1/256 of a level
  // Mean absolute difference of the cells to those of the frame before, in
  // 1/256 of a level; 0 for the first frame of a piece.
  uint16_t change = 0;

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

using Fingerprints = std::vector<Fingerprint>;  // presentation order

// Binary form, little-endian, versioned: docs/formats/fingerprints.md.
std::vector<uint8_t> Serialize(const Fingerprints& fingerprints);
// Errors: kCorruptInput.
base::Result<Fingerprints> ParseFingerprints(std::span<const uint8_t> bytes);

}  // namespace reel::model

// A frame's identity in a few dozen bytes, robust to scaling and coding:
// block means of luma (spatial) and their signed change since the frame before
// (temporal). Computed by media/fingerprinter.h, judged by
// model/fingerprint_match.h. docs/formats/fingerprints.md.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace reel::model {

inline constexpr int kFingerprintColumns = 8;
inline constexpr int kFingerprintRows = 5;
inline constexpr int kFingerprintBlocks =
    kFingerprintColumns * kFingerprintRows;

// 82 bytes. Luma in limited range on an 8-bit scale (16 black, 235 white),
// whatever the source's depth and range.
struct Fingerprint {
  // Mean luma of each block of an 8 x 5 grid, rows first, in 1/256 of a level.
  std::array<uint16_t, kFingerprintBlocks> mean{};
  // Mean absolute difference to the frame before, measured on a finer grid of
  // means (64 x 40), in 1/256 of a level; 0 for the first frame of a piece.
  uint16_t change = 0;

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

using Fingerprints = std::vector<Fingerprint>;  // presentation order

// Binary form, little-endian, versioned: docs/formats/fingerprints.md.
std::vector<uint8_t> Serialize(const Fingerprints& fingerprints);
// Errors: kCorruptInput.
base::Result<Fingerprints> ParseFingerprints(std::span<const uint8_t> bytes);

}  // namespace reel::model

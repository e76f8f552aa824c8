// Where one video lies in another: found by fingerprints, which survive scaling
// and coding (model/fingerprint.h).
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "model/fingerprint.h"

namespace reel::quality {

// The reference frame that frame 0 of the distorted video shows; negative: the
// distorted video begins that many frames before the reference. Offsets from
// -most to most are tried, all for which at least a second's worth of frames
// (24) overlap, or all frames of the shorter. The best must leave much less
// difference than every other. Pure.
// Errors: kNotFound if there is no clear best, or none that is alike.
base::Result<int64_t> FindOffset(std::span<const model::Fingerprint> reference,
                                 std::span<const model::Fingerprint> distorted,
                                 int64_t most);

// Fingerprints of a file's first pictures, no more than `most`.
// Errors: those of PictureFile; kCancelled.
base::Result<model::Fingerprints> FingerprintBeginning(
    const std::string& path, int64_t most, const std::stop_token& stop);

}  // namespace reel::quality

#include "quality/psnr.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "quality/plane_pair.h"

namespace reel::quality {
namespace {

using base::Code;
using base::Fail;
using base::Result;

// A row of 8-bit samples fits 32 bit up to 66051 of them; 16-bit ones do not.
template <typename Sample, typename Sum>
uint64_t SquaredError(const media::Plane& a, const media::Plane& b) {
  uint64_t total = 0;
  for (int y = 0; y < a.height; ++y) {
    const auto* row_a = Row<Sample>(a, y);
    const auto* row_b = Row<Sample>(b, y);
    Sum sum = 0;
    for (int x = 0; x < a.width; ++x) {
      const int32_t difference = int32_t{row_a[x]} - int32_t{row_b[x]};
      const auto magnitude = static_cast<uint32_t>(std::abs(difference));
      sum += magnitude * magnitude;
    }
    total += sum;
  }
  return total;
}

}  // namespace

Result<double> Psnr(const media::Plane& reference,
                    const media::Plane& distorted, int bit_depth) {
  REEL_TRY(CheckPair(reference, distorted, bit_depth));
  const bool fits = reference.bytes_per_sample == 1 && reference.width < 65536;
  const uint64_t error =
      reference.bytes_per_sample == 2
          ? SquaredError<uint16_t, uint64_t>(reference, distorted)
      : fits ? SquaredError<uint8_t, uint32_t>(reference, distorted)
             : SquaredError<uint8_t, uint64_t>(reference, distorted);
  const double most = 6.0 * bit_depth + 12.0;
  if (error == 0) return most;
  const double samples =
      static_cast<double>(reference.width) * reference.height;
  const double peak = std::exp2(bit_depth) - 1.0;
  return std::min(most, 10.0 * std::log10(peak * peak * samples /
                                          static_cast<double>(error)));
}

Result<std::vector<double>> Psnr(const media::Picture& reference,
                                 const media::Picture& distorted) {
  if (reference.bit_depth() != distorted.bit_depth() ||
      reference.planes() != distorted.planes())
    return Fail(Code::kInvalidArgument,
                "pictures of different bit depth or chroma cannot be compared");
  std::vector<double> psnr;
  for (int i = 0; i < reference.planes(); ++i) {
    REEL_ASSIGN(const double plane, Psnr(reference.plane(i), distorted.plane(i),
                                         reference.bit_depth()));
    psnr.push_back(plane);
  }
  return psnr;
}

}  // namespace reel::quality

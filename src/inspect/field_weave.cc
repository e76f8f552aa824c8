#include "inspect/field_weave.h"

#include <algorithm>
#include <cstdlib>

namespace reel::inspect {
namespace {

// One line of each parity in so many, but more in high pictures: about as many
// lines tell of any.
constexpr int kLeastLineStep = 8;
constexpr int kLinePairs = 45;
// Below this, in 1/16 of a level, noise decides.
constexpr int kLeastWeave = 8;
// Lines two apart fit each other worse than neighbours do, 0.3 to 0.65 of their
// misfit in progressive pictures of any kind; combed ones reach 0.7 to 1.6.
constexpr int kCombedTenths = 7;

template <typename Sample>
const Sample* Line(const media::Plane& plane, int y) {
  return reinterpret_cast<const Sample*>(plane.data + y * plane.stride_bytes);
}

template <typename Sample>
uint64_t Misfit(const Sample* above, const Sample* line, const Sample* below,
                int width) {
  // Blocks whose sum fits in 32 bits: compilers make vector code of them.
  constexpr int kBlock = 4096;
  uint64_t all = 0;
  for (int first = 0; first < width; first += kBlock) {
    const int end = std::min(first + kBlock, width);
    uint32_t sum = 0;
    for (int x = first; x < end; ++x)
      sum += static_cast<uint32_t>(std::abs(above[x] + below[x] - 2 * line[x]));
    all += sum;
  }
  return all;
}

struct Sums {
  uint64_t own = 0;
  uint64_t field = 0;
  uint64_t earlier[2] = {0, 0};  // lines y of odd, of even number
  uint64_t lines[2] = {0, 0};
};

template <typename Sample>
Sums SumLines(const media::Plane& now, const media::Plane* before) {
  Sums sums;
  const int step = std::max(kLeastLineStep, now.height / kLinePairs);
  for (int y = kLeastLineStep / 2; y + 3 < now.height; y += step) {
    for (const int odd : {0, 1}) {
      const int at = (y & ~1) + odd;
      const Sample* above = Line<Sample>(now, at - 1);
      const Sample* below = Line<Sample>(now, at + 1);
      sums.own += Misfit(above, Line<Sample>(now, at), below, now.width);
      sums.field += Misfit(Line<Sample>(now, at - 2), Line<Sample>(now, at),
                           Line<Sample>(now, at + 2), now.width);
      ++sums.lines[odd];
      if (before == nullptr) continue;
      sums.earlier[odd] +=
          Misfit(above, Line<Sample>(*before, at), below, now.width);
    }
  }
  return sums;
}

uint16_t Mean(uint64_t sum, uint64_t samples, int bit_depth) {
  if (samples == 0) return 0;
  return static_cast<uint16_t>(
      std::min<uint64_t>(16 * sum / (samples << (bit_depth - 8)), UINT16_MAX));
}

}  // namespace

FieldWeave MeasureWeave(const media::Picture& picture,
                        const media::Picture* before) {
  const media::Plane now = picture.plane(0);
  media::Plane then;
  if (before != nullptr && before->width() == picture.width() &&
      before->height() == picture.height() &&
      before->bit_depth() == picture.bit_depth()) {
    then = before->plane(0);
  }
  const media::Plane* earlier = then.data != nullptr ? &then : nullptr;
  const Sums sums = now.bytes_per_sample == 1
                        ? SumLines<uint8_t>(now, earlier)
                        : SumLines<uint16_t>(now, earlier);
  const auto width = static_cast<uint64_t>(now.width);
  const int depth = picture.bit_depth();
  const uint64_t samples = (sums.lines[0] + sums.lines[1]) * width;
  return {Mean(sums.own, samples, depth), Mean(sums.field, samples, depth),
          Mean(sums.earlier[1], sums.lines[1] * width, depth),
          Mean(sums.earlier[0], sums.lines[0] * width, depth)};
}

Fields JudgeWeave(const FieldWeave& weave) {
  const int nearer = std::min(weave.top_earlier, weave.bottom_earlier);
  const int farther = std::max(weave.top_earlier, weave.bottom_earlier);
  if (farther < kLeastWeave) return Fields::kUnknown;
  const bool combed = kCombedTenths * weave.field <= 10 * weave.own;
  // Both fields of the picture before are as strange: it moves as a whole.
  if (!combed && 2 * nearer > 3 * weave.own) return Fields::kOneMoment;
  if (!combed || 8 * farther < 9 * nearer) return Fields::kUnknown;
  return weave.top_earlier < weave.bottom_earlier ? Fields::kTopFirst
                                                  : Fields::kBottomFirst;
}

}  // namespace reel::inspect

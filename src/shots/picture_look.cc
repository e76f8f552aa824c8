#include "shots/picture_look.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "shots/half_picture.h"
#include "shots/luma_lines.h"
#include "shots/motion_field.h"
#include "shots/noise_map.h"
#include "shots/perceptual_information.h"

namespace reel::shots {
namespace {

constexpr int kWhole = FrameComplexity::kWhole;
constexpr int kLevel = 16;  // in the table
constexpr int kBlockSamples = MotionBlock::kSamples;

// The least level of the motion search has at least so many samples a side.
constexpr int kLeastSide = 2 * kBlockSide;
// Deviation of blocks, as sums: below the first a black one is a bar, from the
// second on motion can be told. Rounding alone makes half a level.
constexpr int kBarDeviation = kBlockSamples;
constexpr int kTellingDeviation = 2 * kBlockSamples;
// A block that changed less than this did not change.
constexpr int kStillSad = kBlockSamples / 4;
// Chroma this far from grey, of 8 bits, is saturated: a fourth of the way.
constexpr int kSaturated = 32;
constexpr int kChromaLines = 45;
// So many quiet blocks tell of noise, and at least one in so many inside: the
// odd one may be fine texture.
constexpr size_t kLeastQuiet = 4;
constexpr size_t kQuietOneIn = 50;
// Of fewer edges nothing is said: in 1/1000 of the samples.
constexpr int64_t kLeastEdges = 1;

uint16_t Narrow(int64_t value) {
  return static_cast<uint16_t>(
      std::clamp<int64_t>(value, 0, std::numeric_limits<uint16_t>::max()));
}

uint16_t Share(int64_t part, int64_t whole) {
  return Narrow(whole == 0 ? 0 : kWhole * part / whole);
}

// The levels of a picture's luma range.
class Range {
 public:
  explicit Range(const media::Picture& picture)
      : black_(picture.full_range() ? 0 : 16),
        span_(picture.full_range() ? 255 : 219) {}
  // Differences of limited range, stretched to 0..255.
  int64_t Stretch(int64_t difference) const { return difference * 255 / span_; }
  int At(int percent) const { return black_ + span_ * percent / 100; }
  bool IsBlack(int level) const { return level <= At(2); }
  bool IsDark(int level) const { return level < At(15); }
  // Noise is cut off near black and white.
  bool ShowsNoise(int level) const { return level > At(6) && level < At(94); }

 private:
  int black_;
  int span_;
};

// The blocks inside black bars; all of a picture that is nothing but black.
struct Inside {
  int first_row = 0, end_row = 0;
  int first_column = 0, end_column = 0;
};

Inside FindInside(const BlockLooks& looks, const Range& range) {
  Inside inside{looks.down, 0, looks.across, 0};
  for (int row = 0; row < looks.down; ++row) {
    for (int column = 0; column < looks.across; ++column) {
      const BlockLook& look =
          looks.blocks[static_cast<size_t>(row * looks.across + column)];
      if (range.IsBlack(look.mean) && look.deviation < kBarDeviation) continue;
      inside.first_row = std::min(inside.first_row, row);
      inside.end_row = row + 1;
      inside.first_column = std::min(inside.first_column, column);
      inside.end_column = std::max(inside.end_column, column + 1);
    }
  }
  if (inside.end_row > 0) return inside;
  return {0, looks.down, 0, looks.across};
}

std::vector<size_t> BlocksInside(const BlockLooks& looks, const Range& range) {
  const Inside inside = FindInside(looks, range);
  std::vector<size_t> blocks;
  for (int row = inside.first_row; row < inside.end_row; ++row) {
    for (int column = inside.first_column; column < inside.end_column; ++column)
      blocks.push_back(static_cast<size_t>(row * looks.across + column));
  }
  return blocks;
}

// Saturated samples by hue: which of Cb and Cr are above grey.
using HueCounts = std::array<int64_t, 4>;

template <typename Sample>
void CountHues(const Sample* cb, const Sample* cr, int width, int shift,
               HueCounts& counts) {
  const int grey = 128 << shift, far = kSaturated << shift;
  std::array<int32_t, 4> found{};
  for (int x = 0; x < width; ++x) {
    const int blue = cb[x] - grey, red = cr[x] - grey;
    const int is_far = std::max(std::abs(blue), std::abs(red)) >= far;
    found[0] += is_far & (blue < 0) & (red < 0);
    found[1] += is_far & (blue >= 0) & (red < 0);
    found[2] += is_far & (blue < 0) & (red >= 0);
    found[3] += is_far & (blue >= 0) & (red >= 0);
  }
  for (size_t hue = 0; hue < found.size(); ++hue) counts[hue] += found[hue];
}

// One look, value by value.
class Looker {
 public:
  // The pyramids are memory to use.
  Looker(const media::Picture& picture, const media::Picture* before,
         Pyramid& now, Pyramid& earlier)
      : picture_(picture),
        before_(before),
        range_(picture),
        now_(now),
        earlier_(earlier),
        noise_(picture.width(), picture.height()) {
    MakePyramid(picture, kLeastSide, now_);
    if (before) MakePyramid(*before, kLeastSide, earlier_);
    looks_ = LookAtBlocks(now_[0]);
    inside_ = BlocksInside(looks_, range_);
  }

  FrameComplexity Look() {
    seen_.look = before_ ? FrameComplexity::Look::kPair
                         : FrameComplexity::Look::kPicture;
    picture_.plane(0).bytes_per_sample == 1 ? SeeLines<uint8_t>()
                                            : SeeLines<uint16_t>();
    SeeBlocks();
    SeeColors();
    if (before_) SeeMotion(FindMotion(earlier_, now_));
    return seen_;
  }

 private:
  // What needs full size: lines and their neighbours.
  template <typename Sample>
  void SeeLines() {
    const int depth = picture_.bit_depth();
    LineReader<Sample> reader(picture_.plane(0), depth);
    std::optional<LineReader<Sample>> earlier;
    if (before_) earlier.emplace(before_->plane(0), depth);
    SobelMeter sobel;
    Moments differences;
    for (const int y : SampledLines(picture_.height())) {
      sobel.See(reader.ReadTriple(y, 1));
      // Within a field: the comb of interlaced motion is no noise.
      if (y >= 2 && y + 2 < picture_.height())
        noise_.See(y, reader.ReadTriple(y, 2));
      if (earlier)
        AddDifferences(reader.Read(y), earlier->Read(y), differences);
    }
    SeeEdges(sobel);
    seen_.ti =
        Level(differences.Deviation(kLevel / LineTriple<Sample>::kLevel));
  }

  void SeeEdges(const SobelMeter& sobel) {
    const Moments& all = sobel.magnitudes();
    seen_.si = Level(all.Deviation(kLevel / SobelMeter::kUnits));
    seen_.sharp = Share(sobel.sharp(), all.count - sobel.flat());
    if (sobel.edges() * 1000 >= all.count * kLeastEdges)
      seen_.aligned = Share(sobel.aligned(), sobel.edges());
    // Bars are flat, and do not count.
    const auto blocks = static_cast<int64_t>(looks_.blocks.size());
    const int64_t bars =
        blocks == 0 ? 0 : all.count * (blocks - std::ssize(inside_)) / blocks;
    seen_.flat =
        Share(std::max<int64_t>(sobel.flat() - bars, 0), all.count - bars);
  }

  void SeeColors() {
    if (picture_.planes() < 3) return;
    const media::Plane cb = picture_.plane(1), cr = picture_.plane(2);
    const int shift = picture_.bit_depth() - 8;
    const int step = std::max(cb.height / kChromaLines, 1);
    HueCounts counts{};
    int64_t lines = 0;
    for (int y = step / 2; y < cb.height; y += step, ++lines) {
      const uint8_t* const blue = cb.data + y * cb.stride_bytes;
      const uint8_t* const red = cr.data + y * cr.stride_bytes;
      if (cb.bytes_per_sample == 1) {
        CountHues(blue, red, cb.width, 0, counts);
      } else {
        CountHues(reinterpret_cast<const uint16_t*>(blue),
                  reinterpret_cast<const uint16_t*>(red), cb.width, shift,
                  counts);
      }
    }
    std::sort(counts.begin(), counts.end());
    seen_.saturated =
        Share(std::accumulate(counts.begin(), counts.end(), int64_t{0}),
              lines * cb.width);
    seen_.second_hue = Share(counts[2], lines * cb.width);
  }

  void SeeBlocks() {
    int64_t deviation = 0, dark = 0;
    std::vector<int> noise;
    for (const size_t block : inside_) {
      deviation += looks_.blocks[block].deviation;
      dark += range_.IsDark(looks_.blocks[block].mean);
      if (IsQuiet(block)) noise.push_back(noise_.Sigma(block));
    }
    const auto count = static_cast<int64_t>(inside_.size());
    seen_.texture = PerSample(deviation, count);
    seen_.dark = Share(dark, count);
    if (TellsOfNoise(noise)) seen_.quiet = Share(std::ssize(noise), count);
    seen_.noise = NoiseOf(std::move(noise));
  }

  // Whether what detail a block has may be noise: no more of it at half the
  // size than its finest detail promises. Texture is coarser.
  bool IsQuiet(size_t block) const {
    const BlockLook& look = looks_.blocks[block];
    return range_.ShowsNoise(look.mean) &&
           look.deviation * kLevel <=
               (3 * kLevel / 2 + noise_.Sigma(block) * 3 / 4) * kBlockSamples;
  }

  void SeeMotion(const MotionField& field) {
    int64_t sad = 0, still = 0;
    std::vector<int> grain;
    std::vector<MotionBlock> moved;
    for (const size_t block : inside_) {
      const MotionBlock& motion = field.blocks[block];
      const BlockLook& look = looks_.blocks[block];
      sad += motion.sad;
      still += motion.dx == 0 && motion.dy == 0 && motion.sad <= kStillSad;
      if (look.deviation >= kTellingDeviation) moved.push_back(motion);
      if (IsQuiet(block)) {
        grain.push_back(std::min(noise_.Sigma(block), Changed(motion.sad)));
      }
    }
    const auto count = static_cast<int64_t>(inside_.size());
    seen_.still = Share(still, count);
    seen_.residual = PerSample(sad, count);
    seen_.grain = NoiseOf(std::move(grain));
    SeeVectors(moved);
  }

  void SeeVectors(const std::vector<MotionBlock>& blocks) {
    if (blocks.empty()) return;
    // In 1/16 of the source's sample from here on.
    constexpr int kScale = 16 * 2 / kMotionUnits;
    const auto count = static_cast<int64_t>(blocks.size());
    int64_t x = 0, y = 0, length = 0, apart = 0;
    for (const MotionBlock& block : blocks) {
      x += block.dx * kScale;
      y += block.dy * kScale;
      length += Length(block.dx * kScale, block.dy * kScale);
    }
    for (const MotionBlock& block : blocks)
      apart +=
          Length(block.dx * kScale - x / count, block.dy * kScale - y / count);
    seen_.motion = Narrow(length / count);
    seen_.spread = Narrow(apart / count);
    seen_.coherence = Share(std::min(Length(x, y), length), length);
  }

  uint16_t Level(int64_t level) const { return Narrow(range_.Stretch(level)); }

  static int64_t Length(int64_t x, int64_t y) {
    return SquareRoot(x * x + y * y);
  }

  // The noise of pictures whose blocks differ by `sad` at half the size: means
  // of four samples have half its sigma, and differences of two such a mean
  // magnitude of 2 / sqrt(pi) sigma. Grain that is coarser than samples counts
  // for more; the noise of the picture by itself then is less.
  static int Changed(int sad) {
    return static_cast<int>(int64_t{sad} * kLevel * 2 * 886 /
                            (1000 * kBlockSamples));
  }

  uint16_t PerSample(int64_t sum, int64_t blocks) const {
    if (blocks == 0) return 0;
    return Level(sum * kLevel / (blocks * kBlockSamples));
  }

  bool TellsOfNoise(const std::vector<int>& quiet) const {
    return quiet.size() >= kLeastQuiet &&
           quiet.size() * kQuietOneIn >= inside_.size();
  }

  uint16_t NoiseOf(std::vector<int> sigmas) const {
    if (!TellsOfNoise(sigmas)) return 0;
    const auto middle =
        sigmas.begin() + static_cast<ptrdiff_t>(sigmas.size() / 2);
    std::nth_element(sigmas.begin(), middle, sigmas.end());
    return Level(*middle);
  }

  const media::Picture& picture_;
  const media::Picture* before_;
  Range range_;
  Pyramid& now_;
  Pyramid& earlier_;
  BlockLooks looks_;
  std::vector<size_t> inside_;
  NoiseMap noise_;
  FrameComplexity seen_;
};

bool Comparable(const media::Picture& a, const media::Picture& b) {
  return a.width() == b.width() && a.height() == b.height() &&
         a.bit_depth() == b.bit_depth();
}

}  // namespace

struct PictureLooker::Memory {
  Pyramid now, before;
};

PictureLooker::PictureLooker() : memory_(std::make_unique<Memory>()) {}
PictureLooker::~PictureLooker() = default;

FrameComplexity PictureLooker::Look(const media::Picture& picture,
                                    const media::Picture* before) {
  const bool comparable = before != nullptr && Comparable(picture, *before);
  return Looker(picture, comparable ? before : nullptr, memory_->now,
                memory_->before)
      .Look();
}

}  // namespace reel::shots

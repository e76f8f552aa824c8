#include "inspect/patch.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <type_traits>

namespace reel::inspect {
namespace {

constexpr int kBlock = 8;
constexpr int kLineStep = 2;  // every other line tells enough
constexpr size_t kMostPatches = 16;
// Of a block's mean change, in 1/16 of a level of 8 bits.
constexpr int kLeastChange = 16 * 14;
constexpr int kTimesMean = 3;
constexpr int kMostChangedPercent = 25;  // of the picture's blocks
constexpr int kSmallBlocks = 2;          // each way
constexpr int kLeastSide = 12;           // samples
constexpr int kLineBlocks = 8;           // of a patch one block high
constexpr int kQuietTenths = 4;          // of the patch's change, around it
constexpr int kStep = 6;                 // a side's step, in levels of 8 bits
constexpr int kStraightPercent = 60;     // of a side

// Of (column, row) among rows of `columns`.
size_t PlaceOf(int column, int row, int columns) {
  return static_cast<size_t>(row) * static_cast<size_t>(columns) +
         static_cast<size_t>(column);
}

// Mean changes of blocks; those at the right and bottom may be smaller.
struct BlockMap {
  int columns = 0;
  int rows = 0;
  std::vector<int> change;  // 1/16 of a level
  int At(int column, int row) const {
    return change[PlaceOf(column, row, columns)];
  }
};

struct BlockBox {
  int left, top, right, bottom;  // right and bottom excluded
  int Area() const { return (right - left) * (bottom - top); }
  bool Touches(const BlockBox& other) const {
    return left <= other.right && other.left <= right && top <= other.bottom &&
           other.top <= bottom;
  }
};

// Two planes of the same size.
template <typename Sample>
class Pair {
 public:
  Pair(const media::Plane& now, const media::Plane& other, int bit_depth)
      : now_(now), other_(other), shift_(bit_depth - 8) {}

  int width() const { return now_.width; }
  int height() const { return now_.height; }
  int Now(int x, int y) const { return At(now_, x, y); }
  int Other(int x, int y) const { return At(other_, x, y); }

  BlockMap Changes() const {
    BlockMap map;
    map.columns = (now_.width + kBlock - 1) / kBlock;
    map.rows = (now_.height + kBlock - 1) / kBlock;
    map.change.reserve(PlaceOf(0, map.rows, map.columns));
    std::vector<Sum> sums(PlaceOf(0, kBlock, map.columns));
    for (int row = 0; row < map.rows; ++row) {
      std::fill(sums.begin(), sums.end(), Sum{0});
      const int end = std::min((row + 1) * kBlock, now_.height);
      for (int y = row * kBlock; y < end; y += kLineStep)
        AddLine(y, sums.data());
      for (int column = 0; column < map.columns; ++column) {
        const int lines = (end - row * kBlock + kLineStep - 1) / kLineStep;
        const int samples =
            lines * std::min(kBlock, now_.width - column * kBlock);
        const auto first = sums.begin() + column * kBlock;
        const uint32_t sum =
            std::accumulate(first, first + kBlock, uint32_t{0});
        map.change.push_back(static_cast<int>((uint64_t{16} * sum >> shift_) /
                                              static_cast<uint32_t>(samples)));
      }
    }
    return map;
  }

 private:
  static const Sample* Line(const media::Plane& plane, int y) {
    return reinterpret_cast<const Sample*>(plane.data + y * plane.stride_bytes);
  }
  int At(const media::Plane& plane, int x, int y) const {
    return Line(plane, y)[x] >> shift_;
  }
  // Lines of bytes of a block fit in 16 bits.
  using Sum = std::conditional_t<sizeof(Sample) == 1, uint16_t, uint32_t>;
  void AddLine(int y, Sum* sums) const {
    const Sample* now = Line(now_, y);
    const Sample* other = Line(other_, y);
    const int width = now_.width;
    for (int x = 0; x < width; ++x)
      sums[x] = static_cast<Sum>(sums[x] + std::abs(now[x] - other[x]));
  }

  media::Plane now_;
  media::Plane other_;
  int shift_;
};

// Blocks that change much; one among such is one of them.
class Marks {
 public:
  Marks(const BlockMap& map, int threshold)
      : columns_(map.columns), rows_(map.rows), marks_(map.change.size()) {
    for (size_t n = 0; n < marks_.size(); ++n)
      count_ += marks_[n] = map.change[n] >= threshold;
    if (count_ > 0) FillHoles();
  }
  int64_t count() const { return count_; }

  // Rectangles of marks that do not touch, the largest first. Method: the
  // largest rectangles under a histogram, row by row, with a stack.
  std::vector<BlockBox> LargestBoxes() const {
    std::vector<BlockBox> all;
    std::vector<int> heights(static_cast<size_t>(columns_) + 1);
    for (int row = 0; row < rows_; ++row) {
      bool any = false;
      for (int x = 0; x < columns_; ++x) {
        int& height = heights[static_cast<size_t>(x)];
        height = Mark(x, row) != 0 ? height + 1 : 0;
        any |= height > 0;
      }
      if (any) AddBoxes(heights, row, all);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const BlockBox& a, const BlockBox& b) {
                       return a.Area() > b.Area();
                     });
    std::vector<BlockBox> largest;
    for (const BlockBox& box : all) {
      if (largest.size() == kMostPatches) break;
      if (std::none_of(
              largest.begin(), largest.end(),
              [&](const BlockBox& other) { return box.Touches(other); }))
        largest.push_back(box);
    }
    return largest;
  }

 private:
  uint8_t Mark(int x, int y) const { return marks_[PlaceOf(x, y, columns_)]; }
  static bool IsLarge(const BlockBox& box) {
    const int width = box.right - box.left, height = box.bottom - box.top;
    return (width >= kSmallBlocks && height >= kSmallBlocks) ||
           (height == 1 && width >= kLineBlocks);
  }
  void FillHoles() {
    const std::vector<uint8_t> before = marks_;
    for (int y = 1; y + 1 < rows_; ++y) {
      for (int x = 1; x + 1 < columns_; ++x) {
        const size_t n = PlaceOf(x, y, columns_);
        const auto row = static_cast<size_t>(columns_);
        if (before[n - 1] + before[n + 1] + before[n - row] + before[n + row] >=
            3)
          marks_[n] = 1;
      }
    }
  }
  // Rectangles that end below `row`; the last height is 0.
  static void AddBoxes(const std::vector<int>& heights, int row,
                       std::vector<BlockBox>& boxes) {
    std::vector<int> open;  // of growing height
    for (int x = 0; x < static_cast<int>(heights.size()); ++x) {
      const int height = heights[static_cast<size_t>(x)];
      while (!open.empty() &&
             heights[static_cast<size_t>(open.back())] >= height) {
        const int top = heights[static_cast<size_t>(open.back())];
        open.pop_back();
        const int left = open.empty() ? 0 : open.back() + 1;
        const BlockBox box{left, row + 1 - top, x, row + 1};
        if (IsLarge(box)) boxes.push_back(box);
      }
      open.push_back(x);
    }
  }

  int columns_;
  int rows_;
  std::vector<uint8_t> marks_;
  int64_t count_ = 0;
};

// Whether the blocks two away from `box` change little.
bool IsQuietAround(const BlockMap& map, const BlockBox& box) {
  int64_t inside = 0, around = 0, blocks = 0;
  for (int y = box.top - 2; y < box.bottom + 2; ++y) {
    for (int x = box.left - 2; x < box.right + 2; ++x) {
      if (x < 0 || y < 0 || x >= map.columns || y >= map.rows) continue;
      const int change = map.At(x, y);
      if (x >= box.left && x < box.right && y >= box.top && y < box.bottom) {
        inside += change;
      } else if (x == box.left - 2 || x == box.right + 1 || y == box.top - 2 ||
                 y == box.bottom + 1) {
        around += change;
        ++blocks;
      }
    }
  }
  return blocks == 0 ||
         10 * around * box.Area() < kQuietTenths * inside * blocks;
}

// Looks for the straight sides of a box of blocks.
template <typename Sample>
class Sides {
 public:
  Sides(const Pair<Sample>& pair, const BlockBox& box)
      : pair_(pair), box_(box) {}

  // nullopt if a side is not straight.
  std::optional<Patch> Find() const {
    const int left = Column(box_.left * kBlock, 1);
    const int right = Column(RightEdge(), -1);
    const int top = Row(box_.top * kBlock, 1);
    const int bottom = Row(BottomEdge(), -1);
    if (left < 0 || right <= left || top < 0 || bottom <= top)
      return std::nullopt;
    Patch patch{left, top, right - left, bottom - top, {}, {}};
    const bool large = std::min(patch.width, patch.height) >= kLeastSide;
    const bool line = patch.width >= kLineBlocks * kBlock;
    if (!large && !line) return std::nullopt;
    for (int part = 0; part < kPatchParts; ++part) {
      const auto i = static_cast<size_t>(part);
      patch.inside[i] =
          MeanOf(patch, part, [this](int x, int y) { return pair_.Now(x, y); });
      patch.beneath[i] = MeanOf(
          patch, part, [this](int x, int y) { return pair_.Other(x, y); });
    }
    return patch;
  }

 private:
  int RightEdge() const { return std::min(box_.right * kBlock, pair_.width()); }
  int BottomEdge() const {
    return std::min(box_.bottom * kBlock, pair_.height());
  }

  // A step between two samples that the other picture does not have.
  static bool IsNewStep(int now_a, int now_b, int other_a, int other_b) {
    return std::abs(now_a - now_b) > std::abs(other_a - other_b) + kStep;
  }
  // Of the border before column `x`, over the inner rows.
  int ColumnSteps(int x) const {
    const int first = box_.top * kBlock, end = BottomEdge();
    int steps = 0;
    for (int y = first; y < end; ++y) {
      steps += IsNewStep(pair_.Now(x - 1, y), pair_.Now(x, y),
                         pair_.Other(x - 1, y), pair_.Other(x, y));
    }
    return 100 * steps / (end - first);
  }
  int RowSteps(int y) const {
    const int first = box_.left * kBlock, end = RightEdge();
    int steps = 0;
    for (int x = first; x < end; ++x) {
      steps += IsNewStep(pair_.Now(x, y - 1), pair_.Now(x, y),
                         pair_.Other(x, y - 1), pair_.Other(x, y));
    }
    return 100 * steps / (end - first);
  }
  // The outermost straight border within a block of `near`, looking `inward`;
  // the picture's own border is one. -1 if there is none.
  template <typename Steps>
  static int Outermost(int near, int inward, int size, Steps steps) {
    if (near <= 0) return 0;
    if (near >= size) return size;
    for (int n = -kBlock; n <= kBlock; ++n) {
      const int at = near + n * inward;
      if (at > 0 && at < size && steps(at) >= kStraightPercent) return at;
    }
    return -1;
  }
  int Column(int near, int inward) const {
    return Outermost(near, inward, pair_.width(),
                     [this](int x) { return ColumnSteps(x); });
  }
  int Row(int near, int inward) const {
    return Outermost(near, inward, pair_.height(),
                     [this](int y) { return RowSteps(y); });
  }

  template <typename At>
  static int MeanOf(const Patch& patch, int part, At at) {
    const int column = part % 4, row = part / 4;
    int64_t sum = 0, samples = 0;
    for (int y = patch.y + patch.height * row / 4;
         y < patch.y + patch.height * (row + 1) / 4; ++y) {
      for (int x = patch.x + patch.width * column / 4;
           x < patch.x + patch.width * (column + 1) / 4; ++x) {
        sum += at(x, y);
        ++samples;
      }
    }
    return samples == 0 ? 0 : static_cast<int>(sum / samples);
  }

  const Pair<Sample>& pair_;
  BlockBox box_;
};

template <typename Sample>
Patches Find(const media::Plane& now, const media::Plane& other,
             int bit_depth) {
  const Pair<Sample> forth(now, other, bit_depth), back(other, now, bit_depth);
  const BlockMap map = forth.Changes();
  const int64_t sum =
      std::accumulate(map.change.begin(), map.change.end(), int64_t{0});
  const auto threshold = static_cast<int>(std::max<int64_t>(
      kLeastChange, kTimesMean * sum / std::ssize(map.change)));
  const Marks marks(map, threshold);
  if (marks.count() == 0 ||
      100 * marks.count() > kMostChangedPercent * std::ssize(map.change))
    return {};
  Patches patches;
  for (const BlockBox& box : marks.LargestBoxes()) {
    if (!IsQuietAround(map, box)) continue;
    if (auto patch = Sides(forth, box).Find()) patches.now.push_back(*patch);
    if (auto patch = Sides(back, box).Find()) patches.other.push_back(*patch);
  }
  return patches;
}

}  // namespace

Patches FindPatches(const media::Picture& now, const media::Picture& other) {
  const media::Plane a = now.plane(0), b = other.plane(0);
  const int depth = now.bit_depth();
  if (a.width != b.width || a.height != b.height || depth != other.bit_depth())
    return {};
  return a.bytes_per_sample == 1 ? Find<uint8_t>(a, b, depth)
                                 : Find<uint16_t>(a, b, depth);
}

int DistanceOf(const PatchMeans& a, const PatchMeans& b) {
  int difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference += std::abs(a[i] - b[i]);
  return difference / kPatchParts;
}

bool IsSamePlace(const Patch& a, const Patch& b) {
  const auto near = [](int x, int y) { return std::abs(x - y) <= kBlock / 2; };
  return near(a.x, b.x) && near(a.y, b.y) &&
         near(a.x + a.width, b.x + b.width) &&
         near(a.y + a.height, b.y + b.height);
}

bool IsOnCodingGrid(const Patch& patch, int width, int height) {
  const auto on_grid = [](int first, int length, int size) {
    const bool from_start = first == 0, to_end = first + length == size;
    return from_start == to_end &&
           (to_end || (first % kBlock == 0 && length % kBlock == 0));
  };
  return on_grid(patch.x, patch.width, width) &&
         on_grid(patch.y, patch.height, height);
}

}  // namespace reel::inspect

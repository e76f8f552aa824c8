#include "shots/motion_field.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <optional>

#include "base/result.h"

namespace reel::shots {
namespace {

constexpr int kSamples = MotionBlock::kSamples;
// Each way, on the least level.
constexpr int kReach = 5;
// Around the best guess, on the others.
constexpr int kMostSteps = 12;
// What a vector one sample off the guess must gain, half a level per sample,
// and at most: noise would otherwise make flat blocks wander.
constexpr int kOffCost = kSamples / 2;
constexpr int kMostOff = 4;
// Blocks that match as well as this are not looked at further.
constexpr int kSame = kSamples / 4;

struct Vector {
  int x = 0, y = 0;  // from `now` to `before`, samples
  friend bool operator==(const Vector&, const Vector&) = default;
};

// Every other line of a block is compared. Plain loops over bytes: compilers
// know a sum of absolute differences.
int Sad(const uint8_t* a, const uint8_t* b, ptrdiff_t b_stride,
        ptrdiff_t stride) {
  int sum = 0;
  for (int y = 0; y < kBlockSide; y += 2) {
    for (int x = 0; x < kBlockSide; ++x) sum += std::abs(a[x] - b[x]);
    a += 2 * stride;
    b += 2 * b_stride;
  }
  return sum;
}

// One block's search on one level.
class Search {
 public:
  Search(const SmallPlane& before, const SmallPlane& now, int column, int row,
         Vector guess)
      : before_(before),
        left_(column * kBlockSide),
        top_(row * kBlockSide),
        block_(now.At(left_, top_)),
        stride_(now.width),
        guess_(guess) {
    Try({});
    Try(guess);
  }

  // The block's difference to where `v` points; `v` is kept if it is better
  // than what is known. nullopt if that is no place of the picture.
  std::optional<int> Try(Vector v) {
    if (!Holds(v)) return std::nullopt;
    const int sad =
        Sad(block_, before_.At(left_ + v.x, top_ + v.y), stride_, stride_);
    const int off = std::abs(v.x - guess_.x) + std::abs(v.y - guess_.y);
    const int cost = sad + kOffCost * std::min(off, kMostOff);
    if (cost < cost_) best_ = v, sad_ = sad, cost_ = cost;
    return sad;
  }

  void TryAll(int reach) {
    for (int y = -reach; y <= reach; ++y)
      for (int x = -reach; x <= reach; ++x) Try({x, y});
  }

  // To the lowest place that single steps lead to.
  void Descend() {
    for (int step = 0; step < kMostSteps && sad_ > kSame; ++step) {
      const Vector at = best_;
      const auto left = Try({at.x - 1, at.y}), right = Try({at.x + 1, at.y});
      const auto up = Try({at.x, at.y - 1}), down = Try({at.x, at.y + 1});
      if (best_ != at) continue;
      across_ = Fraction(left, right);
      down_ = Fraction(up, down);
      return;
    }
  }

  MotionBlock Finish() const {
    return {-kMotionUnits * best_.x - across_, -kMotionUnits * best_.y - down_,
            sad_};
  }
  Vector best() const { return best_; }

 private:
  bool Holds(Vector v) const {
    return left_ + v.x >= 0 && left_ + v.x + kBlockSide <= before_.width &&
           top_ + v.y >= 0 && top_ + v.y + kBlockSide <= before_.height;
  }
  // How far the real place lies from the best one, when its neighbours differ
  // from the block by `less` and `more`: equal slopes to both sides. Nothing is
  // said of slopes as low as those of noise.
  int Fraction(std::optional<int> less, std::optional<int> more) const {
    if (!less || !more) return 0;
    const int rise = std::max(*less, *more) - sad_;
    if (rise <= sad_ / 4) return 0;
    return std::clamp(kMotionUnits * (*less - *more) / (2 * rise),
                      -kMotionUnits / 2, kMotionUnits / 2);
  }

  const SmallPlane& before_;
  int left_;
  int top_;
  const uint8_t* block_;
  int stride_;
  Vector guess_;
  Vector best_;
  int sad_ = 0;
  int cost_ = std::numeric_limits<int>::max();
  int across_ = 0, down_ = 0;  // fractions, in 1/kMotionUnits
};

template <typename Block>
BlockGrid<Block> MakeGrid(const SmallPlane& plane) {
  BlockGrid<Block> grid{
      plane.width / kBlockSide, plane.height / kBlockSide, {}};
  if (grid.across == 0 || grid.down == 0) return {};
  grid.blocks.resize(static_cast<size_t>(grid.across * grid.down));
  return grid;
}

using Vectors = BlockGrid<Vector>;

Vector At(const Vectors& vectors, int column, int row) {
  return vectors.blocks[static_cast<size_t>(row * vectors.across + column)];
}

// What the level of half the size found there.
Vector Guess(const Vectors& above, int column, int row) {
  if (above.blocks.empty()) return {};
  const Vector v = At(above, std::min(column / 2, above.across - 1),
                      std::min(row / 2, above.down - 1));
  return {2 * v.x, 2 * v.y};
}

// Searches one level. `visit` gets each finished search, in order.
template <typename Visit>
Vectors SearchLevel(const SmallPlane& before, const SmallPlane& now,
                    const Vectors& above, Visit visit) {
  Vectors found = MakeGrid<Vector>(now);
  for (int row = 0; row < found.down; ++row) {
    for (int column = 0; column < found.across; ++column) {
      Search search(before, now, column, row, Guess(above, column, row));
      if (above.blocks.empty()) {
        search.TryAll(kReach);
      } else {
        if (column > 0) search.Try(At(found, column - 1, row));
        if (row > 0) search.Try(At(found, column, row - 1));
        // At the edges what is new to the picture leads astray; the inside
        // knows better.
        search.Try(Guess(above, column + 2, row));
        search.Try(Guess(above, column, row + 2));
        search.Descend();
      }
      found.blocks[static_cast<size_t>(row * found.across + column)] =
          search.best();
      visit(search);
    }
  }
  return found;
}

}  // namespace

BlockLooks LookAtBlocks(const SmallPlane& plane) {
  BlockLooks looks = MakeGrid<BlockLook>(plane);
  for (int row = 0; row < looks.down; ++row) {
    for (int column = 0; column < looks.across; ++column) {
      const uint8_t* const block =
          plane.At(column * kBlockSide, row * kBlockSide);
      std::array<uint8_t, kBlockSide> level{};
      const int sum = Sad(block, level.data(), 0, plane.width);
      const auto mean = static_cast<uint8_t>((sum + kSamples / 2) / kSamples);
      level.fill(mean);
      looks.blocks[static_cast<size_t>(row * looks.across + column)] = {
          mean, Sad(block, level.data(), 0, plane.width)};
    }
  }
  return looks;
}

MotionField FindMotion(const Pyramid& before, const Pyramid& now) {
  REEL_CHECK(before.size() == now.size());
  Vectors vectors;
  for (size_t level = now.size(); level-- > 1;)
    vectors = SearchLevel(before[level], now[level], vectors, [](auto&) {});
  MotionField field = MakeGrid<MotionBlock>(now[0]);
  size_t block = 0;
  SearchLevel(before[0], now[0], vectors, [&](const Search& search) {
    field.blocks[block++] = search.Finish();
  });
  return field;
}

}  // namespace reel::shots

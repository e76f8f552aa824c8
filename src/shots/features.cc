#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "shots/motion_search.h"
#include "shots/shots.h"
#include "shots/small_picture.h"

namespace reel::shots {
namespace {

using P = SmallPicture;
static_assert(P::kBlocksAcross == FrameFeatures::kColumns &&
              P::kBlocksDown == FrameFeatures::kRows &&
              P::kChromaCells == FrameFeatures{}.cb.size());

constexpr base::FormatTag kTag{.magic = "RLSF", .version = 1};
constexpr size_t kEntryBytes = 8 + 2 * 2 + 4 + P::kBlocks + 2 * P::kChromaCells;

// A block is novel when motion search leaves at least six tenths of what
// describing it by its mean alone would leave, and more than noise.
constexpr int kNovelTenths = 6;
constexpr int kNoise = kLevel / 2;

template <size_t kSize>
std::array<uint8_t, kSize> Levels(const std::array<int16_t, kSize>& means) {
  std::array<uint8_t, kSize> levels;
  for (size_t i = 0; i < kSize; ++i)
    levels[i] = static_cast<uint8_t>(means[i] / kLevel);
  return levels;
}

bool IsNovel(int residual, int deviation) {
  return residual >= kNoise && residual * 10 >= deviation * kNovelTenths;
}

struct Look {
  P picture;
  BlockTexture texture;
};

bool IsLive(const Look& before, const Look& now, size_t block) {
  return before.texture.deviation[block] >= kNoise ||
         now.texture.deviation[block] >= kNoise ||
         std::abs(now.texture.mean[block] - before.texture.mean[block]) >=
             kLevel;
}

// Whether it is only the light that changed. Asked of few frames: it is slow.
void CompareShapes(const Look& before, const Look& now,
                   FrameFeatures& features) {
  for (size_t block = 0; block < P::kBlocks; ++block) {
    const int deviation = now.texture.deviation[block];
    if (deviation < kNoise) continue;
    ++features.textured;
    if (IsNovel(
            ShapeResidual(before.picture, now.picture, static_cast<int>(block)),
            deviation)) {
      ++features.reshaped;
    }
  }
}

// Fills in what compares to the frame before.
void Compare(const Look& before, const Look& now, FrameFeatures& features) {
  const BlockValues residuals = MatchBlocks(before.picture, now.picture);
  int residual = 0, deviation = 0;
  for (size_t block = 0; block < P::kBlocks; ++block) {
    if (!IsLive(before, now, block)) continue;
    ++features.live;
    residual += residuals[block];
    deviation += now.texture.deviation[block];
    if (IsNovel(residuals[block], now.texture.deviation[block]))
      ++features.novel;
  }
  const int live = std::max<int>(features.live, 1);
  features.residual = static_cast<uint16_t>(residual / live);
  features.texture = static_cast<uint16_t>(deviation / live);
  if (features.novel > 0 && features.novel * 2 >= features.live)
    CompareShapes(before, now, features);
}

void CompareInsideBars(const Look& before, const Look& now,
                       FrameFeatures& features) {
  const ActiveArea area = FindActiveArea(before.picture, now.picture);
  if (area == ActiveArea{}) return Compare(before, now, features);
  const auto look = [&area](const Look& whole) {
    const P picture = Stretch(whole.picture, area);
    return Look{picture, MeasureTexture(picture)};
  };
  Compare(look(before), look(now), features);
}

}  // namespace

struct FeatureObserver::State {
  std::optional<Look> before;
  Features features;
};

FeatureObserver::FeatureObserver() : state_(std::make_unique<State>()) {}
FeatureObserver::~FeatureObserver() = default;

base::Status FeatureObserver::See(const media::DecodedFrame& frame) {
  Look now{MakeSmallPicture(frame.picture), {}};
  now.texture = MeasureTexture(now.picture);
  FrameFeatures features;
  features.packet = frame.packet;
  for (size_t block = 0; block < P::kBlocks; ++block) {
    features.luma[block] =
        static_cast<uint8_t>(now.texture.mean[block] / kLevel);
  }
  features.cb = Levels(now.picture.cb);
  features.cr = Levels(now.picture.cr);
  if (state_->before) CompareInsideBars(*state_->before, now, features);
  state_->features.push_back(features);
  state_->before = std::move(now);
  return {};
}

Features FeatureObserver::Take() { return std::exchange(state_->features, {}); }

Features MergeFeatures(std::span<const Features> pieces) {
  Features merged;
  for (const Features& piece : pieces) {
    const bool overlaps = !merged.empty() && !piece.empty() &&
                          merged.back().packet == piece.front().packet;
    merged.insert(merged.end(), piece.begin() + (overlaps ? 1 : 0),
                  piece.end());
  }
  return merged;
}

std::vector<uint8_t> Serialize(std::span<const FrameFeatures> features) {
  base::ByteWriter writer(kTag);
  writer.Put(uint64_t{features.size()});
  for (const FrameFeatures& f : features) {
    writer.Put(f.packet);
    for (const uint16_t value : {f.residual, f.texture}) writer.Put(value);
    for (const uint8_t blocks : {f.live, f.novel, f.textured, f.reshaped})
      writer.Put(blocks);
    writer.Put(f.luma);
    writer.Put(f.cb);
    writer.Put(f.cr);
  }
  return writer.Take();
}

base::Result<Features> ParseFeatures(std::span<const uint8_t> bytes) {
  base::ByteReader reader(bytes, kTag);
  const auto count = reader.Get<uint64_t>();
  if (!reader.ok() || reader.remaining() % kEntryBytes != 0 ||
      reader.remaining() / kEntryBytes != count) {
    return base::Fail(base::Code::kCorruptInput,
                      "not a list of shot features of version 1");
  }
  Features features(count);
  for (FrameFeatures& f : features) {
    f.packet = reader.Get<int64_t>();
    for (uint16_t* value : {&f.residual, &f.texture})
      *value = reader.Get<uint16_t>();
    for (uint8_t* blocks : {&f.live, &f.novel, &f.textured, &f.reshaped})
      *blocks = reader.Get<uint8_t>();
    reader.Get(f.luma);
    reader.Get(f.cb);
    reader.Get(f.cr);
  }
  return features;
}

}  // namespace reel::shots

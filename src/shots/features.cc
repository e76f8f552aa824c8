#include <algorithm>
#include <numeric>
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
constexpr size_t kEntryBytes = 8 + 4 * 2 + 2 + P::kBlocks + 2 * P::kChromaCells;

// A block is novel when motion search leaves at least six tenths of what
// describing it by its mean alone would leave, and more than noise.
constexpr int kNovelTenths = 6;
constexpr int kNoise = kLevel / 2;

uint16_t Mean(const BlockValues& values) {
  return static_cast<uint16_t>(
      std::accumulate(values.begin(), values.end(), 0) / P::kBlocks);
}

template <size_t kSize>
std::array<uint8_t, kSize> Levels(const std::array<int16_t, kSize>& means) {
  std::array<uint8_t, kSize> levels;
  for (size_t i = 0; i < kSize; ++i)
    levels[i] = static_cast<uint8_t>(means[i] / kLevel);
  return levels;
}

// Fills in what compares to the frame before.
void Compare(const P& before, const BlockTexture& texture_before, const P& now,
             const BlockTexture& texture, FrameFeatures& features) {
  const BlockMatch match = MatchBlocks(before, now);
  int residual = 0, deviation = 0;
  for (size_t block = 0; block < P::kBlocks; ++block) {
    const int step = texture.mean[block] - texture_before.mean[block];
    if (texture.deviation[block] < kNoise &&
        texture_before.deviation[block] < kNoise && std::abs(step) < kLevel) {
      continue;
    }
    ++features.live;
    residual += match.residual[block];
    deviation += texture.deviation[block];
    if (match.residual[block] >= kNoise &&
        match.residual[block] * 10 >= texture.deviation[block] * kNovelTenths) {
      ++features.novel;
    }
  }
  const int live = std::max<int>(features.live, 1);
  features.residual = static_cast<uint16_t>(residual / live);
  features.texture = static_cast<uint16_t>(deviation / live);
  features.change = Mean(match.change);
}

}  // namespace

struct FeatureObserver::State {
  struct Seen {
    P picture;
    BlockTexture texture;
  };
  std::optional<Seen> before;
  Features features;
};

FeatureObserver::FeatureObserver() : state_(std::make_unique<State>()) {}
FeatureObserver::~FeatureObserver() = default;

base::Status FeatureObserver::See(const media::DecodedFrame& frame) {
  State::Seen now{MakeSmallPicture(frame.picture), {}};
  now.texture = MeasureTexture(now.picture);
  FrameFeatures features;
  features.packet = frame.packet;
  features.detail = Mean(now.texture.deviation);
  for (size_t block = 0; block < P::kBlocks; ++block) {
    features.luma[block] =
        static_cast<uint8_t>(now.texture.mean[block] / kLevel);
  }
  features.cb = Levels(now.picture.cb);
  features.cr = Levels(now.picture.cr);
  if (const auto& before = state_->before) {
    Compare(before->picture, before->texture, now.picture, now.texture,
            features);
  }
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
    for (const uint16_t value : {f.residual, f.texture, f.change, f.detail})
      writer.Put(value);
    writer.Put(f.live);
    writer.Put(f.novel);
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
    for (uint16_t* value : {&f.residual, &f.texture, &f.change, &f.detail})
      *value = reader.Get<uint16_t>();
    f.live = reader.Get<uint8_t>();
    f.novel = reader.Get<uint8_t>();
    reader.Get(f.luma);
    reader.Get(f.cb);
    reader.Get(f.cr);
  }
  return features;
}

}  // namespace reel::shots

#include "quality/alignment.h"

#include <gtest/gtest.h>

#include <random>

namespace reel::quality {
namespace {

// Pictures that drift and cut now and then; `noise` in levels stands for
// coding.
model::Fingerprints Film(int64_t frames, double noise = 0) {
  std::mt19937 film(20240229), coder(7);
  std::uniform_int_distribution<int> scene(-2000, 2000), drift(-20, 20);
  std::normal_distribution<double> error(0, noise * 32 + 1e-9);
  model::Fingerprints all;
  std::array<int, model::kFingerprintProjections> at{};
  for (int64_t n = 0; n < frames; ++n) {
    model::Fingerprint fingerprint;
    for (size_t i = 0; i < at.size(); ++i) {
      at[i] = n % 37 == 0 ? scene(film) : at[i] + drift(film);
      fingerprint.projection[i] =
          static_cast<int16_t>(at[i] + static_cast<int>(error(coder)));
    }
    all.push_back(fingerprint);
  }
  return all;
}

model::Fingerprints From(const model::Fingerprints& all, int64_t first,
                         int64_t frames) {
  return {all.begin() + first, all.begin() + first + frames};
}

TEST(FindOffsetTest, FindsItBothWays) {
  const model::Fingerprints film = Film(300), coded = Film(300, 0.5);
  for (const int64_t offset : {0, 1, 24, 100}) {
    const auto late =
        FindOffset(From(film, 0, 200), From(coded, offset, 150), 120);
    ASSERT_TRUE(late.has_value()) << late.error().message;
    EXPECT_EQ(*late, offset);
    const auto early =
        FindOffset(From(film, offset, 150), From(coded, 0, 200), 120);
    ASSERT_TRUE(early.has_value()) << early.error().message;
    EXPECT_EQ(*early, -offset);
  }
}

TEST(FindOffsetTest, OtherPicturesHaveNone) {
  const model::Fingerprints film = Film(300);
  const auto none = FindOffset(From(film, 0, 100), From(film, 180, 100), 30);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, base::Code::kNotFound);
}

TEST(FindOffsetTest, AStillHasNoClearOne) {
  const model::Fingerprints still(100, Film(1).front());
  const auto none = FindOffset(still, still, 30);
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(none.error().message.find("too little moves"), std::string::npos);
}

TEST(FindOffsetTest, NoFramesHaveNone) {
  EXPECT_FALSE(FindOffset({}, Film(30), 10).has_value());
  EXPECT_FALSE(FindOffset(Film(30), {}, 10).has_value());
}

}  // namespace
}  // namespace reel::quality

#include "model/frames.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "model/packets.h"

namespace reel::model {
namespace {

using base::Rational;

FrameTable TableOf(const std::vector<int64_t>& times) {
  FrameTable frames;
  for (const int64_t pts : times)
    frames.push_back({static_cast<int64_t>(frames.size()), pts});
  return frames;
}

// Frames at `rate`, times rounded to `time_base`, from `first` on.
FrameTable Rounded(int frames, Rational rate, Rational time_base,
                   int64_t first = 0) {
  std::vector<int64_t> times;
  for (int i = 0; i < frames; ++i)
    times.push_back(first + base::Rescale(i, base::Inverse(rate), time_base));
  return TableOf(times);
}

Timeline MustMake(const FrameTable& frames, Rational time_base,
                  Rational nominal, int64_t last_duration = 0) {
  auto timeline = MakeTimeline(frames, time_base, nominal, last_duration);
  EXPECT_TRUE(timeline.has_value()) << timeline.error().message;
  return timeline.value_or(Timeline{});
}

// What every timeline promises.
void ExpectSound(const Timeline& timeline, size_t frames) {
  ASSERT_EQ(timeline.frames, static_cast<int64_t>(frames));
  EXPECT_EQ(timeline.Start(0), 0);
  EXPECT_GE(timeline.timescale_hz, 1000);
  EXPECT_LT(timeline.timescale_hz, int64_t{1} << 31);
  for (int64_t i = 0; i < timeline.frames; ++i)
    ASSERT_GT(timeline.Duration(i), 0) << "frame " << i;
}

struct Case {
  std::string name;
  Rational rate;
  int64_t want_clock_hz;
  int64_t want_ticks;
};
class FilmRateTest : public testing::TestWithParam<Case> {};

TEST_P(FilmRateTest, IsExactBehindEveryContainerClock) {
  const auto& [name, rate, clock, ticks] = GetParam();
  const Rational inverse = base::Inverse(rate);
  for (const Rational time_base :
       {Rational{1, 1000}, {1, 90'000}, {1, 1'000'000'000}, inverse}) {
    for (const int frames : {2, 3, 7, 100, 5000}) {
      SCOPED_TRACE(base::ToString(time_base) + " x " + std::to_string(frames));
      const Timeline got =
          MustMake(Rounded(frames, rate, time_base, 77), time_base, rate);
      EXPECT_EQ(got.timescale_hz, clock);
      EXPECT_EQ(got.frame_ticks, ticks);
      EXPECT_EQ(got.FrameRate(), rate);
      ExpectSound(got, frames);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rates, FilmRateTest,
    testing::Values(Case{"Film", {24, 1}, 12288, 512},
                    Case{"FilmNtsc", {24000, 1001}, 24000, 1001},
                    Case{"Pal", {25, 1}, 12800, 512},
                    Case{"Ntsc", {30000, 1001}, 30000, 1001},
                    Case{"Ntsc60", {60000, 1001}, 60000, 1001},
                    Case{"Traffic", {25, 2}, 12800, 1024}),
    [](const auto& c) { return c.param.name; });

TEST(TimelineTest, FindsTheRateThatTheFileDoesNotSay) {
  for (const Rational nominal : {Rational{0, 1}, {90'000, 1}, {1000, 1}}) {
    const Timeline got =
        MustMake(Rounded(500, {24000, 1001}, {1, 1000}), {1, 1000}, nominal);
    EXPECT_EQ(got.FrameRate(), (Rational{24000, 1001}));
  }
}

TEST(TimelineTest, KeepsGapsTickForTick) {
  auto frames = Rounded(100, {30, 1}, {1, 15360});
  frames.erase(frames.begin() + 45, frames.begin() + 48);
  const Timeline got = MustMake(frames, {1, 15360}, {30, 1}, 512);
  EXPECT_EQ(got.frame_ticks, 0);
  EXPECT_EQ(got.timescale_hz, 15360);
  EXPECT_EQ(got.Duration(44), 4 * 512);
  EXPECT_EQ(got.Duration(43), 512);
  EXPECT_EQ(got.Start(97), 100 * 512);
}

TEST(TimelineTest, MovesRepeatedAndBackwardTimesAsLittleAsPossible) {
  const Timeline got =
      MustMake(TableOf({0, 500, 500, 1500, 900, 2000}), {1, 10'000}, {}, 500);
  EXPECT_EQ(got.starts,
            (std::vector<int64_t>{0, 500, 501, 1500, 1501, 2000, 2500}));
}

TEST(TimelineTest, FramesWithoutTimesFollowTheNominalRate) {
  const FrameTable frames = TableOf(std::vector<int64_t>(50, kNoTime));
  const Timeline got = MustMake(frames, {1, 1000}, {24000, 1001});
  EXPECT_EQ(got.FrameRate(), (Rational{24000, 1001}));
  const Timeline mixed = MustMake(TableOf({kNoTime, 40, kNoTime, 120, kNoTime}),
                                  {1, 1000}, {25, 1});
  EXPECT_EQ(mixed.FrameRate(), (Rational{25, 1}));
}

TEST(TimelineTest, OneFrameLastsAsLongAsTheFileSays) {
  EXPECT_EQ(MustMake(TableOf({99}), {1, 1000}, {}, 2000).FrameRate(),
            (Rational{1, 2}));
  EXPECT_EQ(MustMake(TableOf({99}), {1, 1000}, {24, 1}, 42).FrameRate(),
            (Rational{24, 1}));
  EXPECT_EQ(MustMake(TableOf({kNoTime}), {1, 1000}, {}, 0).FrameRate(),
            (Rational{25, 1}));
}

TEST(TimelineTest, VariableTimesAreKeptToTheTick) {
  std::mt19937 rng(20240229);
  for (int trial = 0; trial < 300; ++trial) {
    const Rational time_base{static_cast<int64_t>(rng() % 3) + 1,
                             static_cast<int64_t>(rng() % 100'000) + 1};
    std::vector<int64_t> times{static_cast<int64_t>(rng() % 1000)};
    for (size_t i = rng() % 100 + 9; i > 0; --i)
      times.push_back(times.back() + 1 + static_cast<int64_t>(rng() % 999));
    const Timeline got = MustMake(TableOf(times), time_base, {30, 1});
    ExpectSound(got, times.size());
    ASSERT_EQ(got.frame_ticks, 0);
    for (size_t i = 0; i < times.size(); ++i) {
      const int64_t start = got.Start(static_cast<int64_t>(i));
      ASSERT_EQ((Rational{start, got.timescale_hz}),
                (Rational{(times[i] - times[0]) * base::Reduce(time_base).num,
                          base::Reduce(time_base).den}));
    }
  }
}

TEST(TimelineTest, AnyNumbersGiveASoundTimelineOrAnError) {
  std::mt19937_64 rng(20240229);
  const auto wild = [&] {
    const int shift = static_cast<int>(rng() % 64);
    return static_cast<int64_t>(rng()) >> shift;
  };
  for (int trial = 0; trial < 3000; ++trial) {
    FrameTable frames;
    for (size_t i = rng() % 6; i > 0; --i) frames.push_back({0, wild()});
    const Rational time_base{static_cast<int32_t>(wild()),
                             static_cast<int32_t>(wild())};
    const Rational nominal{static_cast<int32_t>(wild()),
                           static_cast<int32_t>(wild())};
    const auto got = MakeTimeline(frames, time_base, nominal, wild());
    if (got) ExpectSound(*got, frames.size());
  }
}

TEST(TimelineTest, RefusesNoFramesAndNoClock) {
  EXPECT_FALSE(MakeTimeline({}, {1, 1000}, {24, 1}, 0).has_value());
  EXPECT_FALSE(MakeTimeline(TableOf({0}), {0, 1000}, {24, 1}, 0).has_value());
  EXPECT_FALSE(MakeTimeline(TableOf({0}), {1, 0}, {24, 1}, 0).has_value());
}

TEST(FrameTableTest, ComesBackAsItWas) {
  const FrameTable frames{{3, 0}, {1, kNoTime}, {2, -1}};
  const auto got = ParseFrameTable(Serialize(frames));
  ASSERT_TRUE(got.has_value());
  ASSERT_EQ(got->size(), 3u);
  EXPECT_EQ((*got)[1].pts, kNoTime);
  EXPECT_EQ((*got)[2].packet, 2);
  EXPECT_EQ((*got)[2].pts, -1);
}

TEST(FrameTableTest, NoCutAndNoExtraByteGoesUnnoticed) {
  auto bytes = Serialize(FrameTable{{3, 0}, {1, 7}});
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ParseFrameTable(std::span(bytes).first(size)).has_value());
  bytes.push_back(0);
  EXPECT_FALSE(ParseFrameTable(bytes).has_value());
  const std::vector<uint8_t> huge{'R',  'L',  'F',  'T',  1,    0,
                                  0,    0,    0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0x0f};
  EXPECT_FALSE(ParseFrameTable(huge).has_value());
}

}  // namespace
}  // namespace reel::model

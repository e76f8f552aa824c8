#include "service/scaling.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace reel::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr ScalingPolicy kPolicy{.min_workers = 1, .max_workers = 8};

// What happens at a second, and how many workers are wanted then.
struct Moment {
  int second;
  std::optional<platform::QueueDepth> depth;
  int want;
};

struct Case {
  std::string name;
  int workers;  // in the beginning; later, as many as were wanted
  std::vector<Moment> moments;
};

class WantedWorkersTest : public testing::TestWithParam<Case> {};

TEST_P(WantedWorkersTest, FollowsTheQueue) {
  ScalingState state;
  int workers = GetParam().workers;
  for (const Moment& moment : GetParam().moments) {
    workers = WantedWorkers(kPolicy,
                            {.now = seconds(moment.second),
                             .depth = moment.depth,
                             .workers = workers},
                            state);
    ASSERT_EQ(workers, moment.want) << "second " << moment.second;
  }
}

constexpr platform::QueueDepth Ready(int64_t ready, int64_t held = 0) {
  return {.ready = ready, .held = held};
}
constexpr platform::QueueDepth Held(int64_t held) { return Ready(0, held); }

INSTANTIATE_TEST_SUITE_P(
    Cases, WantedWorkersTest,
    testing::Values(
        Case{"StartsWithTheMinimum", 0, {{0, Held(0), 1}}},
        Case{"StartsTheMinimumWithoutAQueue", 0, {{0, std::nullopt, 1}}},
        Case{"ABurstIsMetAtOnce", 1, {{0, Held(0), 1}, {1, Ready(6), 6}}},
        Case{"ABurstIsMetOnce",
             1,
             {{0, Ready(6), 6}, {1, Ready(6), 6}, {4, Ready(2, 4), 6}}},
        Case{"NeverMoreThanTheMaximum", 1, {{0, Ready(100'000), 8}}},
        Case{"AFewThatWaitTooLongGetAsManyWorkers",
             4,
             {{0, Ready(2, 4), 4}, {4, Ready(2, 4), 4}, {5, Ready(2, 4), 6}}},
        Case{"NewWorkersGetTimeToo",
             4,
             {{0, Ready(1, 4), 4},
              {5, Ready(1, 4), 5},
              {6, Ready(1, 4), 5},
              {9, Ready(1, 5), 5},
              {10, Ready(1, 5), 6}}},
        Case{"WaitingMustGoOnWithoutAPause",
             4,
             {{0, Ready(1, 4), 4},
              {4, Held(4), 4},
              {5, Ready(1, 4), 4},
              {9, Ready(1, 4), 4},
              {10, Ready(1, 4), 5}}},
        Case{"SteadyLoadChangesNothing",
             4,
             {{0, Held(4), 4}, {60, Held(4), 4}, {3600, Held(4), 4}}},
        Case{"IdleWorkersEndOneAfterAnother",
             4,
             {{0, Held(0), 4},
              {59, Held(0), 4},
              {60, Held(0), 3},
              {61, Held(0), 2},
              {62, Held(0), 1},
              {63, Held(0), 1}}},
        Case{"AsManyStayAsTheBusiestMomentNeeded",
             6,
             {{0, Held(1), 6},
              {30, Held(4), 6},
              {60, Held(0), 5},
              {61, Held(0), 4},
              {62, Held(0), 4},
              {121, Held(0), 4},
              {122, Held(0), 3}}},
        Case{"FlappingLoadKeepsItsWorkers",
             4,
             {{0, Held(0), 4},
              {50, Ready(3), 4},
              {51, Held(3), 4},
              {100, Ready(1), 4},
              {101, Held(0), 4},
              {160, Held(4), 4},
              {219, Held(0), 4}}},
        Case{"ASilentQueueChangesNothing",
             4,
             {{0, Held(0), 4}, {59, std::nullopt, 4}, {61, Held(0), 4}}},
        Case{"MoreThanTheMaximumEndAtOnce", 9, {{0, Held(9), 8}}}),
    [](const auto& c) { return c.param.name; });

TEST(ScalingTest, OneWorkerEndsBeforeTheNextIsTold) {
  ScalingState state;
  const auto wanted = [&](int second, int workers, int stopping) {
    return WantedWorkers(kPolicy,
                         {.now = seconds(second),
                          .depth = Held(0),
                          .workers = workers,
                          .stopping = stopping},
                         state);
  };
  EXPECT_EQ(wanted(0, 4, 0), 4);
  EXPECT_EQ(wanted(60, 4, 0), 3);
  EXPECT_EQ(wanted(61, 3, 1), 3);
  EXPECT_EQ(wanted(62, 3, 0), 2);
}

// Seconds from a start to the next, of workers that all live for `lived`.
std::vector<double> Pauses(milliseconds lived, int count) {
  ScalingState state;
  std::vector<double> pauses;
  milliseconds now{0};
  for (int i = 0; i < count; ++i) {
    NoteCrash("here", now, lived, state);
    const milliseconds began = now;
    while (WantedWorkers(kPolicy, {.now = now, .depth = Ready(1)}, state) == 0)
      now += milliseconds(10);
    pauses.push_back(static_cast<double>((now - began).count()) / 1000);
  }
  return pauses;
}

TEST(ScalingTest, CrashesInARowAreAnsweredMoreAndMoreSlowly) {
  double most = 1;
  for (const double pause : Pauses(seconds(2), 12)) {
    EXPECT_GE(pause, most / 2);
    EXPECT_LE(pause, most + 0.01);
    most = std::min(most * 2, 60.0);
  }
}

TEST(ScalingTest, AWorkerThatLivedIsReplacedSoon) {
  for (const double pause : Pauses(seconds(60), 12)) EXPECT_LE(pause, 1.01);
}

TEST(ScalingTest, ACrashLoopEndsNoneOfTheOthers) {
  ScalingState state;
  NoteCrash("here", seconds(10), seconds(1), state);
  EXPECT_EQ(
      WantedWorkers(kPolicy,
                    {.now = seconds(10), .depth = Ready(7, 2), .workers = 2},
                    state),
      2);
}

}  // namespace
}  // namespace reel::service

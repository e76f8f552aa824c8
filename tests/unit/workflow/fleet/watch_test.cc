#include "workflow/fleet/watch.h"

#include <gtest/gtest.h>

namespace reel::workflow::fleet {
namespace {

TEST(TaskTimesTest, ExpectsNothingOfWhatItHasHardlySeen) {
  TaskTimes times;
  for (int i = 0; i < 7; ++i) times.Note("encode", 10, 20);
  EXPECT_FALSE(times.ExpectedSeconds("encode", 10));
  times.Note("encode", 10, 20);
  EXPECT_DOUBLE_EQ(*times.ExpectedSeconds("encode", 5), 10);
  EXPECT_FALSE(times.ExpectedSeconds("other", 5));
}

TEST(TaskTimesTest, TheLastOnesCountMost) {
  TaskTimes times;
  for (int i = 0; i < 100; ++i) times.Note("encode", 1, 1);
  for (int i = 0; i < 100; ++i) times.Note("encode", 1, 3);
  EXPECT_GT(*times.ExpectedSeconds("encode", 1), 2.9);
}

TEST(JudgeBySpecTest, FollowsTheRetryPolicyOfTheTask) {
  TaskSpec spec;
  spec.retry.max_attempts = 2;
  const std::string text = base::DumpJson(spec);
  platform::EndedAttempt ended{.task_id = "t"};
  ended.error = {base::Code::kIo, "disk"};
  EXPECT_EQ(JudgeBySpec(ended, text, 1).after, platform::AfterFailure::kRetry);
  EXPECT_EQ(JudgeBySpec(ended, text, 2).after, platform::AfterFailure::kFail);
  ended.error = {base::Code::kUnsupported, "no"};
  EXPECT_EQ(JudgeBySpec(ended, text, 1).after, platform::AfterFailure::kFail);
  ended.crashed = true;
  EXPECT_EQ(JudgeBySpec(ended, text, 1).after, platform::AfterFailure::kRetry);
  ended.lost_input = true;
  EXPECT_EQ(JudgeBySpec(ended, text, 1).after,
            platform::AfterFailure::kRelease);
}

TEST(FleetViewTest, WhoIsSilentIsForgottenAndASilentServerIsNobodysFault) {
  int64_t now_ms = 1'000'000;
  FleetView view([&] { return now_ms; });
  Beat beat{.worker = "w",
            .host = "h",
            .version = "1",
            .services = {"a"},
            .slots = 3,
            .tasks = {{"t", 1, 0.5}}};
  view.Note(beat);
  EXPECT_EQ(view.Slots("a"), 3);
  EXPECT_EQ(view.Slots("b"), 0);
  EXPECT_EQ(view.LastSign("t", 1), now_ms);
  EXPECT_FALSE(view.LastSign("t", 2));
  EXPECT_EQ(view.since_ms(), 1'000'000);
  now_ms += 20'000;
  beat.worker = "x";
  beat.tasks.clear();
  view.Note(beat);
  EXPECT_EQ(view.since_ms(), now_ms);  // nobody was heard meanwhile
  now_ms += 20'000;
  view.Note(beat);
  EXPECT_EQ(view.Workers().size(), 1u);
  beat.slots = 0;
  view.Note(beat);
  EXPECT_TRUE(view.Workers().empty());
}

}  // namespace
}  // namespace reel::workflow::fleet

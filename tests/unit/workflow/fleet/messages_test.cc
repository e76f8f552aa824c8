#include "workflow/fleet/messages.h"

#include <gtest/gtest.h>

namespace reel::workflow::fleet {
namespace {

// Every key, as docs/formats/fleet-messages.md has it.
TEST(FleetMessagesTest, AReportGoesThereAndBack) {
  const std::string text =
      R"({"artifacts":{"out":{"digest":"d","size":7}},"cpu_seconds":1.5,)"
      R"("crashed":true,"end":"failed","error":{"code":"io","message":"disk"},)"
      R"("exit_code":3,"fence":4,"host":"h","last_words":"w","lost":["x"],)"
      R"("parts":[{"identity":"p","outputs":["out"]}],"peak_rss_bytes":9,)"
      R"("read_bytes":8,"signal":11,"task":"t","wall_seconds":2.5,"worker":"n"})";
  const auto report = base::ParseJsonAs<AttemptReport>(text);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->end, AttemptEnd::kFailed);
  EXPECT_EQ(report->error->code, base::Code::kIo);
  EXPECT_EQ(base::DumpJson(*report), text);
}

TEST(FleetMessagesTest, AnAnswerGoesThereAndBack) {
  StartAnswer answer;
  TaskSpec spec;
  spec.service = "encode";
  spec.kind = "encode_chunk";
  answer.tasks.push_back({"t", StartVerdict::kStart, 2, 1, spec});
  answer.tasks.push_back({"u", StartVerdict::kDrop, 0, 0, std::nullopt});
  const std::string text = base::DumpJson(answer);
  const auto again = base::ParseJsonAs<StartAnswer>(text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(base::DumpJson(*again), text);
  EXPECT_EQ(again->tasks[0].spec->kind, "encode_chunk");
  EXPECT_EQ(again->tasks[1].verdict, StartVerdict::kDrop);
}

TEST(FleetMessagesTest, ABeatGoesThereAndBack) {
  const std::string text =
      R"({"draining":true,"host":"h","load":1.5,"services":["a"],"slots":2,)"
      R"("tasks":[{"fence":1,"fraction":0.5,"task":"t"}],"version":"1",)"
      R"("worker":"w"})";
  const auto beat = base::ParseJsonAs<Beat>(text);
  ASSERT_TRUE(beat) << beat.error().message;
  EXPECT_EQ(base::DumpJson(*beat), text);
}

TEST(FleetMessagesTest, LogsTellTheTaskOfALeaseAndItsTrace) {
  platform::Lease lease{.task_id = "a"};
  EXPECT_EQ(LogFieldsOf(lease), (base::LogFields{{"task", "a"}}));
  lease.payload = base::DumpJson(TaskPayload{"make", 1, ""});
  EXPECT_EQ(LogFieldsOf(lease), (base::LogFields{{"task", "a"}}));
  lease.payload = base::DumpJson(TaskPayload{"make", 1, "t"});
  EXPECT_EQ(LogFieldsOf(lease),
            (base::LogFields{{"task", "a"}, {"trace", "t"}}));
}

TEST(FleetMessagesTest, WhatIsNoneIsRefused) {
  for (const char* text : {"{}", "[]", R"({"task": 7})"}) {
    EXPECT_FALSE(base::ParseJsonAs<AttemptReport>(text)) << text;
    EXPECT_FALSE(base::ParseJsonAs<Beat>(text)) << text;
    EXPECT_FALSE(base::ParseJsonAs<StartRequest>(text)) << text;
  }
}

}  // namespace
}  // namespace reel::workflow::fleet

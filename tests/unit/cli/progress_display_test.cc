#include "cli/progress_display.h"

#include <gtest/gtest.h>

#include <string>

namespace reel::cli {
namespace {

workflow::WantedTask Task(const std::string& id, double cost) {
  workflow::WantedTask task;
  task.id = id;
  task.spec.service = "encode";
  task.spec.kind = "encode_chunk";
  task.spec.label = "chunk " + id;
  task.spec.cost = cost;
  return task;
}

class ProgressDisplayTest : public ::testing::Test {
 protected:
  DisplayOptions Options(bool is_terminal) {
    return {.is_terminal = is_terminal,
            .columns = 59,
            .clock = [this] { return now_; },
            .write = [this](const std::string& text) { written_ += text; },
            .frames = [] { return 100; }};
  }
  Seconds now_ = 1000;
  std::string written_;
};

TEST_F(ProgressDisplayTest, WritesPlainLinesInAPipeEveryFiveSeconds) {
  ProgressDisplay display(Options(/*is_terminal=*/false));
  const auto a = Task("1", 3), b = Task("2", 1);
  display.Wanted(a);
  display.Wanted(b);
  display.Wanted(b);  // asked for again
  display.Started(a, "w");
  now_ += 4.9;
  display.Finished(a);
  display.Tick();
  EXPECT_EQ(written_, "");
  now_ += 0.1;
  display.Tick();
  EXPECT_EQ(written_, "reel: encode 75 %, 15 frames/s, 0:02 left\n");
}

TEST_F(ProgressDisplayTest, ATaskThatIsTriedAgainStartsFromTheBeginning) {
  ProgressDisplay display(Options(/*is_terminal=*/false));
  const auto a = Task("1", 1);
  display.Wanted(a);
  display.Started(a, "w");
  display.Progressed(a, 0.5);
  display.Retried(a, {base::Code::kIo, "disk gone"});
  EXPECT_EQ(written_,
            "reel: encode_chunk (chunk 1): disk gone; trying again\n");
  now_ += 5;
  display.Tick();
  EXPECT_NE(written_.find("encode 0 %"), std::string::npos) << written_;
}

TEST_F(ProgressDisplayTest, RedrawsItsBarsOnATerminal) {
  {
    ProgressDisplay display(Options(/*is_terminal=*/true));
    display.Show("ingest", 0.5);
    now_ += 1;
    display.Tick();
    display.Failed(Task("1", 1), {base::Code::kIo, "disk gone"});
  }
  const std::string bar =
      "ingest    ━━━━━╌╌╌╌╌  50 %     50 frames/s      0:01 left\n";
  const std::string erase = "\x1b[1A\x1b[J";
  EXPECT_EQ(written_, bar + erase +
                          "reel: encode_chunk (chunk 1) failed: disk gone\n" +
                          bar + erase + bar);
}

}  // namespace
}  // namespace reel::cli

// The law of the queue's seam, for every implementation of it.
#include "platform/task_queue.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "platform/sqlite_queue.h"
#include "testing/temp_dir.h"

namespace reel::platform {
namespace {

using base::Code;
using namespace std::chrono_literals;

struct Kind {
  std::string name;
  // A queue on the state in `directory`: a second one shares its tasks.
  std::function<std::unique_ptr<TaskQueue>(const std::string& directory,
                                           ClockMs clock)>
      open;
};

class TaskQueueTest : public ::testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<TaskQueue> Open() {
    return GetParam().open(dir_.path(), [this] { return now_ms_; });
  }
  void Publish(const std::vector<QueuedTask>& tasks) {
    ASSERT_TRUE(queue_->Publish(tasks));
  }
  std::optional<Lease> Pull() { return queue_->Pull(10s).value(); }
  std::string PullId() {
    const auto lease = Pull();
    return lease ? lease->task_id : "";
  }

  testing::TempDir dir_;
  int64_t now_ms_ = 1'000'000;
  std::unique_ptr<TaskQueue> queue_ = Open();
};

TEST_P(TaskQueueTest, HigherPriorityThenLongerThenEarlierGoesFirst) {
  Publish({{"short", 0, 1}, {"long", 0, 9}, {"urgent", 5, 0}, {"later", 0, 1}});
  for (const char* want : {"urgent", "long", "short", "later", ""}) {
    EXPECT_EQ(PullId(), want);
  }
}

TEST_P(TaskQueueTest, LeasedTaskIsNobodyElsesUntilItExpires) {
  Publish({{"a"}});
  const auto first = Pull();
  ASSERT_TRUE(first);
  EXPECT_FALSE(Pull());
  now_ms_ += 9'999;
  EXPECT_FALSE(Pull());
  now_ms_ += 1;
  const auto second = Pull();
  ASSERT_TRUE(second);
  EXPECT_GT(second->token, first->token);
}

TEST_P(TaskQueueTest, StaleLeaseChangesNothing) {
  Publish({{"a"}});
  const auto stale = Pull();
  now_ms_ += 10'000;
  const auto lease = Pull();
  EXPECT_EQ(queue_->Ack(*stale).error().code, Code::kConflict);
  EXPECT_EQ(queue_->Extend(*stale, 1h).error().code, Code::kConflict);
  EXPECT_EQ(queue_->Nak(*stale, 0s).error().code, Code::kConflict);
  EXPECT_TRUE(queue_->Ack(*lease));
  EXPECT_EQ(queue_->Ack(*lease).error().code, Code::kConflict);
}

TEST_P(TaskQueueTest, TokensGrowEvenAfterATaskWasAcknowledged) {
  Publish({{"a"}});
  const auto first = Pull();
  ASSERT_TRUE(queue_->Ack(*first));
  Publish({{"a"}});
  EXPECT_GT(Pull()->token, first->token);
}

TEST_P(TaskQueueTest, ExtendedLeaseLivesOn) {
  Publish({{"a"}});
  const auto lease = Pull();
  now_ms_ += 9'000;
  ASSERT_TRUE(queue_->Extend(*lease, 10s));
  now_ms_ += 9'000;
  EXPECT_FALSE(Pull());
  now_ms_ += 5'000;
  EXPECT_TRUE(queue_->Extend(*lease, 10s)) << "expired, but nobody took it";
}

TEST_P(TaskQueueTest, HandedBackTaskReturnsAfterItsDelay) {
  Publish({{"a"}});
  const auto lease = Pull();
  ASSERT_TRUE(queue_->Nak(*lease, 30s));
  EXPECT_EQ(queue_->Ack(*lease).error().code, Code::kConflict);
  now_ms_ += 29'999;
  EXPECT_FALSE(Pull());
  now_ms_ += 1;
  EXPECT_EQ(PullId(), "a");
}

TEST_P(TaskQueueTest, PublishingAgainMakesReadyAtOnce) {
  Publish({{"a", 0, 1}, {"b", 0, 2}});
  const auto lost = Pull();
  EXPECT_EQ(lost->task_id, "b");
  Publish({{"b", 0, 0}});
  EXPECT_EQ(queue_->Ack(*lost).error().code, Code::kConflict);
  EXPECT_EQ(PullId(), "a") << "with the new cost";
  EXPECT_EQ(PullId(), "b");
  EXPECT_EQ(PullId(), "") << "and once";
}

TEST_P(TaskQueueTest, DepthCountsReadyAndHeld) {
  Publish({{"a"}, {"b"}, {"c"}});
  const auto lease = Pull();
  EXPECT_EQ(queue_->Depth()->ready, 2);
  EXPECT_EQ(queue_->Depth()->held, 1);
  ASSERT_TRUE(queue_->Ack(*lease));
  EXPECT_EQ(queue_->Depth()->held, 0);
}

TEST_P(TaskQueueTest, OneTaskIsPulledOnceByManyAtATime) {
  constexpr int kTasks = 200, kPullers = 4;
  std::vector<QueuedTask> tasks;
  for (int i = 0; i < kTasks; ++i) tasks.push_back({std::to_string(i)});
  Publish(tasks);
  std::vector<std::vector<std::string>> pulled(kPullers);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kPullers; ++i) {
      threads.emplace_back([&, i] {
        const auto queue = Open();
        while (const auto lease = queue->Pull(10s).value()) {
          pulled[static_cast<size_t>(i)].push_back(lease->task_id);
        }
      });
    }
  }
  std::multiset<std::string> all;
  for (const auto& some : pulled) all.insert(some.begin(), some.end());
  EXPECT_EQ(all.size(), size_t{kTasks});
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), size_t{kTasks});
}

INSTANTIATE_TEST_SUITE_P(Kinds, TaskQueueTest,
                         ::testing::Values(Kind{
                             "Sqlite",
                             [](const std::string& directory, ClockMs clock) {
                               return OpenSqliteQueue(directory + "/state.db",
                                                      std::move(clock))
                                   .value();
                             }}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace reel::platform

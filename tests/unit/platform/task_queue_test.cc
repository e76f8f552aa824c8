// The law of the queue's seam, for every implementation of it.
#include "platform/task_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "platform/nats_queue.h"
#include "platform/sqlite_queue.h"
#include "testing/temp_dir.h"
#include "testing/test_nats.h"

namespace reel::platform {
namespace {

using base::Code;
using namespace std::chrono_literals;

// Leases are short where time passes by itself.
struct Kind {
  std::string name;
  std::chrono::milliseconds lease;
  bool has_own_clock;
  // A queue on the state in `directory`: a second one shares its tasks.
  // nullptr: no server runs.
  std::function<std::unique_ptr<TaskQueue>(const std::string& directory,
                                           ClockMs clock)>
      open;
  friend void PrintTo(const Kind& kind, std::ostream* out) {
    *out << kind.name;
  }
};

class TaskQueueTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (!queue_) GTEST_SKIP() << testing::kNoNats;
  }
  std::unique_ptr<TaskQueue> Open() {
    return GetParam().open(dir_.path(), [this] { return now_ms_; });
  }
  void Publish(const std::vector<QueuedTask>& tasks) {
    const auto status = queue_->Publish(tasks);
    ASSERT_TRUE(status) << status.error().message;
  }
  std::optional<Lease> Pull(const std::vector<std::string>& services = {}) {
    return queue_->Pull(services, lease_).value();
  }
  std::string PullId(const std::vector<std::string>& services = {}) {
    const auto lease = Pull(services);
    return lease ? lease->task_id : "";
  }
  // What comes within some seconds where time passes by itself.
  std::optional<Lease> PullSoon() {
    for (int i = 0; i < 100; ++i) {
      if (auto lease = Pull()) return lease;
      if (GetParam().has_own_clock) return std::nullopt;
      std::this_thread::sleep_for(50ms);
    }
    return std::nullopt;
  }
  // As often as that is possible.
  void PullInVain(const std::string& task_id) {
    for (int i = 0; i < kMostDeliveries; ++i) {
      const auto lease = PullSoon();
      ASSERT_TRUE(lease) << "delivery " << i;
      ASSERT_EQ(lease->task_id, task_id);
      ASSERT_TRUE(queue_->Nak(*lease, 0s));
    }
  }
  // Who pulls gives it up, and gets nothing.
  std::vector<DeadLetter> DeadLettersSoon() {
    for (int i = 0; i < 100; ++i) {
      EXPECT_FALSE(Pull());
      auto letters = queue_->DeadLetters(10).value();
      if (!letters.empty() || GetParam().has_own_clock) return letters;
      std::this_thread::sleep_for(50ms);
    }
    return {};
  }
  void Wait(std::chrono::milliseconds time) {
    now_ms_ += time.count();
    if (!GetParam().has_own_clock) std::this_thread::sleep_for(time);
  }

  testing::TempDir dir_;
  const std::chrono::milliseconds lease_ = GetParam().lease;
  int64_t now_ms_ = 1'000'000;
  std::unique_ptr<TaskQueue> queue_ = Open();
};

TEST_P(TaskQueueTest, HigherPriorityThenLongerThenEarlierGoesFirst) {
  Publish({{"short", 0, 1}, {"long", 0, 9}, {"urgent", 5, 0}, {"later", 0, 1}});
  for (const char* want : {"urgent", "long", "short", "later", ""}) {
    EXPECT_EQ(PullId(), want);
  }
}

TEST_P(TaskQueueTest, AWorkerTakesWhatItsServicesAre) {
  Publish({{"a", 0, 1, "encode"}, {"b", 5, 1, "audio"}, {"c", 0, 9, "plan"}});
  EXPECT_EQ(PullId({"nothing"}), "");
  EXPECT_EQ(PullId({"encode"}), "a");
  EXPECT_EQ(PullId({"encode", "plan"}), "c");
  EXPECT_EQ(PullId(), "b");
}

TEST_P(TaskQueueTest, SeveralArePulledTheHighestPriorityFirst) {
  Publish({{"low", 1, 1, "encode"},
           {"now", 9, 1, "audio", R"({"text": "\n"})"},
           {"now_too", 9, 1, "encode"},
           {"normal", 5, 1, "encode"},
           {"not_mine", 9, 1, "plan"}});
  const std::vector<std::string> services = {"audio", "encode"};
  const auto some = queue_->PullSome(services, 5, 2, lease_).value();
  const auto more = queue_->PullSome(services, 5, 10, lease_).value();
  ASSERT_EQ(some.size(), 2u);
  ASSERT_EQ(more.size(), 1u);
  EXPECT_EQ(more.front().task_id, "normal");
  EXPECT_EQ(more.front().priority, 5);
  const Lease& now = some[0].task_id == "now" ? some[0] : some[1];
  EXPECT_EQ(now.task_id, "now");
  EXPECT_EQ(now.payload, R"({"text": "\n"})");
  EXPECT_EQ(now.priority, 9);
  EXPECT_EQ(PullId({"encode"}), "low");
}

TEST_P(TaskQueueTest, LeasedTaskIsNobodyElsesUntilItExpires) {
  Publish({{"a"}});
  const auto first = Pull();
  ASSERT_TRUE(first);
  EXPECT_FALSE(Pull());
  if (GetParam().has_own_clock) {
    Wait(lease_ - 1ms);
    EXPECT_FALSE(Pull());
    Wait(1ms);
  } else {
    Wait(lease_);
  }
  const auto second = PullSoon();
  ASSERT_TRUE(second);
  EXPECT_GT(second->token, first->token);
}

TEST_P(TaskQueueTest, StaleLeaseChangesNothing) {
  Publish({{"a"}});
  const auto stale = Pull();
  ASSERT_TRUE(stale);
  Wait(lease_);
  const auto lease = PullSoon();
  ASSERT_TRUE(lease);
  EXPECT_EQ(queue_->Ack(*stale).error().code, Code::kConflict);
  EXPECT_EQ(queue_->Extend(*stale, lease_).error().code, Code::kConflict);
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
  ASSERT_TRUE(lease);
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(queue_->Extend(*lease, lease_));
    Wait(lease_ / 4);
    EXPECT_FALSE(Pull());
  }
  Wait(lease_);
  EXPECT_TRUE(queue_->Extend(*lease, lease_)) << "expired, but nobody took it";
}

TEST_P(TaskQueueTest, HandedBackTaskReturnsAfterItsDelay) {
  Publish({{"a"}});
  const auto lease = Pull();
  ASSERT_TRUE(queue_->Nak(*lease, lease_));
  EXPECT_EQ(queue_->Ack(*lease).error().code, Code::kConflict);
  EXPECT_FALSE(Pull());
  Wait(lease_);
  const auto again = PullSoon();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->task_id, "a");
}

TEST_P(TaskQueueTest, PublishingAgainMakesReadyAtOnce) {
  Publish({{"a", 0, 1}, {"b", 0, 2}});
  const auto lost = Pull();
  EXPECT_EQ(lost->task_id, "b");
  Publish({{"b", 0, 0}});
  EXPECT_EQ(PullId(), "a");
  EXPECT_EQ(PullId(), "b");
  EXPECT_EQ(PullId(), "") << "and once";
  EXPECT_EQ(queue_->Ack(*lost).error().code, Code::kConflict);
}

TEST_P(TaskQueueTest, AQueueThatNeverHadATaskIsEmpty) {
  const auto depths = queue_->Depths();
  ASSERT_TRUE(depths.has_value()) << depths.error().message;
  EXPECT_TRUE(depths->empty());
}

TEST_P(TaskQueueTest, DepthCountsReadyAndHeld) {
  Publish({{"a"}, {"b"}, {"c", 3, 0, "encode"}});
  const auto lease = Pull();
  EXPECT_EQ(queue_->Depth()->ready, 2);
  EXPECT_EQ(queue_->Depth()->held, 1);
  ASSERT_TRUE(queue_->Ack(*lease));
  EXPECT_EQ(queue_->Depth()->held, 0);
}

TEST_P(TaskQueueTest, WhatIsGivenOutTooOftenInVainIsDead) {
  Publish({{"a", 5, 1, "encode", "what"}});
  ASSERT_NO_FATAL_FAILURE(PullInVain("a"));
  const auto letters = DeadLettersSoon();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].task.task_id, "a");
  EXPECT_EQ(letters[0].task.service, "encode");
  EXPECT_EQ(letters[0].task.priority, 5);
  EXPECT_EQ(letters[0].task.payload, "what");
  EXPECT_EQ(letters[0].deliveries, kMostDeliveries);
  EXPECT_GT(letters[0].at_ms, 0);
  EXPECT_EQ(queue_->Depth()->ready, 0);
  EXPECT_EQ(queue_->Depth()->held, 0);
  EXPECT_EQ(Open()->DeadLetters(10)->size(), 1u) << "and all see it";
  ASSERT_TRUE(queue_->Discard(letters[0]));
  EXPECT_EQ(queue_->DeadLetters(10)->size(), 0u);
  EXPECT_TRUE(queue_->Discard(letters[0])) << "twice is no harm";
}

TEST_P(TaskQueueTest, ADeadLetterLivesWhenItIsPublishedAgain) {
  Publish({{"a"}});
  ASSERT_NO_FATAL_FAILURE(PullInVain("a"));
  const auto letters = DeadLettersSoon();
  ASSERT_EQ(letters.size(), 1u);
  Publish({letters[0].task});
  ASSERT_TRUE(queue_->Discard(letters[0]));
  const auto lease = Pull();
  ASSERT_TRUE(lease);
  EXPECT_TRUE(queue_->Nak(*lease, 0s));
  EXPECT_TRUE(PullSoon()) << "counted anew";
  EXPECT_EQ(queue_->DeadLetters(10)->size(), 0u);
}

TEST_P(TaskQueueTest, WhatIsOutOfBoundsIsRefused) {
  for (const QueuedTask& wrong :
       {QueuedTask{"a", 10, 1}, QueuedTask{"a", -1, 1},
        QueuedTask{"a", 0, 1, "en.code"}, QueuedTask{"a", 0, 1, "a'b"},
        QueuedTask{"a", 0, 1, "", std::string(kMostPayloadBytes + 1, 'x')}}) {
    EXPECT_EQ(queue_->Publish(std::span(&wrong, 1)).error().code,
              Code::kInvalidArgument);
  }
  const std::vector<std::string> wrong{"a' or 1=1"};
  EXPECT_EQ(queue_->Pull(wrong, lease_).error().code, Code::kInvalidArgument);
}

TEST_P(TaskQueueTest, ASecondQueueSharesItsTasks) {
  Publish({{"a"}, {"b"}});
  const auto other = Open();
  ASSERT_TRUE(Pull());
  const auto lease = other->Pull({}, lease_);
  ASSERT_TRUE(lease) << lease.error().message;
  ASSERT_TRUE(*lease);
  EXPECT_TRUE(other->Ack(**lease));
  EXPECT_EQ(queue_->Depth()->held, 1);
}

TEST_P(TaskQueueTest, OneTaskIsPulledOnceByManyAtATime) {
  constexpr int kTasks = 200, kPullers = 4;
  std::vector<QueuedTask> tasks;
  for (int i = 0; i < kTasks; ++i) tasks.push_back({std::to_string(i)});
  Publish(tasks);
  const std::chrono::milliseconds lease = lease_;
  std::vector<std::vector<std::string>> pulled(kPullers);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kPullers; ++i) {
      threads.emplace_back([&, i] {
        const auto queue = Open();
        while (const auto task = queue->Pull({}, lease).value()) {
          pulled[static_cast<size_t>(i)].push_back(task->task_id);
        }
      });
    }
  }
  std::multiset<std::string> all;
  for (const auto& some : pulled) all.insert(some.begin(), some.end());
  EXPECT_EQ(all.size(), size_t{kTasks});
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), size_t{kTasks});
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, TaskQueueTest,
    ::testing::Values(Kind{"Sqlite", 10s, true,
                           [](const std::string& directory, ClockMs clock) {
                             return OpenSqliteQueue(directory + "/state.db",
                                                    std::move(clock))
                                 .value();
                           }},
                      Kind{"Nats", 2s, false,
                           [](const std::string& directory,
                              const ClockMs&) -> std::unique_ptr<TaskQueue> {
                             const auto options = testing::TestNats(directory);
                             if (!options) return nullptr;
                             return OpenNatsQueue(
                                        NatsConnection::Open(*options).value(),
                                        2s)
                                 .value();
                           }}),
    [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace reel::platform

// One worker, whose tasks last as long as the test wants, and whose
// orchestrator is the test.
#include "workflow/fleet/fleet_worker.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "platform/sqlite_queue.h"
#include "testing/fake_tasks.h"
#include "testing/memory_bus.h"
#include "testing/noted_seams.h"
#include "testing/temp_dir.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using base::Status;
using platform::kLeastPriority;
using platform::kMostPriority;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using testing::Becomes;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;

// What the runners of a worker do, as told by the test.
class Stage {
 public:
  void End(const std::string& task, AttemptReport report) {
    const std::lock_guard lock(mu_);
    ended_[task] = std::move(report);
  }
  void Set(const std::string& task, double fraction) {
    const std::lock_guard lock(mu_);
    fractions_[task] = fraction;
  }
  // Ends all tasks, also those that begin later.
  void Close() { is_closed_ = true; }
  std::optional<AttemptReport> TakeEnd(const std::string& task) {
    if (is_closed_) return AttemptReport();
    const std::lock_guard lock(mu_);
    const auto ended = ended_.extract(task);
    if (ended.empty()) return std::nullopt;
    return ended.mapped();
  }
  double Fraction(const std::string& task) {
    const std::lock_guard lock(mu_);
    return fractions_[task];
  }
  bool begins = true;  // else no runner can

 private:
  std::atomic<bool> is_closed_ = false;
  std::mutex mu_;  // all below
  std::map<std::string, AttemptReport> ended_;
  std::map<std::string, double> fractions_;
};

class StagedRunner : public TaskRunner {
 public:
  StagedRunner(Stage& stage, testing::Notes& notes)
      : stage_(stage), notes_(notes) {}
  Status Begin(const StartedTask& task) override {
    if (!stage_.begins)
      return base::Fail(Code::kResourceExhausted, "no process");
    task_ = task.task_id;
    notes_.Add("begin " + task_);
    return {};
  }
  int descriptor() const override { return -1; }
  std::optional<AttemptReport> Poll() override { return stage_.TakeEnd(task_); }
  double fraction() const override { return stage_.Fraction(task_); }
  void Kill() override { notes_.Add("kill " + task_); }

 private:
  Stage& stage_;
  testing::Notes& notes_;
  std::string task_;
};

class FleetWorkerTest : public ::testing::Test {
 protected:
  FleetWorkerTest() {
    options_.name = "w";
    options_.host = "h";
    options_.version = "1";
    options_.services = {"making"};
    options_.beat_every = milliseconds(5);
  }
  ~FleetWorkerTest() override {
    stage_.Close();
    stop_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

  // Answers as verdicts_ says, or that the attempt has begun.
  void Answer() {
    answering_ =
        bus_.Answer(kStartSubject,
                    [this](const std::string& text, const auto& reply) {
                      const auto asked =
                          base::ParseJsonAs<StartRequest>(text).value();
                      StartAnswer answer;
                      for (const std::string& id : asked.task_ids)
                        answer.tasks.push_back(AnswerFor(id));
                      reply(base::DumpJson(answer));
                    })
            .value();
  }
  StartedTask AnswerFor(const std::string& id) {
    const std::lock_guard lock(mu_);
    StartedTask task;
    task.task_id = id;
    const auto verdict = verdicts_.find(id);
    task.verdict =
        verdict == verdicts_.end() ? StartVerdict::kStart : verdict->second;
    if (task.verdict == StartVerdict::kStart) task.fence = 7;
    return task;
  }
  void Decide(const std::string& id, StartVerdict verdict) {
    const std::lock_guard lock(mu_);
    verdicts_[id] = verdict;
  }
  void Publish(const std::string& id, int priority = kLeastPriority,
               int version = kMake.version) {
    const platform::QueuedTask task{
        .task_id = id,
        .priority = priority,
        .service = "making",
        .payload = base::DumpJson(TaskPayload{kMake.name, version, "trace"})};
    ASSERT_TRUE(queue_->Publish(std::span(&task, 1)));
  }
  void Start() {
    hearing_ =
        bus_.Listen(kBeatSubject,
                    [this](const std::string& text) {
                      const std::lock_guard lock(mu_);
                      beats_.push_back(base::ParseJsonAs<Beat>(text).value());
                    })
            .value();
    thread_ = std::jthread([this] {
      FleetWorker worker(
          noted_queue_, noted_bus_, registry_,
          [this](int) {
            return std::make_unique<StagedRunner>(stage_, notes_);
          },
          options_);
      EXPECT_TRUE(worker.Run({stop_.get_token(), notice_.get_token()}));
      notes_.Add("over");
    });
  }
  void Await(const std::string& note) {
    ASSERT_TRUE(Becomes([&] { return notes_.Count(note) > 0; }))
        << note << " is not among " << ::testing::PrintToString(notes_.all());
  }
  // Runs until the task is running.
  void StartWith(const std::string& id) {
    Answer();
    Publish(id);
    Start();
    Await("begin " + id);
  }
  void Done(const std::string& id) {
    AttemptReport report;
    report.end = AttemptEnd::kDone;
    stage_.End(id, report);
  }
  // All of them; none comes twice.
  std::map<std::string, AttemptReport> Reports() {
    std::map<std::string, AttemptReport> reports;
    const auto taken = bus_.TakeReports(100, milliseconds(0)).value();
    for (const platform::Report& one : taken) {
      const auto report = base::ParseJsonAs<AttemptReport>(one.body).value();
      EXPECT_TRUE(reports.emplace(report.task_id, report).second);
    }
    return reports;
  }
  std::vector<Beat> Beats() {
    const std::lock_guard lock(mu_);
    return beats_;
  }
  // Whether a beat has said so.
  template <typename Condition>
  bool IsTold(Condition is_so) {
    return Becomes([&] { return std::ranges::any_of(Beats(), is_so); });
  }

  testing::TempDir dir_;
  testing::MemoryBusHub hub_;
  testing::MemoryBus bus_{hub_};
  testing::Notes notes_;
  std::atomic<int64_t> now_ms_ = 1'000'000;  // of the queue
  std::unique_ptr<platform::TaskQueue> queue_ =
      platform::OpenSqliteQueue(dir_.path() + "/queue.db", [this] {
        return now_ms_.load();
      }).value();
  testing::NotedQueue noted_queue_{*queue_, notes_};
  testing::NotedBus noted_bus_{bus_, notes_};
  TaskRegistry registry_ = FakeTasks();
  Stage stage_;
  FleetWorkerOptions options_;
  std::mutex mu_;  // verdicts_, beats_
  std::map<std::string, StartVerdict> verdicts_;
  std::vector<Beat> beats_;
  std::unique_ptr<platform::MessageBus::Subscription> answering_, hearing_;
  std::stop_source stop_, notice_;
  std::jthread thread_;
};

TEST_F(FleetWorkerTest, ReportsWhatIsDoneAndThenAcknowledges) {
  StartWith("a");
  Done("a");
  Await("ack a");
  EXPECT_THAT(notes_.all(),
              ElementsAre("ask", "begin a", "report a/7", "ack a"));
  const AttemptReport report = Reports().at("a");
  EXPECT_EQ(report.end, AttemptEnd::kDone);
  EXPECT_EQ(report.fence, 7);
  EXPECT_EQ(report.worker, "w");
  EXPECT_EQ(report.host, "h");
}

TEST_F(FleetWorkerTest, ReportsWhatFailed) {
  StartWith("a");
  AttemptReport report;
  report.error = base::Error{Code::kCorruptInput, "no film"};
  report.crashed = true;
  report.last_words = "macroblock 7";
  stage_.End("a", report);
  Await("ack a");
  const AttemptReport got = Reports().at("a");
  EXPECT_EQ(got.end, AttemptEnd::kFailed);
  EXPECT_EQ(got.error->code, Code::kCorruptInput);
  EXPECT_TRUE(got.crashed);
  EXPECT_EQ(got.last_words, "macroblock 7");
}

TEST_F(FleetWorkerTest, WhatCannotBeginHasFailed) {
  stage_.begins = false;
  Answer();
  Publish("a");
  Start();
  Await("ack a");
  EXPECT_EQ(Reports().at("a").error->code, Code::kResourceExhausted);
}

TEST_F(FleetWorkerTest, WhatIsNotWantedIsDropped) {
  Decide("a", StartVerdict::kDrop);
  Answer();
  Publish("a");
  Start();
  Await("ack a");
  EXPECT_THAT(notes_.all(), ElementsAre("ask", "ack a"));
  EXPECT_THAT(Reports(), IsEmpty());
}

TEST_F(FleetWorkerTest, WhatCannotBeToldNowIsAskedForLater) {
  Decide("a", StartVerdict::kLater);
  Answer();
  Publish("a");
  Start();
  Await("nak a");
  EXPECT_THAT(noted_queue_.last_delay.load(),
              AllOf(Ge(milliseconds(500)), Le(seconds(1))));
  Decide("a", StartVerdict::kStart);
  now_ms_ += 1'000;
  Await("begin a");
}

TEST_F(FleetWorkerTest, WithoutAnAnswerTasksGoBack) {
  Publish("a");
  Start();
  Await("nak a");
  EXPECT_GE(noted_queue_.last_delay.load(), milliseconds(500));
  EXPECT_EQ(notes_.Count("begin a"), 0);
  // Somebody answers again.
  Answer();
  now_ms_ += 1'000;
  Await("begin a");
}

TEST_F(FleetWorkerTest, AsksOnceForAllThatItPulled) {
  options_.slots = 3;
  Answer();
  for (const char* id : {"a", "b", "c"}) Publish(id);
  Start();
  for (const char* id : {"a", "b", "c"}) Await(fmt::format("begin {}", id));
  EXPECT_EQ(notes_.Count("ask"), 1);
}

TEST_F(FleetWorkerTest, PullsNoMoreThanItCanRun) {
  options_.slots = 2;
  Answer();
  for (const char* id : {"a", "b", "c"}) Publish(id);
  Start();
  Await("begin a");
  Await("begin b");
  EXPECT_EQ(queue_->Depth()->ready, 1);
  Done("a");
  Await("begin c");
}

TEST_F(FleetWorkerTest, AnOlderWorkerDoesNotEvenAskForANewerTask) {
  Answer();
  Publish("newer", kMostPriority, kMake.version + 1);
  Start();
  Await("nak newer");
  EXPECT_THAT(noted_queue_.last_delay.load(),
              AllOf(Ge(milliseconds(2'500)), Le(seconds(5))));
  Publish("known");
  Await("begin known");
  EXPECT_EQ(notes_.Count("begin newer"), 0);
  EXPECT_EQ(notes_.Count("ask"), 1);
}

// A task that took a reserved slot would leave none for what is `now`.
TEST_F(FleetWorkerTest, ReservedSlotsTakeOnlyWhatIsNow) {
  options_.slots = 2;
  options_.reserved = 1;
  Answer();
  for (const char* id : {"bulk-a", "bulk-b", "bulk-c"}) Publish(id);
  Start();
  Await("begin bulk-a");
  Publish("now", kMostPriority);
  Await("begin now");
  EXPECT_EQ(queue_->Depth()->ready, 2);
  // The slot is kept again once it is free.
  Done("now");
  Await("ack now");
  Publish("now-too", kMostPriority);
  Await("begin now-too");
  EXPECT_EQ(queue_->Depth()->ready, 2);
}

TEST_F(FleetWorkerTest, WhatIsNowMayHaveAllSlots) {
  options_.slots = 2;
  options_.reserved = 1;
  Answer();
  for (const char* id : {"now-a", "now-b"}) Publish(id, kMostPriority);
  Start();
  Await("begin now-a");
  Await("begin now-b");
}

TEST_F(FleetWorkerTest, AStopOrderEndsThatTaskAlone) {
  options_.slots = 2;
  Answer();
  Publish("a");
  Publish("b");
  Start();
  Await("begin a");
  Await("begin b");
  ASSERT_TRUE(bus_.Send(kStopSubject, base::DumpJson(StopOrder{{"a", "z"}})));
  Await("ack a");
  EXPECT_EQ(notes_.Count("kill a"), 1);
  EXPECT_EQ(notes_.Count("kill b"), 0);
  const auto reports = Reports();
  EXPECT_EQ(reports.at("a").end, AttemptEnd::kReleased);
  EXPECT_EQ(reports.size(), 1u);
  Done("b");
  Await("ack b");
}

TEST_F(FleetWorkerTest, AReportOutlivesAnOutageAndComesOnce) {
  StartWith("a");
  noted_bus_.refuses = Code::kUnavailable;
  noted_queue_.refuses = Code::kUnavailable;
  Done("a");
  Await("refused a/7");
  // Whoever hears the beat knows that the task is not lost.
  EXPECT_TRUE(IsTold([](const Beat& beat) {
    return !beat.tasks.empty() && beat.tasks[0].task_id == "a" &&
           beat.tasks[0].fraction == 1;
  }));
  EXPECT_EQ(notes_.Count("ack a"), 0);
  noted_bus_.refuses = std::nullopt;
  Await("ack a");
  EXPECT_EQ(Reports().size(), 1u);
  EXPECT_EQ(notes_.Count("report a/7"), 1);
}

TEST_F(FleetWorkerTest, ALostLeaseDoesNotEndATask) {
  options_.lease = milliseconds(20);
  noted_queue_.refuses = Code::kConflict;
  StartWith("a");
  ASSERT_TRUE(Becomes([&] { return notes_.Count("extend a") >= 3; }));
  EXPECT_EQ(notes_.Count("kill a"), 0);
  Done("a");
  Await("report a/7");
}

TEST_F(FleetWorkerTest, DrainedItTakesNoMoreAndEndsWithItsLastTask) {
  StartWith("a");
  stop_.request_stop();
  EXPECT_TRUE(IsTold([](const Beat& beat) { return beat.draining; }));
  Publish("b");
  EXPECT_EQ(notes_.Count("over"), 0);
  Done("a");
  Await("over");
  EXPECT_EQ(Reports().at("a").end, AttemptEnd::kDone);
  EXPECT_EQ(queue_->Depth()->ready, 1);
  EXPECT_EQ(notes_.Count("kill a"), 0);
  EXPECT_TRUE(IsTold([](const Beat& beat) { return beat.slots == 0; }));
  EXPECT_EQ(Beats().back().slots, 0);
}

TEST_F(FleetWorkerTest, BeyondTheGraceItHandsBack) {
  options_.grace = milliseconds(0);
  StartWith("a");
  stop_.request_stop();
  Await("over");
  EXPECT_EQ(Reports().at("a").end, AttemptEnd::kReleased);
  EXPECT_EQ(notes_.Count("kill a"), 1);
  EXPECT_EQ(notes_.Count("ack a"), 1);
}

// The grace is hours: only what is estimated can tell them apart.
TEST_F(FleetWorkerTest, NoticedItHandsBackWhatWillBeLateAlone) {
  options_.slots = 3;
  options_.grace = options_.notice_grace = std::chrono::hours(1);
  Answer();
  for (const char* id : {"fast", "slow", "unknown"}) Publish(id);
  stage_.Set("fast", 0.5);
  stage_.Set("slow", 1e-12);
  Start();
  for (const char* id : {"fast", "slow", "unknown"})
    Await(fmt::format("begin {}", id));
  notice_.request_stop();
  Await("ack slow");
  Await("ack unknown");
  EXPECT_EQ(notes_.Count("kill fast"), 0);
  Done("fast");
  Await("over");
  const auto reports = Reports();
  EXPECT_EQ(reports.at("slow").end, AttemptEnd::kReleased);
  EXPECT_EQ(reports.at("unknown").end, AttemptEnd::kReleased);
  EXPECT_EQ(reports.at("fast").end, AttemptEnd::kDone);
}

TEST_F(FleetWorkerTest, ABeatTellsWhatIsKnownOfAWorker) {
  stage_.Set("a", 0.25);
  StartWith("a");
  EXPECT_TRUE(IsTold([](const Beat& beat) {
    return beat.worker == "w" && beat.host == "h" && beat.version == "1" &&
           beat.services == std::vector<std::string>{"making"} &&
           beat.slots == 1 && !beat.draining && beat.tasks.size() == 1 &&
           beat.tasks[0].task_id == "a" && beat.tasks[0].fence == 7 &&
           beat.tasks[0].fraction == 0.25;
  }));
}

}  // namespace
}  // namespace reel::workflow::fleet

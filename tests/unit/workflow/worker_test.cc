#include "workflow/worker.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/digest.h"
#include "platform/directory_store.h"
#include "platform/sql_job_store.h"
#include "platform/sqlite_queue.h"
#include "testing/fake_tasks.h"
#include "testing/faulty_stores.h"
#include "testing/temp_dir.h"

namespace reel::workflow {
namespace {

using base::Code;
using platform::TaskState;
using testing::Fault;
using testing::Loses;

// A state directory with a clock of its own; workers run in this process.
class Bench {
 public:
  platform::Platform OpenPlatform() {
    const platform::StatePaths paths(dir_.path());
    return {
        platform::DirectoryStore::Open(paths.objects, paths.temporary).value(),
        platform::OpenSqliteQueue(paths.database, [this] { return now_; })
            .value(),
        platform::OpenSqliteJobStore(paths.database).value()};
  }
  std::string Publish(const TaskSpec& spec) {
    platform::TaskRecord record;
    record.id = Identity(spec);
    record.service = spec.service;
    record.kind = spec.kind;
    record.spec = base::DumpJson(spec);
    const platform::QueuedTask message{record.id};
    EXPECT_TRUE(platform_.jobs->Want(std::span(&record, 1)));
    EXPECT_TRUE(platform_.queue->Publish(std::span(&message, 1)));
    return record.id;
  }
  // One turn; a second worker must not be called within it.
  base::Result<Worker::Turn> RunOne(platform::Platform& platform) {
    return Worker(platform, registry_,
                  {.name = "w", .scratch = dir_.path() + "/tmp/w"})
        .RunOne();
  }
  // Turns until the queue is empty, however long leases and delays last.
  void RunAll() {
    for (int turns = 0;
         platform_.queue->Depth()->ready + platform_.queue->Depth()->held > 0;
         ++turns) {
      ASSERT_LT(turns, 20);
      ASSERT_TRUE(RunOne(platform_));
      now_ += 3'600'000;
    }
  }
  platform::TaskRecord Find(const std::string& id) {
    return **platform_.jobs->FindTask(id);
  }
  size_t Temporaries() const {
    return static_cast<size_t>(std::distance(
        std::filesystem::directory_iterator(dir_.path() + "/tmp"), {}));
  }
  platform::Platform& platform() { return platform_; }

 private:
  testing::TempDir dir_;
  int64_t now_ = 1'000'000;
  TaskRegistry registry_ = FakeTasks();
  platform::Platform platform_ = OpenPlatform();
};

// A task with an input and with parts: it makes every kind of call.
TaskSpec Sample(Bench& bench) {
  const auto object =
      bench.platform().objects->PutBytes(base::AsBytes("input"));
  TaskSpec spec = MakeSpec(kJoin, {}, {{"part/0", *object}});
  spec.parts = {{"a part", {"out"}}};
  return spec;
}

TEST(WorkerTest, RunsWhatIsQueuedAndRecordsIt) {
  Bench bench;
  EXPECT_EQ(bench.RunOne(bench.platform()), Worker::Turn::kIdle);
  const std::string id = bench.Publish(Sample(bench));
  EXPECT_EQ(bench.RunOne(bench.platform()), Worker::Turn::kWorked);
  EXPECT_EQ(bench.Find(id).state, TaskState::kDone);
  EXPECT_EQ(bench.Find("a part").artifacts.at("out").digest,
            base::Sha256("input"));
  EXPECT_EQ(bench.Temporaries(), 0u);
  EXPECT_EQ(bench.RunOne(bench.platform()), Worker::Turn::kIdle);
}

TEST(WorkerTest, AnyFailedStoreCallIsHarmless) {
  for (const Loses loses : {Loses::kCall, Loses::kAnswer}) {
    for (int n = 0;; ++n) {
      SCOPED_TRACE(
          fmt::format("call {}, loses {}", n, static_cast<int>(loses)));
      Bench bench;
      const std::string id = bench.Publish(Sample(bench));
      Fault fault{.failing_call = n, .loses = loses};
      auto faulty = testing::MakeFaulty(bench.OpenPlatform(), fault);
      (void)bench.RunOne(faulty);
      if (fault.calls <= n) {
        EXPECT_GE(n, 6) << "there are that many calls";
        break;
      }
      EXPECT_EQ(bench.Temporaries(), 0u);
      bench.RunAll();
      ASSERT_EQ(bench.Find(id).state, TaskState::kDone);
      ASSERT_EQ(bench.Find(id).artifacts.at("out").digest,
                base::Sha256("input"));
      ASSERT_EQ(bench.Find("a part").state, TaskState::kDone);
    }
  }
}

TEST(WorkerTest, FailsForGoodOrTriesAgainAsTheCodeSays) {
  Bench bench;
  const auto fatal = bench.Publish(MakeSpec(kMake, {1, 10, "fatal", ""}));
  const auto error = bench.Publish(MakeSpec(kMake, {2, 10, "error", ""}));
  bench.RunAll();
  EXPECT_EQ(bench.Find(fatal).state, TaskState::kFailed);
  EXPECT_EQ(bench.Find(fatal).failures, 1);
  EXPECT_EQ(bench.Find(error).state, TaskState::kFailed);
  EXPECT_EQ(bench.Find(error).failures, kMake.retry.max_attempts);
  EXPECT_EQ(bench.Find(error).error->code, Code::kIo);
}

TEST(WorkerTest, TaskOfAnotherVersionIsRefused) {
  Bench bench;
  TaskSpec spec = MakeSpec(kMake, {1, 10, "", ""});
  spec.version = 99;
  const auto id = bench.Publish(spec);
  bench.RunAll();
  EXPECT_EQ(bench.Find(id).error->code, Code::kUnsupported);
}

TEST(WorkerTest, StaleMessageIsDropped) {
  Bench bench;
  const auto id = bench.Publish(Sample(bench));
  bench.RunAll();
  const platform::QueuedTask again{id};
  ASSERT_TRUE(bench.platform().queue->Publish(std::span(&again, 1)));
  bench.RunAll();
  EXPECT_EQ(bench.platform().jobs->AttemptsSince(0)->size(), 1u);
}

TEST(WorkerTest, InputThatNobodyMakesFailsTheTask) {
  Bench bench;
  const TaskSpec spec = Sample(bench);
  const auto id = bench.Publish(spec);
  ASSERT_TRUE(bench.platform().objects->Delete(base::Sha256("input")));
  bench.RunAll();
  EXPECT_EQ(bench.Find(id).state, TaskState::kFailed);
  EXPECT_NE(bench.Find(id).error->message.find("input part/0"),
            std::string::npos);
}

TEST(WorkerTest, LostInputsProducerAndTaskWaitToBeWantedAgain) {
  Bench bench;
  const TaskSpec producer = MakeSpec(kMake, {5, 10, "", ""});
  const auto made = bench.Publish(producer);
  bench.RunAll();
  const auto object = bench.Find(made).artifacts.at("made-5");
  const auto id = bench.Publish(MakeSpec(kJoin, {}, {{"part/0", object}}));
  ASSERT_TRUE(bench.platform().objects->Delete(object.digest));
  bench.RunAll();
  EXPECT_EQ(bench.Find(made).state, TaskState::kIdle);
  EXPECT_EQ(bench.Find(id).state, TaskState::kIdle);
}

}  // namespace
}  // namespace reel::workflow

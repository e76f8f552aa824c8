#include "workflow/fleet/lease_keeper.h"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <vector>

#include "platform/sqlite_queue.h"
#include "testing/memory_bus.h"
#include "testing/noted_seams.h"
#include "testing/temp_dir.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using std::chrono::hours;
using std::chrono::milliseconds;
using testing::Becomes;

class LeaseKeeperTest : public ::testing::Test {
 protected:
  void Start(LeaseKeeper::Options options) {
    keeper_ = std::make_unique<LeaseKeeper>(noted_queue_, bus_, options, [] {
      Beat beat;
      beat.worker = "w";
      beat.slots = 4;
      return beat;
    });
  }
  bool IsExtended(const std::string& task, int more) {
    const std::string note = "extend " + task;
    const int before = notes_.Count(note);
    return Becomes([&] { return notes_.Count(note) >= before + more; });
  }
  std::vector<int> SlotsTold() {
    const std::lock_guard lock(mu_);
    return slots_;
  }

  testing::TempDir dir_;
  testing::MemoryBusHub hub_;
  testing::MemoryBus bus_{hub_};
  testing::Notes notes_;
  std::unique_ptr<platform::TaskQueue> queue_ =
      platform::OpenSqliteQueue(dir_.path() + "/queue.db").value();
  testing::NotedQueue noted_queue_{*queue_, notes_};
  std::mutex mu_;  // slots_
  std::vector<int> slots_;
  std::unique_ptr<platform::MessageBus::Subscription> hearing_ =
      bus_.Listen(
              kBeatSubject,
              [this](const std::string& text) {
                const std::lock_guard lock(mu_);
                slots_.push_back(base::ParseJsonAs<Beat>(text).value().slots);
              })
          .value();
  std::unique_ptr<LeaseKeeper> keeper_;
};

TEST_F(LeaseKeeperTest, ExtendsUntilToldToDrop) {
  Start({.lease = milliseconds(8), .beat_every = hours(1)});
  keeper_->Keep({.task_id = "a"});
  ASSERT_TRUE(IsExtended("a", 2));
  keeper_->Drop("a");
  keeper_->Keep({.task_id = "b"});
  ASSERT_TRUE(IsExtended("b", 1));
  // Whatever round was under way is over now.
  const int extended = notes_.Count("extend a");
  ASSERT_TRUE(IsExtended("b", 3));
  EXPECT_EQ(notes_.Count("extend a"), extended);
}

TEST_F(LeaseKeeperTest, AStaleLeaseDoesNotKeepOthersFromTheirs) {
  noted_queue_.refuses = Code::kConflict;
  Start({.lease = milliseconds(8), .beat_every = hours(1)});
  keeper_->Keep({.task_id = "a"});
  keeper_->Keep({.task_id = "b"});
  EXPECT_TRUE(IsExtended("b", 2));
}

TEST_F(LeaseKeeperTest, GoesOnWhenTheServerIsBack) {
  noted_queue_.refuses = Code::kUnavailable;
  Start({.lease = milliseconds(8), .beat_every = hours(1)});
  keeper_->Keep({.task_id = "a"});
  keeper_->Keep({.task_id = "b"});
  ASSERT_TRUE(IsExtended("a", 2));
  // Not asked in vain for each.
  EXPECT_EQ(notes_.Count("extend b"), 0);
  noted_queue_.refuses = std::nullopt;
  EXPECT_TRUE(IsExtended("b", 1));
}

TEST_F(LeaseKeeperTest, BeatsAndSaysWhenItEnds) {
  Start({.lease = hours(1), .beat_every = milliseconds(1)});
  ASSERT_TRUE(Becomes([&] { return SlotsTold().size() >= 3; }));
  EXPECT_EQ(SlotsTold().front(), 4);
  keeper_.reset();
  ASSERT_TRUE(Becomes([&] { return SlotsTold().back() == 0; }));
}

TEST_F(LeaseKeeperTest, BeatsAtOnceWhenAsked) {
  Start({.lease = hours(1), .beat_every = hours(1)});
  ASSERT_TRUE(Becomes([&] { return SlotsTold().size() == 1; }));
  keeper_->BeatNow();
  EXPECT_TRUE(Becomes([&] { return SlotsTold().size() == 2; }));
}

}  // namespace
}  // namespace reel::workflow::fleet

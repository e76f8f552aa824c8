#include "service/garbage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "platform/open_stores.h"
#include "platform/sql_job_board.h"
#include "testing/fleet_tables.h"

namespace reel::service {
namespace {

using base::Status;
using platform::JobEvent;
using platform::Need;
using platform::StoredFile;
using std::chrono::hours;
using ::testing::ElementsAre;

TEST(IsGarbageTest, WhatIsNeededStaysForEver) {
  EXPECT_FALSE(IsGarbage(Need::kNow, hours(1'000'000), {}));
}

TEST(IsGarbageTest, WhatNobodyNamesIsLetAloneForAWhile) {
  const GarbageLimits limits{.keep = hours(100), .grace = hours(10)};
  EXPECT_FALSE(IsGarbage(Need::kNone, hours(9), limits));
  EXPECT_TRUE(IsGarbage(Need::kNone, hours(10), limits));
  EXPECT_FALSE(IsGarbage(Need::kPast, hours(99), limits));
  EXPECT_TRUE(IsGarbage(Need::kPast, hours(100), limits));
}

// Names alone.
class FakeFiles : public platform::StoredFiles {
 public:
  base::Result<std::vector<StoredFile>> List(const std::string& folder,
                                             const std::string& after,
                                             int limit) override {
    std::vector<StoredFile> page;
    for (const auto& [path, file] : files) {
      if (path.starts_with(folder + "/") && path > after &&
          static_cast<int>(page.size()) < limit)
        page.push_back(file);
    }
    return page;
  }
  Status Delete(const std::string& path) override {
    files.erase(path);
    return {};
  }
  base::Result<int> RemoveUnfinished(int64_t) override { return 2; }
  std::string UrlOf(const std::string& path) const override {
    return "s3://bucket/" + path;
  }
  std::map<std::string, StoredFile> files;
};

class GarbageTest : public ::testing::Test {
 protected:
  GarbageTest() {
    tables_.now_ms = 1'000 * kHour;
    needs_ = platform::OpenNeeds(*tables_.url).value();
  }
  static constexpr int64_t kHour = 3'600'000;

  void Put(const std::string& path, int64_t age_hours) {
    files_.files[path] = {path, 10, tables_.now_ms - age_hours * kHour};
  }
  std::string Job(const std::string& source, std::optional<JobEvent> end) {
    platform::NewJob job;
    job.source = source;
    const platform::LedJob led = tables_.Lead(job);
    if (end) {
      EXPECT_TRUE(tables_.board->End(led, *end, std::nullopt, ""));
    }
    return led.job.id;
  }
  Garbage Collect(bool only_look = false) {
    GarbageCollector collector({files_, *needs_, *tables_.board},
                               {.keep = hours(100), .grace = hours(10)},
                               [this] { return tables_.now_ms; });
    return collector.Collect(only_look).value();
  }
  std::vector<std::string> Left() const {
    std::vector<std::string> left;
    for (const auto& [path, file] : files_.files) left.push_back(path);
    return left;
  }

  testing::FleetTables tables_{testing::AllTablesKinds().front()};
  std::unique_ptr<platform::Needs> needs_;
  FakeFiles files_;
};

TEST_F(GarbageTest, OrphansGoWhenTheyAreOld) {
  Put("objects/old", 11);
  Put("objects/new", 9);
  const Garbage garbage = Collect();
  EXPECT_EQ(garbage.objects.files, 1);
  EXPECT_EQ(garbage.objects.bytes, 10);
  EXPECT_EQ(garbage.unfinished, 2);
  EXPECT_THAT(Left(), ElementsAre("objects/new"));
}

TEST_F(GarbageTest, TitlesOfDoneAndOpenJobsStay) {
  const std::string done = Job("a", JobEvent::kFinish);
  const std::string failed = Job("b", JobEvent::kFail);
  const std::string open = Job("c", std::nullopt);
  for (const std::string& job : {done, failed, open, std::string("~unknown")})
    Put("titles/" + job + "/master.m3u8", 1000);
  Put("titles/" + failed + "/new.m3u8", 1);
  EXPECT_EQ(Collect().titles.files, 1);
  EXPECT_THAT(
      Left(),
      ::testing::UnorderedElementsAre(
          "titles/" + done + "/master.m3u8", "titles/" + open + "/master.m3u8",
          "titles/~unknown/master.m3u8", "titles/" + failed + "/new.m3u8"));
}

TEST_F(GarbageTest, SentSourcesStayWhileAJobMayReadThem) {
  Put("uploads/1/open.mov", 1000);
  Put("uploads/2/done.mov", 1000);
  Put("uploads/3/never.mov", 1000);
  Put("uploads/4/new.mov", 99);
  Job("s3://bucket/uploads/1/open.mov", std::nullopt);
  Job("s3://bucket/uploads/2/done.mov", JobEvent::kFinish);
  EXPECT_EQ(Collect().uploads.files, 1);
  tables_.now_ms += 101 * kHour;
  Put("uploads/4/new.mov", 99);
  EXPECT_EQ(Collect().uploads.files, 1);
  EXPECT_THAT(Left(), ElementsAre("uploads/1/open.mov", "uploads/4/new.mov"));
}

TEST_F(GarbageTest, OnlyLookingRemovesNothing) {
  Put("objects/old", 11);
  Put("titles/" + Job("a", JobEvent::kCancel) + "/a", 11);
  const Garbage garbage = Collect(true);
  EXPECT_EQ(garbage.objects.files + garbage.titles.files, 2);
  EXPECT_EQ(garbage.unfinished, 0);
  EXPECT_EQ(Left().size(), 2u);
}

TEST_F(GarbageTest, ManyPagesAreSwept) {
  for (int i = 0; i < 2500; ++i) Put("objects/" + std::to_string(i), 11);
  Put("objects/~new", 1);
  EXPECT_EQ(Collect().objects.files, 2500);
  EXPECT_THAT(Left(), ElementsAre("objects/~new"));
}

}  // namespace
}  // namespace reel::service

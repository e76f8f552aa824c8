#include "cli/watch_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace reel::cli {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(WatchFolderTest, SomeNamesAreNoSources) {
  const struct {
    const char* path;
    bool is_source;
  } kCases[] = {
      {"film.mov", true},
      {"incoming/film.mov", true},
      {"part", true},
      {"film.part.mov", true},
      {".film/film.mov", true},
      {"rejected.json", true},
      {"", false},
      {"incoming/", false},
      {".film.mov", false},
      {"incoming/.film.mov", false},
      {"film.mov.part", false},
      {"film.mov.tmp", false},
      {"incoming/film.mov.rejected.json", false},
  };
  for (const auto& one : kCases)
    EXPECT_EQ(IsSourceName(one.path), one.is_source) << one.path;
}

TEST(WatchFolderTest, AKeyIsOfAllThatTellsSourcesApart) {
  const std::string key = JobKey("/in/film.mov", {10, "1.5"});
  EXPECT_EQ(key, JobKey("/in/film.mov", {10, "1.5"}));
  const std::set<std::string> keys = {key, JobKey("/in/film.mo", {10, "1.5"}),
                                      JobKey("/in/film.mov", {11, "1.5"}),
                                      JobKey("/in/film.mov", {10, "1.6"}),
                                      JobKey("s3://in/film.mov", {10, "1.5"})};
  EXPECT_EQ(keys.size(), 5U);
  EXPECT_EQ(key.size(), 64U);
}

class WatchingTest : public ::testing::Test {
 protected:
  // A look that finds these, of so many bytes.
  void Look(const std::map<std::string, int64_t>& found) {
    for (const auto& [name, size_bytes] : found) {
      const SourceVersion version{size_bytes, "1"};
      folder_.See({name, JobKey("/in/" + name, version), version}, now_);
    }
    folder_.EndLook();
  }
  std::vector<std::string> Due() const {
    std::vector<std::string> names;
    for (const auto& source : folder_.Due(now_)) names.push_back(source.name);
    return names;
  }

  WatchFolder folder_{{.settle = seconds(10),
                       .interval = seconds(5),
                       .max_open = 2,
                       .max_ended = 2}};
  WatchFolder::Time now_{seconds(1000)};
};

TEST_F(WatchingTest, AFileIsDueOnceItHasStoppedGrowing) {
  const struct {
    int second;
    int64_t size_bytes;
    bool is_due;
  } kLooks[] = {{0, 10, false}, {5, 20, false},  {14, 20, false},
                {15, 20, true}, {16, 30, false}, {25, 30, false},
                {26, 30, true}};
  const WatchFolder::Time start = now_;
  for (const auto& look : kLooks) {
    now_ = start + seconds(look.second);
    Look({{"a", look.size_bytes}});
    EXPECT_EQ(!Due().empty(), look.is_due) << look.second;
  }
}

TEST_F(WatchingTest, WhatHasEndedIsNotDueUntilItChanges) {
  Look({{"a", 10}});
  now_ += seconds(10);
  folder_.End("a");
  Look({{"a", 10}});
  now_ += seconds(10);
  EXPECT_THAT(Due(), IsEmpty());
  Look({{"a", 11}});
  now_ += seconds(10);
  EXPECT_THAT(Due(), ElementsAre("a"));
}

TEST_F(WatchingTest, WhatHasGoneIsForgotten) {
  Look({{"a", 10}, {"b", 10}});
  Look({{"b", 10}});
  now_ += seconds(10);
  EXPECT_THAT(Due(), ElementsAre("b"));
}

TEST_F(WatchingTest, ALookThatFailedForgetsNothing) {
  Look({{"a", 10}});
  now_ += seconds(10);  // the next look broke: there is no EndLook
  EXPECT_THAT(Due(), ElementsAre("a"));
}

TEST_F(WatchingTest, TroubleIsAskedAfterLaterEachTime) {
  Look({{"a", 10}, {"b", 10}});
  now_ += seconds(10);
  folder_.Fail("a", now_);
  folder_.Wait("b", now_);
  now_ += seconds(5);
  EXPECT_THAT(Due(), ElementsAre("b"));
  now_ += seconds(5);
  EXPECT_THAT(Due(), ElementsAre("b", "a"));
  folder_.Fail("a", now_);
  now_ += seconds(19);
  EXPECT_THAT(Due(), ElementsAre("b"));
  now_ += seconds(1);
  EXPECT_THAT(Due(), ElementsAre("b", "a"));
  for (int i = 0; i < 100; ++i) folder_.Fail("a", now_);
  now_ += std::chrono::minutes(5);
  EXPECT_THAT(Due(), ElementsAre("b", "a"));
}

TEST_F(WatchingTest, MoreThanItHoldsIsTakenUpLater) {
  Look({{"a", 1}, {"b", 1}, {"c", 1}});
  now_ += seconds(10);
  EXPECT_THAT(Due(), ElementsAre("a", "b"));
  folder_.End("a");
  Look({{"a", 1}, {"b", 1}, {"c", 1}});
  now_ += seconds(10);
  EXPECT_THAT(Due(), ElementsAre("b", "c"));
}

TEST_F(WatchingTest, EndedOnesAreForgottenBeyondABound) {
  for (const char* name : {"a", "b", "c"}) {
    Look({{name, 1}});
    folder_.End(name);
  }
  Look({{"a", 1}, {"c", 1}});
  now_ += seconds(10);
  EXPECT_THAT(Due(), ElementsAre("a"));  // to be asked of the service
}

}  // namespace
}  // namespace reel::cli

#include "quality/frame_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>

#include "fake_stream.h"

namespace reel::quality {
namespace {

// What a set shows: number, the reference's content, the one before it (-1:
// none), the distorted ones'.
using Shown = std::vector<int64_t>;

Shown Describe(const FrameSet& set) {
  Shown shown = {set.number, ContentOf(set.reference),
                 set.previous ? ContentOf(*set.previous) : -1};
  for (const media::Picture& picture : set.distorted)
    shown.push_back(ContentOf(picture));
  return shown;
}

base::Result<std::vector<Shown>> ReadAll(
    PictureStream& reference, const std::vector<PictureStream*>& distorted,
    const FrameSelection& selection = {}) {
  FrameSets sets(reference, distorted, selection);
  std::vector<Shown> all;
  while (true) {
    REEL_ASSIGN(const std::optional<FrameSet> set, sets.Next());
    if (!set) return all;
    EXPECT_EQ(set->index, static_cast<int64_t>(all.size()));
    all.push_back(Describe(*set));
  }
}

void ExpectRefused(const base::Result<std::vector<Shown>>& result,
                   base::Code code, const std::vector<std::string>& words) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, code);
  for (const std::string& word : words)
    EXPECT_NE(result.error().message.find(word), std::string::npos)
        << word << " in: " << result.error().message;
}

TEST(FrameSetsTest, PairsFramesOfEqualNumber) {
  FakeStream reference("ref", 3), a("a", 3), b("b", 3, 10);
  const auto sets = ReadAll(reference, {&a, &b});
  ASSERT_TRUE(sets.has_value()) << sets.error().message;
  EXPECT_EQ(*sets, (std::vector<Shown>{
                       {0, 0, -1, 0, 10}, {1, 1, 0, 1, 11}, {2, 2, 1, 2, 12}}));
}

TEST(FrameSetsTest, AStreamThatEndsEarlyIsRefusedWithBothCounts) {
  FakeStream reference("ref", 30), a("a", 30), b("b", 17);
  ExpectRefused(ReadAll(reference, {&a, &b}), base::Code::kInvalidArgument,
                {"b has 17", "ref has 30", "--align"});
}

TEST(FrameSetsTest, AStreamThatEndsLateIsRefusedWithBothCounts) {
  FakeStream reference("ref", 17), a("a", 17), b("b", 30);
  ExpectRefused(ReadAll(reference, {&a, &b}), base::Code::kInvalidArgument,
                {"b has 30", "ref has 17"});
}

TEST(FrameSetsTest, TimesThatDriftApartAreRefused) {
  FakeStream reference("ref", 9), a("a", 9);
  a.late_from = 5;
  ExpectRefused(ReadAll(reference, {&a}), base::Code::kInvalidArgument,
                {"frame 5", "0.240", "0.200"});
}

TEST(FrameSetsTest, AReferenceThatChangesItsSizeIsRefused) {
  FakeStream reference("ref", 9), a("a", 9);
  reference.grows_at = 4;
  ExpectRefused(ReadAll(reference, {&a}), base::Code::kUnsupported,
                {"ref", "frame 4", "66x48", "64x48", "--width"});
}

TEST(FrameSetsTest, ItMayWhereAllAreScaled) {
  FakeStream reference("ref", 9), a("a", 9);
  reference.grows_at = 4;
  const auto sets = ReadAll(reference, {&a}, {.size_may_change = true});
  ASSERT_TRUE(sets.has_value());
  EXPECT_EQ(sets->size(), 9u);
}

TEST(FrameSetsTest, ARangeIsAsIfTheClipWereNoLonger) {
  FakeStream reference("ref", 9), a("a", 9);
  FrameSelection selection;
  selection.first = int64_t{3};
  selection.end = int64_t{5};
  const auto sets = ReadAll(reference, {&a}, selection);
  ASSERT_TRUE(sets.has_value());
  EXPECT_EQ(*sets, (std::vector<Shown>{{3, 3, -1, 3}, {4, 4, 3, 4}}));
}

TEST(FrameSetsTest, ARangeMayBeInTime) {
  FakeStream reference("ref", 9), a("a", 9);
  FrameSelection selection;
  selection.first = std::chrono::milliseconds(100);  // frame 3 is at 120
  selection.end = std::chrono::milliseconds(160);    // frame 4
  const auto sets = ReadAll(reference, {&a}, selection);
  ASSERT_TRUE(sets.has_value());
  EXPECT_EQ(*sets, (std::vector<Shown>{{3, 3, -1, 3}}));
}

// What was cut off the beginnings no longer counts, in numbers as in times.
TEST(FrameSetsTest, AlignedStreamsMeetAndEndTogether) {
  FakeStream reference("ref", 9), a("a", 5, 2), b("b", 9, -1);
  const auto sets = ReadAll(
      reference, {&a, &b},
      {.reference_skip = 2, .distorted_skip = {0, 3}, .ends_agree = false});
  ASSERT_TRUE(sets.has_value()) << sets.error().message;
  ASSERT_EQ(sets->size(), 5u);
  EXPECT_EQ(sets->front(), (Shown{2, 2, -1, 2, 2}));
  EXPECT_EQ(sets->back(), (Shown{6, 6, 5, 6, 6}));
}

TEST(FrameSetsTest, ErrorsOfStreamsAreTheCallers) {
  FakeStream reference("ref", 9), a("a", 9);
  a.fails_at = 6;
  ExpectRefused(ReadAll(reference, {&a}), base::Code::kIo, {"a"});
}

TEST(FrameSetsTest, ThreadsGetWholeSetsEachOnce) {
  FakeStream reference("ref", 90), a("a", 90), b("b", 90);
  std::vector<PictureStream*> distorted = {&a, &b};
  FrameSets sets(reference, distorted, {});
  std::mutex mu;
  std::set<Shown> all;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        while (true) {
          const auto set = sets.Next();
          ASSERT_TRUE(set.has_value());
          if (!*set) return;
          const std::lock_guard lock(mu);
          ASSERT_TRUE(all.insert(Describe(**set)).second);
        }
      });
    }
  }
  ASSERT_EQ(all.size(), 90u);
  for (int64_t n = 0; n < 90; ++n)
    EXPECT_TRUE(all.contains({n, n, n - 1, n, n})) << n;
}

}  // namespace
}  // namespace reel::quality

#include "package/stills.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "media/packet_scan.h"
#include "media/source_probe.h"
#include "testing/open_gop_clip.h"
#include "testing/temp_dir.h"

namespace reel::package {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool GoOn() { return true; }

// A key packet every `distance` of `count`.
model::PacketIndex Index(int64_t count, int64_t distance) {
  model::PacketIndex index;
  for (int64_t i = 0; i < count; ++i) {
    model::Packet packet;
    packet.pts = i;
    packet.key = i % distance == 0;
    index.packets.push_back(packet);
  }
  return index;
}

TEST(PlanStillsTest, BeginsAtTheKeyBeforeAndSharesRuns) {
  const auto runs =
      PlanStills(Index(2000, 250), {{1100}, {510}, {500}, {510}, {530}});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].first_key, 500);
  EXPECT_THAT(runs[0].packets, ElementsAre(500, 510, 530));
  EXPECT_EQ(runs[1].first_key, 1000);
  EXPECT_THAT(runs[1].packets, ElementsAre(1100));
}

TEST(PlanStillsTest, WhatMayBeDamagedBeginsAKeyEarlierIfThatIsNear) {
  const model::PacketIndex index = Index(2000, 250);
  EXPECT_EQ(PlanStills(index, {{510, true}}).at(0).first_key, 250);
  EXPECT_EQ(PlanStills(index, {{510}, {510, true}}).at(0).first_key, 250);
  EXPECT_EQ(PlanStills(index, {{10, true}}).at(0).first_key, 0);
  EXPECT_EQ(PlanStills(Index(2000, 1000), {{1500, true}}).at(0).first_key,
            1000);
}

TEST(PlanStillsTest, NeighboursAreOneRunThoughEachIsAKeyFrame) {
  EXPECT_EQ(PlanStills(Index(100, 1), {{10}, {11}, {12}}).size(), 1u);
}

TEST(PlanStillsTest, AFrameShownBeforeItsKeyNeedsTheKeyBefore) {
  model::PacketIndex index = Index(40, 20);
  index.packets[20].pts = 22;
  index.packets[21].pts = 20;
  EXPECT_EQ(PlanStills(index, {{21}}).at(0).first_key, 0);
  EXPECT_EQ(PlanStills(index, {{22}}).at(0).first_key, 20);
}

TEST(PlanStillsTest, LeavesOutWhatNoKeyIsNear) {
  model::PacketIndex index = Index(20'000, 20'000);
  EXPECT_THAT(PlanStills(index, {{-1}, {19'000}, {20'000}}), IsEmpty());
  index.packets[0].key = false;
  EXPECT_THAT(PlanStills(index, {{5}}), IsEmpty());
  EXPECT_THAT(PlanStills({}, {{0}}), IsEmpty());
}

class DecodeStillsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = dir_.path() + "/clip.mp4";
    ASSERT_TRUE(
        reel::testing::MakeOpenGopClip({.path = path_, .muxer = "mp4"}));
    const auto source = media::ProbeSource(path_);
    ASSERT_TRUE(source) << source.error().message;
    track_ = source->video;
    const auto scan = media::ScanPackets(path_, *source, {});
    ASSERT_TRUE(scan) << scan.error().message;
    index_ = scan->video;
  }
  Stills Decode(const StillsRun& run) {
    auto stills = DecodeStills(path_, track_, index_, run, 64, GoOn);
    EXPECT_TRUE(stills) << stills.error().message;
    return stills.value_or(Stills{});
  }

  reel::testing::TempDir dir_;
  std::string path_;
  model::VideoTrack track_;
  model::PacketIndex index_;
};

TEST_F(DecodeStillsTest, AnyFrameIsThatOfOneLinearDecode) {
  std::vector<int64_t> all(index_.packets.size());
  std::iota(all.begin(), all.end(), 0);
  const Stills linear = Decode({0, all});
  ASSERT_EQ(linear.size(), all.size());
  for (const int64_t packet : all) {
    const auto runs = PlanStills(index_, {{packet}});
    ASSERT_EQ(runs.size(), 1u) << packet;
    const Stills alone = Decode(runs[0]);
    ASSERT_EQ(alone.size(), 1u) << packet;
    EXPECT_EQ(alone.at(packet), linear.at(packet)) << packet;
  }
}

TEST_F(DecodeStillsTest, WhatCannotBeReadHasNoPictures) {
  path_ = dir_.path() + "/absent.mp4";
  EXPECT_THAT(Decode({0, {3}}), IsEmpty());
}

TEST_F(DecodeStillsTest, StopsWhenTold) {
  const auto stills =
      DecodeStills(path_, track_, index_, {0, {3}}, 64, [] { return false; });
  ASSERT_FALSE(stills.has_value());
  EXPECT_EQ(stills.error().code, base::Code::kCancelled);
}

}  // namespace
}  // namespace reel::package

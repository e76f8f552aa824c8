#include "assemble/leaky_bucket.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/mp4_builder.h"
#include "testing/temp_dir.h"

namespace reel::assemble {
namespace {

using testing::Bytes;
using testing::operator+;

// Ten ticks a second; 1000 bit/s is 100 bits a tick.
class TrackBucketTest : public ::testing::Test {
 protected:
  base::Result<model::BucketReport> Run(const Bytes& bytes) {
    const std::string path = dir_.path() + "/track.mp4";
    EXPECT_TRUE(base::WriteFileAtomically(path, bytes));
    return RunLeakyBucketOverTrack(path, 1000, 800, 50);
  }
  testing::TempDir dir_;
  Bytes init_ = testing::MakeInit({.timescale_hz = 10});
  Bytes first_ =
      testing::MakeFragment({1, 0, {{25, 1, true, 0}, {25, 1, false, 0}}});
};

TEST_F(TrackBucketTest, CountsEverySampleAtItsDecodeTime) {
  const Bytes second = testing::MakeFragment({2, 2, {{50, 1, true, 0}}});
  const auto report = Run(init_ + first_ + second);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->access_units, 3);
  EXPECT_EQ(report->first_violation, 2);  // 400-200+100-200+100-400
  EXPECT_EQ(report->lowest_bits, -200);
  EXPECT_EQ(report->end_bits, -100);
}

TEST_F(TrackBucketTest, FillsInAGap) {
  const Bytes second = testing::MakeFragment({2, 4, {{50, 1, true, 0}}});
  const auto report = Run(init_ + first_ + second);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->first_violation, -1);
  EXPECT_EQ(report->lowest_bits, 0);
}

TEST_F(TrackBucketTest, RefusesTimeThatRunsBackwards) {
  const auto report = Run(init_ + first_ + first_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, base::Code::kCorruptInput);
}

TEST_F(TrackBucketTest, RefusesAFileWithoutATrack) {
  EXPECT_EQ(Run(first_).error().code, base::Code::kCorruptInput);
  EXPECT_EQ(Run({}).error().code, base::Code::kCorruptInput);
}

}  // namespace
}  // namespace reel::assemble

#include "quality/vif_kernels.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <numeric>
#include <vector>

namespace reel::quality {
namespace {

// Of each kind of vectors that this machine has.
class FixedLog2sTest : public ::testing::TestWithParam<int64_t> {
 protected:
  FixedLog2sTest() { hwy::SetSupportedTargetsForTest(GetParam()); }
  ~FixedLog2sTest() override { hwy::SetSupportedTargetsForTest(0); }
};

TEST_P(FixedLog2sTest, AreTheTablesForAllLeadingBits) {
  std::vector<double> numbers(1 << 15);
  std::iota(numbers.begin(), numbers.end(), 32768.0);
  const FixedLog2 table;
  for (const double scale : {1.0, 4.0, 65536.0}) {
    std::vector<double> scaled;
    for (const double number : numbers) scaled.push_back(number * scale);
    const std::vector<int32_t> logs = FixedLog2s(scaled);
    for (size_t i = 0; i < logs.size(); ++i) {
      ASSERT_EQ(logs[i], table.Of(static_cast<uint64_t>(scaled[i])))
          << scaled[i];
    }
  }
}

TEST_P(FixedLog2sTest, CutWhatFollowsTheLeadingBits) {
  const FixedLog2 table;
  const std::vector<double> numbers{131071, 131073, 2147483647, 4294967295};
  const std::vector<int32_t> logs = FixedLog2s(numbers);
  for (size_t i = 0; i < logs.size(); ++i) {
    EXPECT_EQ(logs[i], table.Of(static_cast<uint64_t>(numbers[i])));
  }
}

std::vector<int64_t> Targets() {
  std::vector<int64_t> targets;
  for (int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const int64_t target = left & -left;
    if (target < HWY_EMU128) targets.push_back(target);
  }
  return targets;
}
INSTANTIATE_TEST_SUITE_P(Targets, FixedLog2sTest,
                         ::testing::ValuesIn(Targets()), [](const auto& test) {
                           return hwy::TargetName(test.param);
                         });

}  // namespace
}  // namespace reel::quality

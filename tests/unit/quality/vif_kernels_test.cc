#include "quality/vif_kernels.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <vector>

namespace reel::quality {
namespace {

// Of each kind of vectors that this machine has.
class FixedLog2sTest : public ::testing::TestWithParam<int64_t> {
 protected:
  FixedLog2sTest() { hwy::SetSupportedTargetsForTest(GetParam()); }
  ~FixedLog2sTest() override { hwy::SetSupportedTargetsForTest(0); }
};

void ExpectTheTables(const std::vector<int32_t>& numbers) {
  const FixedLog2 table;
  const std::vector<int32_t> logs = FixedLog2s(numbers);
  for (size_t i = 0; i < logs.size(); ++i) {
    ASSERT_EQ(logs[i], table.Of(static_cast<uint64_t>(numbers[i])))
        << numbers[i];
  }
}

TEST_P(FixedLog2sTest, AreTheTablesForAllLeadingBits) {
  for (const int shift : {0, 2, 8, 9, 15}) {
    std::vector<int32_t> numbers(1 << 15);
    for (size_t i = 0; i < numbers.size(); ++i)
      numbers[i] = static_cast<int32_t>((32768 + i) << shift);
    ExpectTheTables(numbers);
  }
}

TEST_P(FixedLog2sTest, CutOffWhatFollowsThem) {
  std::vector<int32_t> numbers{131071, 131073, (1 << 24) - 1, (1 << 24) + 1};
  for (int32_t i = 1; i < 32768; ++i)
    numbers.push_back((65536 - i) * 32768 - 1);
  ExpectTheTables(numbers);
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

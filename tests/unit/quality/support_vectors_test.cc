#include "quality/support_vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace reel::quality {
namespace {

using ::testing::HasSubstr;

const std::string kHeader =
    "svm_type nu_svr\nkernel_type rbf\ngamma 0.5\nnr_class 2\ntotal_sv 2\n"
    "rho -1.25\nSV\n";
const std::string kVectors = "2.5 1:0.5 6:1e-1 \n-4 2:-1 3:0.25\n";

TEST(SupportVectorsTest, IsTheSumOfKernels) {
  const auto model = SupportVectors::Parse(kHeader + kVectors);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  // What a line does not name is 0.
  const double first = 0.25 + 0.01 + 0.36;  // (.5-1)² + (.1-0)² + .6²
  const double second = 1.0 + 1.0 + 0.0625 + 0.36;
  EXPECT_DOUBLE_EQ(
      (*model)({1.0, 0.0, 0.0, 0.6, 0.0, 0.0}),
      2.5 * std::exp(-0.5 * first) - 4.0 * std::exp(-0.5 * second) + 1.25);
}

struct Case {
  std::string name, text, want;
  base::Code code = base::Code::kCorruptInput;
};
class SupportVectorsErrorTest : public ::testing::TestWithParam<Case> {};

TEST_P(SupportVectorsErrorTest, SaysWhatIsWrong) {
  const auto model = SupportVectors::Parse(GetParam().text);
  ASSERT_FALSE(model.has_value());
  EXPECT_EQ(model.error().code, GetParam().code);
  EXPECT_THAT(model.error().message, HasSubstr(GetParam().want));
}

std::string Replace(std::string text, const std::string& from,
                    const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, SupportVectorsErrorTest,
    ::testing::Values(
        Case{"Empty", "", "svm_type", base::Code::kUnsupported},
        Case{"LinearKernel", Replace(kHeader + kVectors, "rbf", "linear"),
             "only nu_svr with rbf", base::Code::kUnsupported},
        Case{"Classifier", Replace(kHeader + kVectors, "nu_svr", "c_svc"),
             "c_svc", base::Code::kUnsupported},
        Case{"UnknownHeader", "probA 1\n" + kHeader + kVectors,
             "line 1: \"probA\"", base::Code::kUnsupported},
        Case{"NoGamma", Replace(kHeader + kVectors, "gamma 0.5\n", ""),
             "gamma"},
        Case{"NegativeGamma", Replace(kHeader + kVectors, "0.5", "-0.5"),
             "gamma"},
        Case{"NanRho", Replace(kHeader + kVectors, "-1.25", "nan"), "rho"},
        Case{"CutShort", kHeader + "2.5 1:0.5\n", "number of vectors, 1"},
        Case{"HugeCount",
             Replace(kHeader + kVectors, "total_sv 2",
                     "total_sv 99999999999999999999"),
             "total_sv"},
        Case{"WeightIsNan", kHeader + "nan 1:1\n1 1:1\n", "line 8"},
        Case{"WeightTooLarge", kHeader + "1e999 1:1\n1 1:1\n", "line 8"},
        Case{"ValueIsInfinite", kHeader + "1 1:inf\n1 1:1\n", "line 8"},
        Case{"IndexZero", kHeader + "1 0:1\n1 1:1\n", "indices 1 to 6"},
        Case{"IndexSeven", kHeader + "1 1:1\n1 7:1\n", "line 9"},
        Case{"NoColon", kHeader + "1 1\n1 1:1\n", "line 8"}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace reel::quality

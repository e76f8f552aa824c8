#include "quality/pairing.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace reel::quality {
namespace {

using std::chrono::nanoseconds;

std::optional<nanoseconds> Ms(double ms) {
  return nanoseconds(static_cast<int64_t>(ms * 1e6));
}

struct Case {
  std::string name;
  base::Rational reference_rate, distorted_rate;
  std::optional<nanoseconds> reference, distorted;
  double tick_ms;
  bool agree;
};

class CheckTimesTest : public testing::TestWithParam<Case> {};

TEST_P(CheckTimesTest, Judges) {
  const Case& c = GetParam();
  const StreamFacts reference{"ref", c.reference_rate, *Ms(c.tick_ms)};
  const StreamFacts distorted{"dist", c.distorted_rate, *Ms(c.tick_ms)};
  EXPECT_EQ(
      CheckTimes(reference, c.reference, distorted, c.distorted, 7).has_value(),
      c.agree);
}

constexpr base::Rational k24{24, 1}, k25{25, 1}, kFilm{24000, 1001}, kNone{};
INSTANTIATE_TEST_SUITE_P(
    Cases, CheckTimesTest,
    testing::Values(
        Case{"Equal", k25, k25, Ms(40), Ms(40), 0.01, true},
        Case{"LessThanHalfAFrame", k25, k25, Ms(40), Ms(59), 0.01, true},
        Case{"MoreThanHalfAFrame", k25, k25, Ms(40), Ms(61), 0.01, false},
        Case{"Earlier", k25, k25, Ms(40), Ms(19), 0.01, false},
        Case{"UnknownTime", k25, k25, Ms(40), std::nullopt, 0.01, true},
        Case{"UnknownRates", kNone, kNone, Ms(40), Ms(55), 0.01, true},
        Case{"UnknownRatesFarApart", kNone, kNone, Ms(40), Ms(65), 0.01, false},
        // 24 against 25: the second frame tells, long before half a frame.
        Case{"OtherRate", k25, k24, Ms(40), Ms(41.67), 0.01, false},
        Case{"OtherNominalRateSameTimes", k25, k24, Ms(40), Ms(40), 0.01, true},
        Case{"RoundedToMilliseconds", k24, kFilm, Ms(500), Ms(501), 1, true},
        Case{"DriftBeyondRounding", k24, kFilm, Ms(2500), Ms(2503), 1, false},
        // A clock coarser than half a frame.
        Case{"CoarseClock", {1000, 1}, {1000, 1}, Ms(2), Ms(3), 1, true}),
    [](const auto& test) { return test.param.name; });

TEST(CheckTimesMessageTest, NamesFilesFrameTimesAndRemedy) {
  const auto lost = CheckTimes({"ref.mkv", k25, {}}, Ms(480),
                               {"dist.mkv", k25, {}}, Ms(520), 12);
  ASSERT_FALSE(lost.has_value());
  EXPECT_EQ(lost.error().code, base::Code::kInvalidArgument);
  for (const char* part :
       {"ref.mkv", "dist.mkv", "frame 12", "0.480", "0.520", "--align"})
    EXPECT_NE(lost.error().message.find(part), std::string::npos) << part;
  const auto other = CheckTimes({"ref.mkv", k25, {}}, Ms(480),
                                {"dist.mkv", k24, {}}, Ms(500), 12);
  EXPECT_NE(other.error().message.find("24 and 25 frames/s"), std::string::npos)
      << other.error().message;
}

}  // namespace
}  // namespace reel::quality

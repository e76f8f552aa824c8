#include "model/finding.h"

#include <gmock/gmock.h>

namespace reel::model {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

Finding Of(const std::string& code, Severity severity, double start = 0) {
  Finding finding;
  finding.code = code;
  finding.severity = severity;
  finding.start = start;
  return finding;
}

TEST(FindingTest, NoFindingIsAccepted) {
  EXPECT_EQ(MakeInspectionReport({}).verdict, Verdict::kAccept);
}

TEST(FindingTest, InfoIsAccepted) {
  EXPECT_EQ(MakeInspectionReport({Of("interlaced", Severity::kInfo)}).verdict,
            Verdict::kAccept);
}

TEST(FindingTest, TheWorstSeverityDecides) {
  EXPECT_EQ(
      MakeInspectionReport({Of("a", Severity::kInfo), Of("b", Severity::kWarn)})
          .verdict,
      Verdict::kWarn);
  EXPECT_EQ(MakeInspectionReport(
                {Of("a", Severity::kReject), Of("b", Severity::kWarn)})
                .verdict,
            Verdict::kReject);
}

TEST(FindingTest, SortsBySeverityThenStartThenCode) {
  const auto report = MakeInspectionReport(
      {Of("e", Severity::kInfo), Of("d", Severity::kWarn, 2),
       Of("c", Severity::kWarn, 1), Of("b", Severity::kReject, 9),
       Of("a", Severity::kReject, 9)});
  EXPECT_THAT(
      report.findings,
      ElementsAre(Field(&Finding::code, "a"), Field(&Finding::code, "b"),
                  Field(&Finding::code, "c"), Field(&Finding::code, "d"),
                  Field(&Finding::code, "e")));
}

TEST(FindingTest, SurvivesJson) {
  Finding finding = Of("frame-dropped", Severity::kWarn, 1.5);
  finding.evidence = {{"frames", 3}};
  const base::Json json = finding;
  EXPECT_EQ(json.at("severity"), "warn");
  EXPECT_EQ(base::Json(json.get<Finding>()), json);
}

}  // namespace
}  // namespace reel::model

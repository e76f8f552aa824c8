#include "imf/finding_list.h"

#include <gtest/gtest.h>

namespace reel::imf {
namespace {

using model::Severity;

TEST(FindingListTest, NamesFileLineElementAndId) {
  FindingList list;
  list.Add("imf-schema", Severity::kWarn, {"CPL.xml", "Resource", "abc", 7},
           "is wrong", "Mend it.");
  ASSERT_EQ(list.findings().size(), 1U);
  const model::Finding& finding = list.findings().front();
  EXPECT_EQ(finding.message, "CPL.xml, line 7: Resource abc: is wrong.");
  EXPECT_EQ(finding.remedy, "Mend it.");
  EXPECT_EQ(finding.evidence["id"], "abc");
  EXPECT_FALSE(list.Rejects());
}

TEST(FindingListTest, IsBoundedAndKeepsTheWorst) {
  FindingList list;
  for (int i = 0; i < 1000; ++i)
    list.Add("imf-schema", Severity::kWarn, {}, "x", "y");
  list.Add("imf-schema", Severity::kReject, {}, "x", "y");
  EXPECT_EQ(list.findings().size(), FindingList::kMaxFindings);
  EXPECT_TRUE(list.Rejects());
  EXPECT_EQ(list.findings().back().evidence["more"],
            1001 - FindingList::kMaxFindings);
}

TEST(FindingListTest, SoftensRejectsOnly) {
  FindingList list;
  list.Add("a", Severity::kReject, {}, "x", "y");
  list.Add("b", Severity::kInfo, {}, "x", "y");
  list.Soften();
  EXPECT_EQ(list.findings()[0].severity, Severity::kWarn);
  EXPECT_EQ(list.findings()[1].severity, Severity::kInfo);
}

}  // namespace
}  // namespace reel::imf

#include "service/title_metrics.h"

#include <gtest/gtest.h>

namespace reel::service {
namespace {

TEST(TitleMetricsTest, CountsMeasuredRenditionsByTheirHeight) {
  model::Report report;
  for (const double vmaf : {95.0, 89.0, 0.0}) {
    model::ReportRendition rendition;
    rendition.height = vmaf > 90 ? 720 : 360;
    if (vmaf > 0) rendition.vmaf = {{"mean", vmaf}};
    report.renditions.push_back(rendition);
  }
  TitleMetrics metrics;
  metrics.Note(report);
  metrics.Note(report);
  const auto vmaf = metrics.Vmaf();
  ASSERT_EQ(vmaf.size(), 2u);
  EXPECT_NEAR(vmaf.at(720).sum(), 2 * 95, 1e-9);
  EXPECT_NEAR(vmaf.at(360).sum(), 2 * 89, 1e-9);
}

}  // namespace
}  // namespace reel::service

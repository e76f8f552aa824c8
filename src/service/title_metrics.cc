#include "service/title_metrics.h"

#include "workflow/fleet/fleet_metrics.h"

namespace reel::service {

void TitleMetrics::Note(const model::Report& report) {
  const std::lock_guard lock(mu_);
  for (const model::ReportRendition& rendition : report.renditions) {
    if (!rendition.vmaf.is_object()) continue;
    vmaf_.try_emplace(rendition.height, workflow::fleet::VmafHistogram())
        .first->second.Observe(rendition.vmaf.value("mean", 0.0));
  }
}

std::map<int, base::Histogram> TitleMetrics::Vmaf() const {
  const std::lock_guard lock(mu_);
  return vmaf_;
}

}  // namespace reel::service

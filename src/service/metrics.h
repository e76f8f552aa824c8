// A fleet's metrics as Prometheus reads them. Their names are an interface:
// dashboards and alerts in deploy/ are built on them.
#pragma once

#include <string>

#include "workflow/fleet/fleet_metrics.h"

namespace reel::service {

// All families are there, those without a sample too. Pure.
std::string MetricsText(const workflow::fleet::FleetMetrics& metrics);

}  // namespace reel::service

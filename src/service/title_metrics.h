// What the titles that this process has finished came to, for monitoring.
#pragma once

#include <map>
#include <mutex>

#include "base/histogram.h"
#include "model/report.h"

namespace reel::service {

// Safe from several threads.
class TitleMetrics {
 public:
  void Note(const model::Report& report);
  // Mean VMAF of renditions that were measured, by height in lines.
  std::map<int, base::Histogram> Vmaf() const;

 private:
  mutable std::mutex mu_;  // vmaf_
  std::map<int, base::Histogram> vmaf_;
};

}  // namespace reel::service

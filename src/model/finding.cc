#include "model/finding.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace reel::model {
namespace {

Verdict VerdictOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return Verdict::kAccept;
    case Severity::kWarn:
      return Verdict::kWarn;
    case Severity::kReject:
      return Verdict::kReject;
  }
  return Verdict::kReject;
}

}  // namespace

InspectionReport MakeInspectionReport(std::vector<Finding> findings) {
  const auto key = [](const Finding& f) {
    return std::tuple(-static_cast<int>(f.severity), f.start, f.code,
                      f.first_frame);
  };
  std::stable_sort(
      findings.begin(), findings.end(),
      [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  const Severity worst =
      findings.empty() ? Severity::kInfo : findings.front().severity;
  return {VerdictOf(worst), std::move(findings)};
}

}  // namespace reel::model

// What inspection found. Codes are stable: docs/inspection.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace reel::model {

enum class Severity { kInfo, kWarn, kReject };
NLOHMANN_JSON_SERIALIZE_ENUM(Severity, {{Severity::kInfo, "info"},
                                        {Severity::kWarn, "warn"},
                                        {Severity::kReject, "reject"}})

struct Finding {
  std::string code;  // "packets-corrupt"
  Severity severity = Severity::kInfo;
  int stream = -1;   // container index; -1: the whole file
  double start = 0;  // seconds, for display
  double end = 0;
  int64_t first_frame = -1;  // presentation order; -1: not about a frame
  std::string message;       // what is wrong
  std::string remedy;        // what its sender can do
  base::Json evidence;       // numbers behind it
};

enum class Verdict { kAccept, kWarn, kReject };
NLOHMANN_JSON_SERIALIZE_ENUM(Verdict, {{Verdict::kAccept, "accept"},
                                       {Verdict::kWarn, "warn"},
                                       {Verdict::kReject, "reject"}})

struct InspectionReport {
  Verdict verdict = Verdict::kAccept;
  std::vector<Finding> findings;
};

// The worst severity decides; findings sorted by severity, start and code.
InspectionReport MakeInspectionReport(std::vector<Finding> findings);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Finding, code, severity, stream, start, end,
                                   first_frame, message, remedy, evidence)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InspectionReport, verdict, findings)

}  // namespace reel::model

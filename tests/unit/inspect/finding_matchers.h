// What a check finds, for EXPECT_THAT: every finding has a message and a
// remedy.
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "model/finding.h"

namespace reel::inspect {

inline auto Is(const std::string& code, model::Severity severity) {
  using model::Finding;
  using ::testing::Field;
  return ::testing::AllOf(
      Field("code", &Finding::code, code),
      Field("severity", &Finding::severity, severity),
      Field("message", &Finding::message, ::testing::Not("")),
      Field("remedy", &Finding::remedy, ::testing::Not("")));
}
inline auto Is(const std::string& code, model::Severity severity, double start,
               double end) {
  using model::Finding;
  using ::testing::DoubleNear;
  using ::testing::Field;
  return ::testing::AllOf(
      Is(code, severity),
      Field("start", &Finding::start, DoubleNear(start, 1e-6)),
      Field("end", &Finding::end, DoubleNear(end, 1e-6)));
}

}  // namespace reel::inspect

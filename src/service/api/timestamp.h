// Points in time as the API writes them: RFC 3339.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.h"

namespace reel::service::api {

// "2026-11-23T10:00:00.250Z" of milliseconds since 1970.
std::string FormatTimestamp(int64_t ms);
// null of 0, which is no time.
base::Json JsonTime(int64_t ms);

// Milliseconds since 1970, from "2026-11-23T11:00:00+01:00" and the like, of
// the years 1970 to 9999; nullopt for anything else.
std::optional<int64_t> ParseTimestamp(const std::string& text);

}  // namespace reel::service::api

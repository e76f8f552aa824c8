#include "base/json.h"

#include <fmt/format.h>

namespace reel::base {

Result<Json> ParseJson(std::string_view text, int max_depth) {
  bool too_deep = false;
  const auto guard = [&](int depth, Json::parse_event_t, Json&) {
    too_deep |= depth > max_depth;
    return !too_deep;
  };
  try {
    Json json = Json::parse(text, guard);
    if (too_deep) {
      return Fail(Code::kCorruptInput,
                  fmt::format("JSON nested deeper than {}", max_depth));
    }
    return json;
  } catch (const Json::exception& error) {
    return Fail(Code::kCorruptInput, error.what());
  }
}

std::string DumpJson(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string DumpPrettyJson(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace reel::base

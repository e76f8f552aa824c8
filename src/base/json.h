// JSON at the borders: the library's exceptions end here.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace reel::base {

using Json = nlohmann::json;

// Errors: kCorruptInput with the parser's position, also beyond `max_depth`
// nested arrays and objects.
Result<Json> ParseJson(std::string_view text, int max_depth = 64);

// One line, keys sorted, so that equal values give equal bytes.
std::string DumpJson(const Json& json);
// For people: two spaces of indent.
std::string DumpPrettyJson(const Json& json);

// `json` as a T that has a from_json. Errors: kCorruptInput, naming the field.
template <typename T>
Result<T> FromJson(const Json& json) {
  try {
    return json.get<T>();
  } catch (const nlohmann::json::exception& error) {
    return Fail(Code::kCorruptInput, error.what());
  }
}

template <typename T>
Result<T> ParseJsonAs(std::string_view text) {
  REEL_ASSIGN(const Json json, ParseJson(text));
  return FromJson<T>(json);
}

}  // namespace reel::base

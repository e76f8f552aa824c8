#include "service/api/request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;

std::string ValueOf(const std::map<std::string, std::string>& fields,
                    const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

}  // namespace

std::string ApiRequest::Header(const std::string& name) const {
  return ValueOf(headers, name);
}

std::string ApiRequest::Query(const std::string& name) const {
  return ValueOf(query, name);
}

Result<int64_t> ApiRequest::QueryNumber(const std::string& name,
                                        int64_t otherwise, int64_t least,
                                        int64_t most) const {
  const std::string text = Query(name);
  if (text.empty()) return otherwise;
  int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() ||
      number < least || number > most) {
    return Fail(
        Code::kInvalidArgument,
        fmt::format("{} must be a number from {} to {}", name, least, most));
  }
  return number;
}

Status ApiRequest::OnlyQuery(std::span<const char* const> names) const {
  for (const auto& [name, value] : query) {
    if (std::ranges::find(names, std::string_view(name)) == names.end()) {
      return Fail(Code::kInvalidArgument,
                  fmt::format("there is no parameter '{}' here{}{}", name,
                              names.empty() ? "" : "; there are: ",
                              fmt::join(names, ", ")));
    }
  }
  return {};
}

Result<Json> ApiRequest::JsonBody() const {
  REEL_ASSIGN(const std::string text, read_body(kMaxJsonBytes));
  auto json = base::ParseJson(text, kMaxJsonDepth);
  if (!json)
    return Fail(Code::kInvalidArgument, "body: " + json.error().message);
  if (!json->is_object())
    return Fail(Code::kInvalidArgument, "the body must be a JSON object");
  return json;
}

}  // namespace reel::service::api

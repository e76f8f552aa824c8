#include "service/api/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace reel::service::api {

using base::Code;
using base::Json;

const Json* Fields::Take(const std::string& name) {
  taken_.insert(name);
  const auto found = object_.find(name);
  if (found == object_.end() || found->is_null()) return nullptr;
  return &*found;
}

void Fields::Refuse(const std::string& name, const std::string& why) {
  if (!error_)
    error_ =
        base::Error{Code::kInvalidArgument, fmt::format("{} {}", name, why)};
}

std::string Fields::String(const std::string& name, size_t max_bytes,
                           Kind kind) {
  const Json* member = Take(name);
  if (member == nullptr) return "";
  if (!member->is_string()) {
    Refuse(name, "must be a string");
    return "";
  }
  auto text = member->get<std::string>();
  if (text.size() > max_bytes) {
    Refuse(name, fmt::format("is longer than {} bytes", max_bytes));
    return "";
  }
  const bool is_clean = std::ranges::all_of(text, [&](unsigned char c) {
    const bool is_space = c == '\n' || c == '\r' || c == '\t';
    return (c >= 0x20 && c != 0x7f) || (kind == Kind::kText && is_space);
  });
  if (!is_clean) {
    Refuse(name, "has control characters");
    return "";
  }
  return text;
}

std::string Fields::Required(const std::string& name, size_t max_bytes) {
  std::string text = String(name, max_bytes);
  if (text.empty()) Refuse(name, "is missing");
  return text;
}

int64_t Fields::RequiredNumber(const std::string& name, int64_t least,
                               int64_t most) {
  const Json* member = Take(name);
  const bool is_number =
      member != nullptr && member->is_number_integer() &&
      !(member->is_number_unsigned() &&
        member->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX));
  const int64_t number = is_number ? member->get<int64_t>() : 0;
  if (is_number && number >= least && number <= most) return number;
  Refuse(name,
         fmt::format("must be a whole number from {} to {}", least, most));
  return least;
}

base::Status Fields::Done() const {
  if (error_) return tl::unexpected(*error_);
  for (const auto& [name, value] : object_.items()) {
    if (!taken_.contains(name)) {
      return base::Fail(Code::kInvalidArgument,
                        fmt::format("there is no member '{}' here; there are: "
                                    "{}",
                                    name, fmt::join(taken_, ", ")));
    }
  }
  return {};
}

}  // namespace reel::service::api

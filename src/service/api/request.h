// A request as the API's handlers see it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "platform/token_store.h"

namespace reel::service::api {

inline constexpr int64_t kMaxJsonBytes = int64_t{256} << 10;
inline constexpr int kMaxJsonDepth = 32;

struct ApiRequest {
  std::vector<std::string> ids;  // what stands for each {…} of the route's path
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::optional<platform::Token> caller;       // none: the route is open
  // Reads the body, once. Errors: kInvalidArgument beyond so many bytes,
  // kUnavailable when it does not come.
  std::function<base::Result<std::string>(int64_t max_bytes)> read_body;
  std::stop_token stop;  // of the server

  // "" when there is none.
  std::string Header(const std::string& name) const;
  std::string Query(const std::string& name) const;
  // Errors: kInvalidArgument if it is no number from `least` to `most`.
  base::Result<int64_t> QueryNumber(const std::string& name, int64_t otherwise,
                                    int64_t least, int64_t most) const;
  // Errors: kInvalidArgument, naming a parameter that is not one of these:
  // misspelt, a filter would filter nothing.
  base::Status OnlyQuery(std::span<const char* const> names) const;
  // The body as a JSON object. Errors: kInvalidArgument.
  base::Result<base::Json> JsonBody() const;
};

}  // namespace reel::service::api

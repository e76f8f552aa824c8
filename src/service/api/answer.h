// What the API answers: a status and JSON, or one JSON shape for every error.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace reel::service::api {

// Takes a piece of a body as it comes; false: nobody listens any more.
using PieceSink = std::function<bool(std::string_view)>;

struct Answer {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::map<std::string, std::string> headers = {};
  // In place of `body`: gives pieces to the sink until all are told.
  std::function<void(const PieceSink&)> stream = {};
};

Answer JsonAnswer(const base::Json& json, int status = 200);

// The status of an error: decided by its code alone.
int HttpStatus(base::Code code);

// {"error": {"code": …, "message": …}}. What went wrong inside (500) is nothing
// for the outside: the caller logs it, and the answer does not say it.
Answer ErrorAnswer(const base::Error& error);
// The same for what only HTTP knows: 401 "unauthenticated".
Answer ErrorAnswer(int status, const std::string& code,
                   const std::string& message);

}  // namespace reel::service::api

#include "service/api/answer.h"

namespace reel::service::api {

using base::Code;

Answer JsonAnswer(const base::Json& json, int status) {
  return {.status = status, .body = base::DumpJson(json) + "\n"};
}

int HttpStatus(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
      return 400;
    case Code::kNotFound:
      return 404;
    case Code::kConflict:
      return 409;
    case Code::kUnsupported:
    case Code::kRejected:
      return 422;
    case Code::kCorruptInput:
    case Code::kInternal:
    case Code::kIo:
    case Code::kOutputWrong:
      return 500;
    case Code::kCancelled:
    case Code::kUnavailable:
      return 503;
    case Code::kTimeout:
      return 504;
    case Code::kResourceExhausted:
      return 507;
  }
  return 500;
}

Answer ErrorAnswer(const base::Error& error) {
  const int status = HttpStatus(error.code);
  return ErrorAnswer(
      status, base::CodeName(error.code),
      status == 500 ? "something went wrong inside; the server's log says what"
                    : error.message);
}

Answer ErrorAnswer(int status, const std::string& code,
                   const std::string& message) {
  return JsonAnswer({{"error", {{"code", code}, {"message", message}}}},
                    status);
}

}  // namespace reel::service::api

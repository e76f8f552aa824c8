#include "base/result.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace reel::base {

const char* CodeName(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
      return "invalid-argument";
    case Code::kNotFound:
      return "not-found";
    case Code::kCorruptInput:
      return "corrupt-input";
    case Code::kUnsupported:
      return "unsupported";
    case Code::kConflict:
      return "conflict";
    case Code::kCancelled:
      return "cancelled";
    case Code::kInternal:
      return "internal";
    case Code::kRejected:
      return "rejected";
    case Code::kIo:
      return "io";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kTimeout:
      return "timeout";
    case Code::kResourceExhausted:
      return "resource-exhausted";
    case Code::kOutputWrong:
      return "output-wrong";
  }
  return "internal";
}

Code CodeFromName(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(Code::kOutputWrong); ++i) {
    if (name == CodeName(static_cast<Code>(i))) return static_cast<Code>(i);
  }
  return Code::kInternal;
}

bool MayRetry(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
    case Code::kNotFound:
    case Code::kCorruptInput:
    case Code::kUnsupported:
    case Code::kConflict:
    case Code::kCancelled:
    case Code::kInternal:
    case Code::kRejected:
      return false;
    case Code::kIo:
    case Code::kUnavailable:
    case Code::kTimeout:
    case Code::kResourceExhausted:
    case Code::kOutputWrong:
      return true;
  }
  return false;
}

tl::unexpected<Error> Prefix(const Error& error, const std::string& doing) {
  return Fail(error.code, doing + ": " + error.message);
}

Error FromErrno(int error_number, const std::string& doing) {
  const std::string text = doing + ": " + std::strerror(error_number);
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return {Code::kNotFound, text};
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR:
    case ENAMETOOLONG:
      return {Code::kInvalidArgument, text};
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return {Code::kResourceExhausted, text};
    default:
      return {Code::kIo, text};
  }
}

void CheckFailed(const char* file, int line, const char* what) {
  fmt::print(stderr, "{}:{}: broken invariant: {}\n", file, line, what);
  std::abort();
}

}  // namespace reel::base

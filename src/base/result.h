// Errors as values. Whatever the world can do to us is a Result; a broken
// invariant of our own is REEL_CHECK. See docs/architecture.md, "Errors".
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace reel::base {

// What a caller does about an error is decided by its code alone.
enum class Code {
  // Another attempt cannot help:
  kInvalidArgument,
  kNotFound,
  kCorruptInput,
  kUnsupported,
  kConflict,
  kCancelled,
  kInternal,
  kRejected,  // the source failed inspection: exit code 3
  // Another attempt may help:
  kIo,
  kUnavailable,
  kTimeout,
  kResourceExhausted,
  kOutputWrong,  // what we made is not what we were given: exit code 4
};

struct Error {
  Code code;
  std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

// "not-found" and so on: for logs and JSON, never to branch on.
const char* CodeName(Code code);
// The inverse of CodeName; kInternal for an unknown name.
Code CodeFromName(const std::string& name);
// Whether another attempt at the same work may succeed.
bool MayRetry(Code code);

inline tl::unexpected<Error> Fail(Code code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}
// The same error with `doing` put before its message: "doing: message".
tl::unexpected<Error> Prefix(const Error& error, const std::string& doing);
// The error that an errno value stands for, e.g. ENOSPC is kResourceExhausted.
Error FromErrno(int error_number, const std::string& doing);

[[noreturn]] void CheckFailed(const char* file, int line, const char* what);

}  // namespace reel::base

// Declares `declaration` with the value of `expression`, or returns its error.
#define REEL_ASSIGN(declaration, expression) \
  REEL_ASSIGN_(REEL_CONCAT_(reel_result_, __LINE__), declaration, expression)
#define REEL_ASSIGN_(result, declaration, expression)              \
  auto result = (expression);                                      \
  if (!result) return ::tl::unexpected(std::move(result).error()); \
  declaration = *std::move(result)

// Goes on, or returns the error.
#define REEL_TRY(expression)                                   \
  do {                                                         \
    if (auto reel_status = (expression); !reel_status)         \
      return ::tl::unexpected(std::move(reel_status).error()); \
  } while (false)

// Like REEL_TRY, and says what was being done.
#define REEL_TRY_DOING(doing, expression)                        \
  do {                                                           \
    if (auto reel_status = (expression); !reel_status)           \
      return ::reel::base::Prefix(reel_status.error(), (doing)); \
  } while (false)

#define REEL_CHECK(condition)                                    \
  do {                                                           \
    if (!(condition))                                            \
      ::reel::base::CheckFailed(__FILE__, __LINE__, #condition); \
  } while (false)

#define REEL_CONCAT_(a, b) REEL_CONCAT2_(a, b)
#define REEL_CONCAT2_(a, b) a##b

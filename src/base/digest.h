// SHA-256, the identity of tasks and artifacts (FIPS 180-4, through OpenSSL).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace reel::base {

// 64 lower-case hexadecimal digits.
std::string Sha256(std::span<const uint8_t> bytes);
std::string Sha256(std::string_view text);

// Streaming form. Not for use from several threads.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void Update(std::span<const uint8_t> bytes);
  // The digest of all bytes so far; the stream must not be used afterwards.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Digest of a file's bytes, read in bounded memory.
// Errors: kNotFound, kInvalidArgument (not readable), kIo.
Result<std::string> Sha256File(const std::string& path);

}  // namespace reel::base

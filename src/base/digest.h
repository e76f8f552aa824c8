// SHA-256, the identity of tasks and artifacts, and SHA-1, which the packing
// lists of delivered packages use (FIPS 180-4, through OpenSSL).
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

enum class DigestKind { kSha1, kSha256 };

// Streaming form. Not for use from several threads.
class DigestStream {
 public:
  explicit DigestStream(DigestKind kind);
  ~DigestStream();
  DigestStream(DigestStream&&) noexcept;
  DigestStream& operator=(DigestStream&&) noexcept;

  void Update(std::span<const uint8_t> bytes);
  // The digest of all bytes so far, in lower-case hexadecimal digits; the
  // stream must not be used afterwards.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Sha256Stream : public DigestStream {
 public:
  Sha256Stream() : DigestStream(DigestKind::kSha256) {}
};

// Digest of a file's bytes, read in bounded memory.
// Errors: kNotFound, kInvalidArgument (not readable), kIo.
Result<std::string> Sha256File(const std::string& path);

}  // namespace reel::base

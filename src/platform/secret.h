// Secrets that this program makes, and proofs that somebody knows one.
#pragma once

#include <string>
#include <string_view>

namespace reel::platform {

// That many random bytes of the system's cryptographic source, as lower-case
// hexadecimal digits.
std::string RandomHex(int bytes);

// Two lower-case digits a byte.
std::string Hexadecimal(std::string_view bytes);

// HMAC-SHA-256 (RFC 2104): 32 bytes.
std::string HmacSha256(std::string_view key, std::string_view text);

}  // namespace reel::platform

#include "platform/secret.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>

#include "base/result.h"

namespace reel::platform {

std::string RandomHex(int bytes) {
  std::string random(static_cast<size_t>(bytes), '\0');
  // Fails only where the system has no source of randomness at all.
  REEL_CHECK(
      RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), bytes) == 1);
  return Hexadecimal(random);
}

std::string Hexadecimal(std::string_view bytes) {
  std::string out;
  for (const char c : bytes)
    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string HmacSha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

}  // namespace reel::platform

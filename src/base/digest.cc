#include "base/digest.h"

#include <openssl/evp.h>

#include <array>
#include <vector>

#include "base/file.h"

namespace reel::base {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct DigestStream::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

DigestStream::DigestStream(DigestKind kind)
    : state_(std::make_unique<State>()) {
  REEL_CHECK(state_->context != nullptr);
  const EVP_MD* digest = kind == DigestKind::kSha1 ? EVP_sha1() : EVP_sha256();
  REEL_CHECK(EVP_DigestInit_ex(state_->context.get(), digest, nullptr) == 1);
}

DigestStream::~DigestStream() = default;
DigestStream::DigestStream(DigestStream&&) noexcept = default;
DigestStream& DigestStream::operator=(DigestStream&&) noexcept = default;

void DigestStream::Update(std::span<const uint8_t> bytes) {
  REEL_CHECK(
      EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string DigestStream::Finish() {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  REEL_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size) ==
             1);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * size);
  for (unsigned i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

std::string Sha256(std::span<const uint8_t> bytes) {
  Sha256Stream stream;
  stream.Update(bytes);
  return stream.Finish();
}

std::string Sha256(std::string_view text) {
  Sha256Stream stream;
  stream.Update(AsBytes(text));
  return stream.Finish();
}

Result<std::string> Sha256File(const std::string& path) {
  REEL_ASSIGN(File file, File::OpenForReading(path));
  Sha256Stream stream;
  std::vector<uint8_t> buffer(1 << 20);
  for (;;) {
    REEL_ASSIGN(const size_t got, file.Read(buffer));
    if (got == 0) return stream.Finish();
    stream.Update(std::span(buffer).first(got));
  }
}

}  // namespace reel::base

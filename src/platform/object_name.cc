#include "platform/object_name.h"

#include <algorithm>

namespace reel::platform {

base::Status CheckDigest(const std::string& digest) {
  constexpr size_t kDigestDigits = 64;
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  };
  if (digest.size() == kDigestDigits && std::ranges::all_of(digest, is_hex))
    return {};
  return base::Fail(base::Code::kInvalidArgument,
                    "not a digest: \"" + digest + '"');
}

}  // namespace reel::platform

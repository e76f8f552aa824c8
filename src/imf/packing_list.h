// A packing list: size and digest of each asset of a delivery. SMPTE ST 2067-2,
// section 7.3.1 (2016 and 2020), and ST 429-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "imf/finding_list.h"

namespace reel::imf {

struct PackedAsset {
  std::string id;
  base::DigestKind digest_kind = base::DigestKind::kSha1;
  std::string digest;  // hexadecimal
  int64_t size_bytes = 0;
  std::string type;  // MIME
  int64_t line = 0;
};

struct PackingList {
  std::string id;
  std::vector<PackedAsset> assets;
};

// What can be read of it; the rest becomes findings that name `file`. Pure.
PackingList ParsePackingList(std::string_view text, const std::string& file,
                             FindingList& findings);

}  // namespace reel::imf

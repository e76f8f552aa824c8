// ASSETMAP.xml: which file holds which asset. SMPTE ST 429-9.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imf/finding_list.h"

namespace reel::imf {

inline constexpr size_t kMaxAssets = 50'000;

struct MappedAsset {
  std::string id;    // UUID
  std::string path;  // as written: not to be trusted, see asset_path.h
  bool is_packing_list = false;
  int64_t line = 0;
};

struct AssetMap {
  std::string id;
  std::vector<MappedAsset> assets;  // each id once
};

// What can be read of it; the rest becomes findings that name `file`. Pure.
AssetMap ParseAssetMap(std::string_view text, const std::string& file,
                       FindingList& findings);

}  // namespace reel::imf

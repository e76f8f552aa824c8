// One directory as it was delivered: its asset map, packing lists and
// composition playlists, read and held against each other and the disk. Essence
// is not opened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "imf/composition_playlist.h"
#include "imf/finding_list.h"
#include "imf/packing_list.h"

namespace reel::imf {

struct Asset {
  std::string id;
  std::string name;  // its path in the package
  std::string path;  // absolute; "" if it is unsafe or there is no such file
  bool unsafe = false;
  bool is_packing_list = false;
  int64_t size_bytes = 0;
  int64_t modified_ns = 0;
  // Its entry in a packing list and that list's name.
  std::optional<PackedAsset> packed;
  std::string packed_in;
};

// What is wrong in a playlist is kept with it, for it may not be the one that
// is wanted.
struct DeliveredPlaylist {
  CompositionPlaylist playlist;
  std::string asset_id;
  FindingList findings;
};

struct Delivery {
  std::string directory;  // as given
  std::string id;         // the asset map's
  std::vector<Asset> assets;
  std::map<std::string, size_t> by_id;  // places in assets
  std::vector<DeliveredPlaylist> playlists;
  std::vector<std::string> output_profiles;  // ids
  FindingList findings;                      // of all the rest

  const Asset* FindAsset(const std::string& asset_id) const;
};

// What is wrong becomes findings. What is found about single assets (missing,
// of another size) is left to JudgeAssets, which knows what the title needs.
// Errors: kNotFound, kInvalidArgument (not a directory; unreadable), kIo.
base::Result<Delivery> ReadDelivery(const std::string& directory);

// imf-path-unsafe, imf-asset-missing, imf-size-mismatch and, for what is in no
// packing list, imf-reference-broken. What is not among the ids that are
// `needed` only warns, or is left out with `only_needed`.
enum class Scope { kAll, kNeeded };
void JudgeAssets(const Delivery& delivery, const std::set<std::string>& needed,
                 Scope scope, FindingList& findings);

}  // namespace reel::imf

// Our reading of IMF: asset maps, packing lists, playlists and the timelines
// that come of them, and composition files.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "imf/asset_map.h"
#include "imf/composition_playlist.h"
#include "imf/packing_list.h"
#include "imf/timeline.h"
#include "model/composition.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  reel::imf::FindingList findings;
  (void)reel::imf::ParseAssetMap(text, "ASSETMAP.xml", findings);
  (void)reel::imf::ParsePackingList(text, "PKL.xml", findings);
  const auto playlist =
      reel::imf::ParseCompositionPlaylist(text, "CPL.xml", findings);
  (void)reel::imf::BuildTimeline(playlist, findings);
  if (const auto composition = reel::model::ParseComposition(text))
    (void)reel::model::Digest(*composition);
  return 0;
}

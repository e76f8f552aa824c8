#include "imf/asset_map.h"

#include <fmt/format.h>

#include <set>

#include "imf/fields.h"
#include "imf/xml.h"

namespace reel::imf {
namespace {

void ReadAsset(const XmlElement& element, FieldReader& reader,
               std::set<std::string>& ids, AssetMap& map) {
  MappedAsset asset;
  asset.line = element.line();
  const auto id = reader.NeedUuid(element, "Id");
  const auto list = reader.Need(element, "ChunkList");
  if (!id || !list) return;
  asset.id = *id;
  // ST 429-9, 7.4: the element marks a packing list, unless it says false.
  const auto mark = element.Child("PackingList");
  asset.is_packing_list =
      mark && mark->text() != "false" && mark->text() != "0";
  const auto chunks = list->Children("Chunk");
  if (chunks.size() != 1) {
    reader.Complain(*list, fmt::format("has {} chunks; an asset of an IMF "
                                       "package is one file",
                                       chunks.size()));
    return;
  }
  const auto path = reader.Need(chunks.front(), "Path");
  if (!path) return;
  asset.path = path->text();
  if (!ids.insert(asset.id).second) {
    reader.Complain(element, "the id " + asset.id + " is used twice");
    return;
  }
  map.assets.push_back(std::move(asset));
}

}  // namespace

AssetMap ParseAssetMap(std::string_view text, const std::string& file,
                       FindingList& findings) {
  AssetMap map;
  const auto document = XmlDocument::Parse(text);
  if (!document) {
    AddUnreadable(file, document.error().message, findings);
    return map;
  }
  FieldReader reader(file, findings);
  const XmlElement root = document->root();
  if (!reader.CheckRoot(root, "AssetMap", {"429-9"})) return map;
  map.id = reader.NeedUuid(root, "Id").value_or("");
  const auto volumes = reader.Integer(root, "VolumeCount", 1);
  if (volumes && *volumes != 1) {
    reader.Complain(
        root, fmt::format("has {} volumes; an IMF package has one", *volumes),
        model::Severity::kWarn);
  }
  const auto list = reader.Need(root, "AssetList");
  if (!list) return map;
  const std::vector<XmlElement> assets = list->Children("Asset");
  if (assets.size() > kMaxAssets) {
    reader.Complain(*list, fmt::format("has {} assets; {} are the most that "
                                       "are read",
                                       assets.size(), kMaxAssets));
    return map;
  }
  std::set<std::string> ids;
  for (const XmlElement& asset : assets) ReadAsset(asset, reader, ids, map);
  return map;
}

}  // namespace reel::imf

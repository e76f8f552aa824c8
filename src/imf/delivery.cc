#include "imf/delivery.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "imf/asset_map.h"
#include "imf/asset_path.h"
#include "imf/xml.h"

namespace reel::imf {
namespace {

namespace fs = std::filesystem;
using model::Severity;

constexpr char kAssetMap[] = "ASSETMAP.xml";

using MaybeText = std::optional<std::string>;

// The text of one of the package's XML files; a finding if it cannot be had.
base::Result<MaybeText> ReadXml(const Asset& asset, FindingList& findings) {
  auto text = base::ReadTextFile(asset.path, kMaxXmlBytes);
  if (text) return *std::move(text);
  if (text.error().code == base::Code::kIo)
    return tl::unexpected(text.error());  // the disk's fault
  findings.Add("imf-schema", Severity::kReject,
               {.file = asset.name, .id = asset.id},
               "cannot be read: " + text.error().message,
               "Check the file and its permissions.");
  return std::nullopt;
}

// Fills where the asset is, as far as its path is safe.
void Locate(const std::string& directory, Asset& asset) {
  const auto path = ResolveAssetPath(directory, asset.name);
  asset.unsafe = !path && path.error().code == base::Code::kInvalidArgument;
  if (!path) return;
  struct stat facts {};
  if (::stat(path->c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return;
  asset.path = *path;
  asset.size_bytes = facts.st_size;
  asset.modified_ns =
      facts.st_mtim.tv_sec * int64_t{1'000'000'000} + facts.st_mtim.tv_nsec;
}

void AddUnsafe(const Subject& subject, const Asset& asset,
               FindingList& findings) {
  findings.Add("imf-path-unsafe", Severity::kReject, subject,
               fmt::format("its path \"{}\" leads out of the package",
                           asset.name.substr(0, 200)),
               "Do not use this package before you trust its sender.");
}

class Reader {
 public:
  explicit Reader(const std::string& directory) {
    delivery_.directory = directory;
  }

  base::Result<Delivery> Read() {
    REEL_ASSIGN(const MaybeText text, ReadMap());
    if (!text) return std::move(delivery_);
    AssetMap map = ParseAssetMap(*text, kAssetMap, delivery_.findings);
    delivery_.id = map.id;
    for (MappedAsset& mapped : map.assets) {
      Asset asset;
      asset.id = std::move(mapped.id);
      asset.name = std::move(mapped.path);
      asset.is_packing_list = mapped.is_packing_list;
      Locate(delivery_.directory, asset);
      if (IsOfAnother(asset)) continue;
      delivery_.by_id[asset.id] = delivery_.assets.size();
      delivery_.assets.push_back(std::move(asset));
    }
    REEL_TRY(ReadPackingLists());
    for (const Asset& asset : delivery_.assets) {
      if (!asset.is_packing_list) REEL_TRY(ReadPlaylist(asset));
    }
    return std::move(delivery_);
  }

 private:
  // Else a small map could make us read a large file any number of times.
  bool IsOfAnother(const Asset& asset) {
    if (asset.path.empty() || paths_.insert(asset.path).second) return false;
    delivery_.findings.Add(
        "imf-schema", Severity::kReject, {kAssetMap, "Asset", asset.id},
        fmt::format("its file {} is that of another asset", asset.name),
        "Ask the sender for a corrected asset map.");
    return true;
  }

  base::Result<MaybeText> ReadMap() {
    Asset map;
    map.name = kAssetMap;
    Locate(delivery_.directory, map);
    if (!map.path.empty()) return ReadXml(map, delivery_.findings);
    if (map.unsafe) {
      AddUnsafe({.file = kAssetMap}, map, delivery_.findings);
      return std::nullopt;
    }
    delivery_.findings.Add(
        "imf-schema", Severity::kReject, {.file = kAssetMap},
        "there is no such file: the directory holds no IMF package",
        "Give the directory that holds the package's ASSETMAP.xml.");
    return std::nullopt;
  }

  base::Status ReadPackingLists() {
    size_t lists = 0;
    for (const Asset& asset : delivery_.assets) {
      if (!asset.is_packing_list) continue;
      ++lists;
      REEL_TRY(ReadPackingList(asset));
    }
    if (lists > 0) return {};
    delivery_.findings.Add("imf-schema", Severity::kReject, {.file = kAssetMap},
                           "no asset is marked as a packing list",
                           "Ask the sender for a complete package.");
    return {};
  }

  base::Status ReadPackingList(const Asset& asset) {
    if (asset.path.empty()) return {};
    REEL_ASSIGN(const MaybeText text, ReadXml(asset, delivery_.findings));
    if (!text) return {};
    PackingList list = ParsePackingList(*text, asset.name, delivery_.findings);
    CheckId(asset, "PackingList", list.id);
    for (PackedAsset& packed : list.assets) Enter(asset, std::move(packed));
    return {};
  }

  void CheckId(const Asset& asset, const char* element,
               const std::string& written) {
    if (written.empty() || written == asset.id) return;
    delivery_.findings.Add(
        "imf-reference-broken", Severity::kWarn,
        {.file = asset.name, .element = element, .id = written},
        fmt::format("the asset map knows it as {}", asset.id),
        "Ask the sender which is right.");
  }

  void Enter(const Asset& list, PackedAsset packed) {
    const auto found = delivery_.by_id.find(packed.id);
    if (found == delivery_.by_id.end()) {
      delivery_.findings.Add("imf-reference-broken", Severity::kWarn,
                             {list.name, "Asset", packed.id, packed.line},
                             "the asset map does not list it",
                             "Ask the sender for a complete asset map.");
      return;
    }
    Asset& asset = delivery_.assets[found->second];
    asset.packed = std::move(packed);
    asset.packed_in = list.name;
  }

  // Playlists are known by what is in them, not by their names or types.
  base::Status ReadPlaylist(const Asset& asset) {
    const bool is_xml = asset.name.ends_with(".xml") ||
                        asset.name.ends_with(".XML") ||
                        (asset.packed && asset.packed->type.ends_with("/xml"));
    if (!is_xml || asset.path.empty()) return {};
    DeliveredPlaylist delivered;
    delivered.asset_id = asset.id;
    REEL_ASSIGN(const MaybeText text, ReadXml(asset, delivered.findings));
    std::string root;
    if (text) {
      const auto document = XmlDocument::Parse(*text);
      if (document) root = document->root().name();
    }
    if (root == "OutputProfileList") {
      IgnoreProfile(asset);
      return {};
    }
    CompositionPlaylist& playlist = delivered.playlist;
    playlist.file = asset.name;
    if (text) {
      playlist =
          ParseCompositionPlaylist(*text, asset.name, delivered.findings);
    }
    CheckId(asset, "CompositionPlaylist", playlist.id);
    if (playlist.id.empty()) playlist.id = asset.id;
    delivery_.playlists.push_back(std::move(delivered));
    return {};
  }

  void IgnoreProfile(const Asset& asset) {
    delivery_.output_profiles.push_back(asset.id);
    delivery_.findings.Add(
        "imf-opl-ignored", Severity::kInfo,
        {asset.name, "OutputProfileList", asset.id},
        "the output profile list is not followed: what is made is up to the "
        "recipe",
        "Nothing to do, unless its crops or scales are wanted.");
  }

  Delivery delivery_;
  std::set<std::string> paths_;  // of the assets so far
};

void JudgeAsset(const Asset& asset, bool needed, FindingList& findings) {
  const Severity severity = needed ? Severity::kReject : Severity::kWarn;
  const Subject mapped{kAssetMap, "Asset", asset.id};
  if (asset.unsafe) return AddUnsafe(mapped, asset, findings);
  if (asset.path.empty()) {
    findings.Add("imf-asset-missing", severity, mapped,
                 fmt::format("there is no file {}", asset.name),
                 "Send the file again, or the whole package.");
    return;
  }
  if (!asset.packed && !asset.is_packing_list) {
    findings.Add("imf-reference-broken", Severity::kWarn, mapped,
                 fmt::format("no packing list has {}: whether it is whole "
                             "cannot be told",
                             asset.name),
                 "Ask the sender for a complete packing list.");
  }
  if (!asset.packed || asset.packed->size_bytes == asset.size_bytes) return;
  findings.Add(
      "imf-size-mismatch", severity,
      {asset.packed_in, "Asset", asset.id, asset.packed->line},
      fmt::format("{} has {} bytes, not {}", asset.name, asset.size_bytes,
                  asset.packed->size_bytes),
      "Send the file again; its transfer ended early, or it was changed "
      "after the packing list was made.");
}

}  // namespace

const Asset* Delivery::FindAsset(const std::string& asset_id) const {
  const auto found = by_id.find(asset_id);
  return found == by_id.end() ? nullptr : &assets[found->second];
}

base::Result<Delivery> ReadDelivery(const std::string& directory) {
  std::error_code error;
  const auto kind = fs::status(directory, error).type();
  if (kind == fs::file_type::not_found)
    return base::Fail(base::Code::kNotFound, directory + ": no such directory");
  if (kind != fs::file_type::directory)
    return base::Fail(base::Code::kInvalidArgument,
                      directory + ": is not a directory");
  return Reader(directory).Read();
}

void JudgeAssets(const Delivery& delivery, const std::set<std::string>& needed,
                 Scope scope, FindingList& findings) {
  for (const Asset& asset : delivery.assets) {
    const bool is_needed = needed.contains(asset.id);
    if (is_needed || scope == Scope::kAll)
      JudgeAsset(asset, is_needed, findings);
  }
}

}  // namespace reel::imf

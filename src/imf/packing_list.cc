#include "imf/packing_list.h"

#include <fmt/format.h>

#include <optional>

#include "imf/fields.h"
#include "imf/xml.h"

namespace reel::imf {
namespace {

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// Base 64 (RFC 4648, section 4) as hexadecimal digits.
std::optional<std::string> HexOfBase64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string hex;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(digit)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    hex += fmt::format("{:02x}", bits >> count & 0xFF);
  }
  return hex;
}

std::optional<base::DigestKind> KindOf(std::string_view algorithm) {
  if (algorithm.empty() || algorithm.ends_with("sha1"))
    return base::DigestKind::kSha1;
  if (algorithm.ends_with("sha256")) return base::DigestKind::kSha256;
  return std::nullopt;
}

// Errors become complaints, and the asset goes unchecked.
void ReadDigest(const XmlElement& element, FieldReader& reader,
                PackedAsset& asset) {
  const auto algorithm = element.Child("HashAlgorithm");
  const auto kind = KindOf(algorithm ? algorithm->attribute("Algorithm") : "");
  if (!kind) {
    reader.Complain(*algorithm, "not SHA-1 or SHA-256");
    return;
  }
  asset.digest_kind = *kind;
  const auto hash = reader.Need(element, "Hash");
  if (!hash) return;
  const size_t digits = *kind == base::DigestKind::kSha1 ? 40 : 64;
  const auto hex = HexOfBase64(hash->text());
  if (hex && hex->size() == digits) {
    asset.digest = *hex;
  } else {
    reader.Complain(*hash, "no digest in base 64");
  }
}

void ReadAsset(const XmlElement& element, FieldReader& reader,
               PackingList& list) {
  PackedAsset asset;
  asset.line = element.line();
  const auto id = reader.NeedUuid(element, "Id");
  const auto size = reader.NeedInteger(element, "Size");
  if (!id || !size) return;
  asset.id = *id;
  asset.size_bytes = *size;
  asset.type = TextOf(element, "Type");
  ReadDigest(element, reader, asset);
  list.assets.push_back(std::move(asset));
}

}  // namespace

PackingList ParsePackingList(std::string_view text, const std::string& file,
                             FindingList& findings) {
  PackingList list;
  const auto document = XmlDocument::Parse(text);
  if (!document) {
    AddUnreadable(file, document.error().message, findings);
    return list;
  }
  FieldReader reader(file, findings);
  const XmlElement root = document->root();
  if (!reader.CheckRoot(root, "PackingList", {"2067-2", "429-8"})) return list;
  list.id = reader.NeedUuid(root, "Id").value_or("");
  const auto assets = reader.Need(root, "AssetList");
  if (!assets) return list;
  for (const XmlElement& asset : assets->Children("Asset"))
    ReadAsset(asset, reader, list);
  return list;
}

}  // namespace reel::imf

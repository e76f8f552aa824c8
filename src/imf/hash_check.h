// Whether the files of a delivery are those that its packing lists describe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "imf/delivery.h"
#include "imf/finding_list.h"

namespace reel::imf {

// A file's digests, remembered so that a large package need not be read again.
struct KnownDigest {
  std::string path;
  int64_t size_bytes = 0;
  int64_t modified_ns = 0;
  std::string sha256;
  std::string sha1;  // "" if it was not needed
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KnownDigest, path, size_bytes, modified_ns,
                                   sha256, sha1)

// The digests of the assets' files, [assets], each file read once by one of
// several threads; an asset without a file has an empty one. `memory` is asked
// first and holds all of them afterwards, and of other files nothing.
//   progress  gets the fraction read, 0..1, on the calling thread, and stops
//             the reading with kCancelled by returning false; may be empty
// Errors: kIo, kInvalidArgument (not readable), kNotFound (vanished),
// kCancelled.
base::Result<std::vector<KnownDigest>> DigestAssets(
    const std::vector<const Asset*>& assets, std::vector<KnownDigest>& memory,
    const std::function<bool(double)>& progress);

// imf-hash-mismatch, if the asset is in a packing list and there is a file. Not
// after a mismatch of sizes, which says it already. Pure.
void JudgeDigest(const Asset& asset, const KnownDigest& digest,
                 model::Severity severity, FindingList& findings);

}  // namespace reel::imf

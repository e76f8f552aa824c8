// Where a fleet's store is, by its URL.
#pragma once

#include <string>

#include "base/result.h"

namespace reel::platform {

struct StorePlace {
  std::string directory;       // absolute; "": a bucket
  std::string bucket, prefix;  // no slash ends the prefix
};

// "s3://bucket/prefix" or "file:///directory". Pure.
// Errors: kInvalidArgument.
base::Result<StorePlace> ParseStoreUrl(const std::string& url);

}  // namespace reel::platform

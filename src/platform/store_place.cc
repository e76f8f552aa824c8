#include "platform/store_place.h"

#include <fmt/format.h>

#include <string_view>

#include "platform/s3_url.h"

namespace reel::platform {

base::Result<StorePlace> ParseStoreUrl(const std::string& url) {
  constexpr std::string_view kFile = "file://";
  StorePlace place;
  if (url.starts_with(kFile) && url.substr(kFile.size()).starts_with('/')) {
    place.directory = url.substr(kFile.size());
    return place;
  }
  if (!url.starts_with("s3://")) {
    return base::Fail(base::Code::kInvalidArgument,
                      fmt::format("not a store: {}; give s3://bucket/prefix or "
                                  "file:///directory",
                                  url));
  }
  REEL_ASSIGN(const S3Url parsed, ParseS3Url(url));
  place.bucket = parsed.bucket;
  // A prefix is no directory, but may be written like one.
  place.prefix = parsed.key;
  while (place.prefix.ends_with('/')) place.prefix.pop_back();
  return place;
}

}  // namespace reel::platform

#include "platform/open_stores.h"

#include <fmt/format.h>

#include "platform/directory_store.h"
#include "platform/s3_store.h"
#include "platform/store_place.h"

namespace reel::platform {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

Status CheckNoPassword(const std::string& url, const std::string& variable) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  const size_t begin = scheme + 3;
  const std::string host = url.substr(begin, url.find('/', begin) - begin);
  const size_t at = host.rfind('@');
  if (at == std::string::npos || host.find(':') > at) return {};
  return Fail(Code::kInvalidArgument,
              fmt::format("everybody on this machine can read the password in "
                          "{}…: give it in the environment, {}",
                          url.substr(0, begin), variable));
}

Result<std::unique_ptr<ObjectStore>> OpenObjectStore(
    const std::string& url, const std::string& scratch, int64_t cache_bytes,
    const Environment& environment) {
  REEL_ASSIGN(const StorePlace place, ParseStoreUrl(url));
  if (!place.directory.empty()) {
    REEL_ASSIGN(auto store, DirectoryStore::Open(place.directory + "/objects",
                                                 place.directory + "/tmp"));
    return std::unique_ptr<ObjectStore>(std::move(store));
  }
  S3StoreOptions options;
  REEL_ASSIGN(options.s3, S3OptionsOf(place.bucket, environment));
  options.prefix = place.prefix;
  options.cache_directory = scratch;
  options.cache_bytes = cache_bytes;
  REEL_ASSIGN(auto store, S3Store::Open(std::move(options)));
  return std::unique_ptr<ObjectStore>(std::move(store));
}

Result<std::unique_ptr<TitleStore>> OpenTitleStore(
    const std::string& url, ObjectStore& objects,
    const Environment& environment) {
  REEL_ASSIGN(const StorePlace place, ParseStoreUrl(url));
  if (!place.directory.empty())
    return MakeDirectoryTitleStore(place.directory, objects);
  REEL_ASSIGN(const S3Options s3, S3OptionsOf(place.bucket, environment));
  return MakeS3TitleStore(s3, place.prefix);
}

}  // namespace reel::platform

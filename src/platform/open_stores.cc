#include "platform/open_stores.h"

#include <fmt/format.h>

#include <string_view>

#include "platform/directory_store.h"
#include "platform/s3_store.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::string_view kS3 = "s3://", kFile = "file://";

tl::unexpected<base::Error> NoStore(const std::string& url) {
  return Fail(Code::kInvalidArgument,
              fmt::format("not a store: {}; give s3://bucket/prefix or "
                          "file:///directory",
                          url));
}

// "/directory" of "file:///directory".
Result<std::string> DirectoryOf(const std::string& url) {
  const std::string path = url.substr(kFile.size());
  if (!path.starts_with('/')) return NoStore(url);
  return path;
}

// A prefix is no directory, but may be written like one.
std::string PrefixOf(const S3Url& url) {
  std::string prefix = url.key;
  while (prefix.ends_with('/')) prefix.pop_back();
  return prefix;
}

}  // namespace

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
  if (url.starts_with(kFile)) {
    REEL_ASSIGN(const std::string directory, DirectoryOf(url));
    REEL_ASSIGN(auto store, DirectoryStore::Open(directory + "/objects",
                                                 directory + "/tmp"));
    return std::unique_ptr<ObjectStore>(std::move(store));
  }
  if (!url.starts_with(kS3)) return NoStore(url);
  REEL_ASSIGN(const S3Url place, ParseS3Url(url));
  S3StoreOptions options;
  REEL_ASSIGN(options.s3, S3OptionsOf(place.bucket, environment));
  options.prefix = PrefixOf(place);
  options.cache_directory = scratch;
  options.cache_bytes = cache_bytes;
  REEL_ASSIGN(auto store, S3Store::Open(std::move(options)));
  return std::unique_ptr<ObjectStore>(std::move(store));
}

Result<std::unique_ptr<TitleStore>> OpenTitleStore(
    const std::string& url, ObjectStore& objects,
    const Environment& environment) {
  if (url.starts_with(kFile)) {
    REEL_ASSIGN(const std::string directory, DirectoryOf(url));
    return MakeDirectoryTitleStore(directory, objects);
  }
  if (!url.starts_with(kS3)) return NoStore(url);
  REEL_ASSIGN(const S3Url place, ParseS3Url(url));
  REEL_ASSIGN(const S3Options s3, S3OptionsOf(place.bucket, environment));
  return MakeS3TitleStore(s3, PrefixOf(place));
}

}  // namespace reel::platform

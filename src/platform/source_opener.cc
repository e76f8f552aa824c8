#include "platform/source_opener.h"

#include <utility>

#include "platform/http_object.h"
#include "platform/remote_source.h"
#include "platform/s3_object.h"

namespace reel::platform {

using base::Result;

SourceOpener::SourceOpener(SourceOpenerOptions options)
    : options_(std::move(options)) {}

Result<BlockCache*> SourceOpener::Cache() {
  const std::lock_guard lock(mu_);
  if (!cache_) {
    REEL_ASSIGN(cache_, BlockCache::Open(options_.cache_directory,
                                         options_.cache_bytes));
  }
  return cache_.get();
}

Result<S3Client*> SourceOpener::Bucket(const std::string& name) {
  const std::lock_guard lock(mu_);
  auto found = buckets_.find(name);
  if (found == buckets_.end()) {
    REEL_ASSIGN(S3Options options, S3OptionsOf(name, options_.environment));
    found = buckets_.try_emplace(name, std::move(options)).first;
  }
  return &found->second;
}

Result<std::unique_ptr<RemoteObject>> SourceOpener::Find(
    const std::string& url) {
  if (url.starts_with("s3://")) {
    REEL_ASSIGN(S3Url place, ParseS3Url(url));
    if (place.key.empty())
      return base::Fail(base::Code::kInvalidArgument,
                        url + ": names a bucket, not an object in it");
    REEL_ASSIGN(S3Client * client, Bucket(place.bucket));
    return std::make_unique<S3Object>(*client, std::move(place.key), url);
  }
  const std::lock_guard lock(mu_);
  if (!http_) {
    HttpOptions http;
    http.public_only = options_.public_only;
    http_ = std::make_unique<HttpClient>(std::move(http));
  }
  return HttpObject::Create(*http_, url);
}

Result<std::unique_ptr<base::ByteSource>> SourceOpener::Open(
    const std::string& url) {
  REEL_ASSIGN(std::unique_ptr<RemoteObject> object, Find(url));
  REEL_ASSIGN(BlockCache * cache, Cache());
  return RemoteSource::Open(std::move(object), base::SourceLabel(url), *cache);
}

void OpenRemoteSources(SourceOpenerOptions options) {
  base::SetRemoteOpener(
      [opener = std::make_shared<SourceOpener>(std::move(options))](
          const std::string& url) { return opener->Open(url); });
}

}  // namespace reel::platform

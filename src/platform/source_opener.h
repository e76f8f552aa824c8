// Opens remote sources for a process: s3://bucket/key, https://, http://.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/byte_source.h"
#include "platform/block_cache.h"
#include "platform/http_client.h"
#include "platform/remote_object.h"
#include "platform/s3_client.h"
#include "platform/s3_url.h"

namespace reel::platform {

struct SourceOpenerOptions {
  std::string cache_directory;  // nothing remains in it
  int64_t cache_bytes = int64_t{256} << 20;
  // Web servers at public addresses alone, wherever they redirect to: for those
  // who open what strangers name.
  bool public_only = false;
  Environment environment = ProcessEnvironment;
};

// Its sources share connections and one cache. Safe from several threads.
class SourceOpener {
 public:
  // Touches nothing until a source is opened.
  explicit SourceOpener(SourceOpenerOptions options);
  // Outlives what it opens. Errors: those of RemoteSource::Open; of the URL and
  // of the environment: kInvalidArgument; those of the cache's directory.
  base::Result<std::unique_ptr<base::ByteSource>> Open(const std::string& url);

 private:
  base::Result<BlockCache*> Cache();
  base::Result<S3Client*> Bucket(const std::string& name);
  base::Result<std::unique_ptr<RemoteObject>> Find(const std::string& url);

  SourceOpenerOptions options_;
  std::mutex mu_;  // all below
  std::unique_ptr<BlockCache> cache_;
  std::unique_ptr<HttpClient> http_;
  std::map<std::string, S3Client> buckets_;
};

// In main: from now on base::OpenByteSource opens remote names in this process.
void OpenRemoteSources(SourceOpenerOptions options);

}  // namespace reel::platform

#include "platform/s3_object.h"

#include <optional>
#include <utility>

#include "base/byte_source.h"

namespace reel::platform {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

S3Object::S3Object(S3Client& client, std::string key, std::string name)
    : client_(&client), key_(std::move(key)), name_(std::move(name)) {}

Result<RemoteFacts> S3Object::Describe() {
  REEL_ASSIGN(const std::optional<S3Head> head, client_->Head(key_));
  if (head) return RemoteFacts{head->size_bytes, head->etag};
  return Fail(Code::kNotFound, name_ + ": no such object");
}

Status S3Object::Fetch(const RemoteFacts& facts, int64_t offset,
                       int64_t size_bytes, const ByteSink& sink) {
  const auto got = client_->Get(key_, offset, size_bytes, sink, facts.version);
  if (got && *got == size_bytes) return {};
  // It was longer when it was described, or had another tag.
  if (got || got.error().code == Code::kConflict)
    return tl::unexpected(base::SourceChanged(name_));
  return tl::unexpected(got.error());
}

}  // namespace reel::platform

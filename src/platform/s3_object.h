// An object of a bucket, to be read by ranges.
#pragma once

#include <string>

#include "platform/remote_object.h"
#include "platform/s3_client.h"

namespace reel::platform {

class S3Object : public RemoteObject {
 public:
  // The client outlives it.
  //   name  for messages
  S3Object(S3Client& client, std::string key, std::string name);
  base::Result<RemoteFacts> Describe() override;
  base::Status Fetch(const RemoteFacts& facts, int64_t offset,
                     int64_t size_bytes, const ByteSink& sink) override;

 private:
  S3Client* client_;
  std::string key_;
  std::string name_;
};

}  // namespace reel::platform

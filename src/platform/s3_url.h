// What lies in a bucket, by its URL, and how to reach the server that has it:
// the variables of docs/fleet.md.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "platform/s3_client.h"

namespace reel::platform {

// s3://bucket/key: plain text, nothing in it is encoded.
struct S3Url {
  std::string bucket;
  std::string key;  // "" for the bucket itself
};

// Errors: kInvalidArgument. Pure.
base::Result<S3Url> ParseS3Url(const std::string& url);

// The value of an environment variable; "" if it is not set.
using Environment = std::function<std::string(const char* name)>;
// That of this process.
std::string ProcessEnvironment(const char* name);

// AWS_ENDPOINT_URL (else Amazon's own in the region), AWS_REGION,
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CA_BUNDLE,
// REEL_S3_STYLE. Errors: kInvalidArgument (no keys, a wrong value).
base::Result<S3Options> S3OptionsOf(const std::string& bucket,
                                    const Environment& environment);

}  // namespace reel::platform

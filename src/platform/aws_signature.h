// Signatures of AWS, version 4, as S3 uses them ("Authenticating Requests (AWS
// Signature Version 4)" of the Amazon S3 API reference). Pure: time is given.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace reel::platform {

// Of a request: names in lower case for headers; neither is encoded.
using HttpFields = std::map<std::string, std::string>;

struct AwsCredentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // "": none
};

struct AwsScope {
  AwsCredentials credentials;
  std::string region = "us-east-1";
};

// What is signed of a request.
struct AwsRequest {
  std::string method;  // "GET"
  std::string path;    // "/bucket/key", not encoded
  HttpFields query;
  HttpFields headers;  // "host" among them
  // SHA-256 of the body in hexadecimal digits, or kUnsignedPayload.
  std::string payload_digest;
};

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
// Of no bytes.
inline constexpr std::string_view kEmptyPayload =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

using WallTime = std::chrono::sys_seconds;

// Percent-encoding (RFC 3986, section 2.1) as signatures want it: all but A-Z
// a-z 0-9 - _ . ~; a path keeps its slashes.
std::string EncodeUri(std::string_view text, bool is_path);
// "a=1&b=", sorted, encoded.
std::string EncodeQuery(const HttpFields& query);

// The request's headers, with x-amz-date, x-amz-content-sha256, authorization
// and, for temporary credentials, x-amz-security-token added.
HttpFields SignHeaders(const AwsRequest& request, const AwsScope& scope,
                       WallTime now);

// The query of a URL that is good for `lifetime` (at most 7 days) for anybody
// who has it; of the headers, only "host" is signed.
HttpFields PresignQuery(const AwsRequest& request, const AwsScope& scope,
                        WallTime now, std::chrono::seconds lifetime);

}  // namespace reel::platform

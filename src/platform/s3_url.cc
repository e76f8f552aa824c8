#include "platform/s3_url.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;

constexpr std::string_view kS3 = "s3://";

// It becomes part of a host's name.
bool IsBucketName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

// "https://host:port", without a slash at its end.
Result<std::string> EndpointOf(std::string url) {
  if (url.ends_with('/')) url.pop_back();
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string host = url.substr(scheme.size());
    if (!host.empty() && host.find_first_of("/?#@") == std::string::npos)
      return url;
  }
  return Fail(Code::kInvalidArgument,
              "AWS_ENDPOINT_URL is not https://HOST[:PORT] or "
              "http://HOST[:PORT]");
}

}  // namespace

Result<S3Url> ParseS3Url(const std::string& url) {
  if (url.starts_with(kS3)) {
    const std::string rest = url.substr(kS3.size());
    const size_t slash = std::min(rest.find('/'), rest.size());
    S3Url parsed{rest.substr(0, slash), ""};
    if (slash < rest.size()) parsed.key = rest.substr(slash + 1);
    if (IsBucketName(parsed.bucket)) return parsed;
  }
  return Fail(Code::kInvalidArgument, url + ": not s3://BUCKET/KEY");
}

std::string ProcessEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<S3Options> S3OptionsOf(const std::string& bucket,
                              const Environment& environment) {
  S3Options options;
  options.bucket = bucket;
  options.scope.credentials = {environment("AWS_ACCESS_KEY_ID"),
                               environment("AWS_SECRET_ACCESS_KEY"),
                               environment("AWS_SESSION_TOKEN")};
  if (options.scope.credentials.access_key.empty() ||
      options.scope.credentials.secret_key.empty()) {
    return Fail(
        Code::kInvalidArgument,
        "s3://" + bucket + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  if (const std::string region = environment("AWS_REGION"); !region.empty())
    options.scope.region = region;
  options.http.ca_file = environment("AWS_CA_BUNDLE");
  const std::string endpoint = environment("AWS_ENDPOINT_URL");
  // Servers of one's own seldom have a name for every bucket.
  options.path_style = !endpoint.empty();
  if (endpoint.empty()) {
    options.endpoint = "https://s3." + options.scope.region + ".amazonaws.com";
  } else {
    REEL_ASSIGN(options.endpoint, EndpointOf(endpoint));
  }
  if (const std::string style = environment("REEL_S3_STYLE"); !style.empty()) {
    if (style != "path" && style != "host")
      return Fail(Code::kInvalidArgument,
                  "REEL_S3_STYLE is neither path nor host");
    options.path_style = style == "path";
  }
  return options;
}

}  // namespace reel::platform

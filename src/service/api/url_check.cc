#include "service/api/url_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Status;

// Stricter than RFC 3986, so that no two readers of a URL can see another host
// in it: no user, no escapes, nothing but digits in a port.
std::optional<std::string> HostOf(const std::string& url) {
  const size_t first = url.find("://") + 3;
  const std::string authority =
      url.substr(first, url.find_first_of("/?#", first) - first);
  static const std::regex format(
      R"(([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?)");
  std::smatch match;
  if (authority.size() > 300 || !std::regex_match(authority, match, format))
    return std::nullopt;
  const std::string host = match[1].str();
  return host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

Status CheckHost(const std::string& url, const UrlPolicy& policy) {
  const auto host = HostOf(url);
  if (!host) {
    return Fail(Code::kInvalidArgument,
                "must name a host alone, without a user or a password");
  }
  if (policy.allow_private || policy.private_hosts.contains(*host)) return {};
  const auto addresses = policy.resolve(*host);
  if (!addresses || addresses->empty()) {
    return Fail(Code::kInvalidArgument,
                fmt::format("names a host that is not found: {}", *host));
  }
  // Which addresses those are is nothing for the outside.
  if (!std::ranges::all_of(*addresses, [](const std::string& address) {
        return platform::IsPublicAddress(address);
      })) {
    return Fail(Code::kInvalidArgument,
                fmt::format("names a host of a private network: {}; who runs "
                            "the service can allow it",
                            *host));
  }
  return {};
}

bool IsHttp(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

bool IsS3(const std::string& url) {
  static const std::regex format(R"(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+)");
  return std::regex_match(url, format);
}

bool IsPrintable(const std::string& url) {
  return std::ranges::all_of(
      url, [](unsigned char c) { return c > 0x20 && c != 0x7f && c != '\\'; });
}

}  // namespace

Status CheckSource(const std::string& url, const UrlPolicy& policy) {
  if (url.starts_with('/')) {
    if (policy.allow_files) return {};
    return Fail(Code::kInvalidArgument,
                "is a path, and this service takes none: send the file as an "
                "upload, or name it by s3:// or https://");
  }
  if (IsHttp(url) && IsPrintable(url)) return CheckHost(url, policy);
  if (IsS3(url)) return {};
  return Fail(Code::kInvalidArgument,
              "must be s3://bucket/key, https://… or http://…");
}

Status CheckWebhook(const std::string& url, const UrlPolicy& policy) {
  if (IsHttp(url) && IsPrintable(url)) return CheckHost(url, policy);
  return Fail(Code::kInvalidArgument, "must be https://… or http://…");
}

}  // namespace reel::service::api

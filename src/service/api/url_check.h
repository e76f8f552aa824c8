// Which URLs a client may give this service to fetch from or to call: a
// service that fetches what anybody names is a way into the network it is in.
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "platform/network_address.h"

namespace reel::service::api {

struct UrlPolicy {
  bool allow_files = false;             // paths that workers share
  bool allow_private = false;           // any address
  std::set<std::string> private_hosts;  // names and addresses that are fine
  platform::Resolver resolve = platform::ResolveHost;
};

// s3://bucket/key, https://…, http://…, and a path where that is allowed.
// Every address of the host must be a public one (platform::IsPublicAddress).
// A name may have other addresses later (DNS rebinding): who fetches must
// refuse them once more when it connects (HttpOptions::public_only). Errors:
// kInvalidArgument.
base::Status CheckSource(const std::string& url, const UrlPolicy& policy);
// The same for https://… and http://… alone.
base::Status CheckWebhook(const std::string& url, const UrlPolicy& policy);

}  // namespace reel::service::api

// Addresses of the internet protocol, and which of them belong to anybody's
// private network.
#pragma once

#include <sys/socket.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace reel::platform {

// "192.0.2.1", "2001:db8::1", without brackets. False for what is reached only
// from inside: loopback, private, shared, link-local (the metadata services of
// clouds among them), unique local, multicast, reserved and documentation
// ranges (IANA's special-purpose registries, RFC 6890), and IPv4 addresses of
// those ranges inside IPv6 ones (mapped, 6to4, NAT64, Teredo). False, too, for
// what is no address. Pure.
bool IsPublicAddress(const std::string& address);
// The same for a socket's address.
bool IsPublicAddress(const sockaddr& address);

// All addresses of a host name. Errors: kNotFound, kUnavailable.
using Resolver =
    std::function<base::Result<std::vector<std::string>>(const std::string&)>;
base::Result<std::vector<std::string>> ResolveHost(const std::string& host);

}  // namespace reel::platform

#include "platform/network_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace reel::platform {
namespace {

using base::Code;
using base::Result;

struct Ipv4Range {
  uint32_t first;
  int prefix_bits;
};
constexpr Ipv4Range kInner4[] = {
    {0x00000000, 8},   // 0.0.0.0/8: this network
    {0x0a000000, 8},   // 10.0.0.0/8: private
    {0x64400000, 10},  // 100.64.0.0/10: shared
    {0x7f000000, 8},   // 127.0.0.0/8: loopback
    {0xa9fe0000, 16},  // 169.254.0.0/16: link-local
    {0xac100000, 12},  // 172.16.0.0/12: private
    {0xc0000000, 24},  // 192.0.0.0/24: protocol assignments
    {0xc0000200, 24},  // 192.0.2.0/24: documentation
    {0xc0586300, 24},  // 192.88.99.0/24: 6to4 relays
    {0xc0a80000, 16},  // 192.168.0.0/16: private
    {0xc6120000, 15},  // 198.18.0.0/15: benchmarks
    {0xc6336400, 24},  // 198.51.100.0/24: documentation
    {0xcb007100, 24},  // 203.0.113.0/24: documentation
    {0xe0000000, 3},   // 224.0.0.0/3: multicast, reserved, broadcast
};

using Ipv6 = std::array<uint8_t, 16>;

bool IsPublic(uint32_t ipv4) {
  return std::ranges::none_of(kInner4, [&](const Ipv4Range& range) {
    return (ipv4 ^ range.first) >> (32 - range.prefix_bits) == 0;
  });
}

uint32_t Ipv4At(const Ipv6& address, size_t at) {
  return uint32_t{address[at]} << 24 | uint32_t{address[at + 1]} << 16 |
         uint32_t{address[at + 2]} << 8 | address[at + 3];
}

bool StartsWith(const Ipv6& address, std::span<const uint8_t> prefix) {
  return std::ranges::equal(prefix, std::span(address).first(prefix.size()));
}

constexpr uint8_t kMapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr uint8_t kNat64[] = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
constexpr uint8_t k6to4[] = {0x20, 0x02};
constexpr uint8_t kDocumentation[] = {0x20, 0x01, 0x0d, 0xb8};

bool IsPublic(const Ipv6& address) {
  if (StartsWith(address, kMapped) || StartsWith(address, kNat64))
    return IsPublic(Ipv4At(address, 12));
  if (StartsWith(address, k6to4)) return IsPublic(Ipv4At(address, 2));
  // 2001::/23: protocol assignments, Teredo among them.
  if (address[0] == 0x20 && address[1] == 0x01 && address[2] <= 1) return false;
  if (StartsWith(address, kDocumentation)) return false;
  // Only 2000::/3 is global unicast.
  return (address[0] & 0xe0) == 0x20;
}

}  // namespace

bool IsPublicAddress(const std::string& address) {
  in_addr ipv4{};
  if (::inet_pton(AF_INET, address.c_str(), &ipv4) == 1)
    return IsPublic(ntohl(ipv4.s_addr));
  Ipv6 ipv6{};
  return ::inet_pton(AF_INET6, address.c_str(), ipv6.data()) == 1 &&
         IsPublic(ipv6);
}

bool IsPublicAddress(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address, sizeof(ipv4));
    return IsPublic(ntohl(ipv4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 whole{};
  std::memcpy(&whole, &address, sizeof(whole));
  Ipv6 ipv6{};
  std::memcpy(ipv6.data(), &whole.sin6_addr, ipv6.size());
  return IsPublic(ipv6);
}

Result<std::vector<std::string>> ResolveHost(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    const bool later = error == EAI_AGAIN || error == EAI_SYSTEM;
    return base::Fail(later ? Code::kUnavailable : Code::kNotFound,
                      fmt::format("{}: {}", host, ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(
      found, ::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(),
                      nullptr, 0, NI_NUMERICHOST) == 0)
      addresses.emplace_back(text.data());
  }
  return addresses;
}

}  // namespace reel::platform

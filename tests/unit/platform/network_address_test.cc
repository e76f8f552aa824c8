#include "platform/network_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

namespace reel::platform {
namespace {

TEST(NetworkAddressTest, TheInternetIsPublic) {
  for (const char* address :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "172.15.255.255", "172.32.0.0", "169.253.255.255", "192.167.255.255",
        "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2001:200::1",
        "3fff:ffff::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        "2002:808:808::1"}) {
    EXPECT_TRUE(IsPublicAddress(address)) << address;
  }
}

TEST(NetworkAddressTest, WhatIsReachedFromInsideAloneIsNot) {
  for (const char* address : {"0.0.0.0",
                              "10.0.0.1",
                              "10.255.255.255",
                              "100.64.0.1",
                              "127.0.0.1",
                              "127.255.255.255",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.8",
                              "192.0.2.1",
                              "192.88.99.1",
                              "192.168.1.1",
                              "198.18.0.1",
                              "198.51.100.1",
                              "203.0.113.1",
                              "224.0.0.1",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::7f00:1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "fe80::1",
                              "fec0::1",
                              "ff02::1",
                              "2001:db8::1",
                              "2001::1",
                              "2001:1ff::1",
                              "::ffff:127.0.0.1",
                              "::ffff:169.254.169.254",
                              "64:ff9b::10.0.0.1",
                              "64:ff9b:1::1",
                              "2002:7f00:1::1",
                              "100::1"}) {
    EXPECT_FALSE(IsPublicAddress(address)) << address;
  }
}

TEST(NetworkAddressTest, WhatIsNoAddressIsNotPublic) {
  for (const char* text : {"", "example.org", "1.2.3", "0x7f.1", "017700000001",
                           "2130706433", "[2606:4700::1111]", "1.1.1.1 "}) {
    EXPECT_FALSE(IsPublicAddress(text)) << text;
  }
}

template <typename Address>
bool IsPublicSocket(const Address& address) {
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof(address));
  return IsPublicAddress(reinterpret_cast<const sockaddr&>(storage));
}

TEST(NetworkAddressTest, SocketsAreJudgedAlike) {
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ::inet_pton(AF_INET, "1.1.1.1", &ipv4.sin_addr);
  EXPECT_TRUE(IsPublicSocket(ipv4));
  ::inet_pton(AF_INET, "10.1.1.1", &ipv4.sin_addr);
  EXPECT_FALSE(IsPublicSocket(ipv4));
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ::inet_pton(AF_INET6, "2606:4700::1111", &ipv6.sin6_addr);
  EXPECT_TRUE(IsPublicSocket(ipv6));
  ::inet_pton(AF_INET6, "::ffff:10.0.0.1", &ipv6.sin6_addr);
  EXPECT_FALSE(IsPublicSocket(ipv6));
  sockaddr_storage local{};
  local.ss_family = AF_UNIX;
  EXPECT_FALSE(IsPublicSocket(local));
}

TEST(NetworkAddressTest, AnAddressResolvesToItself) {
  EXPECT_EQ(ResolveHost("127.0.0.1").value(),
            std::vector<std::string>{"127.0.0.1"});
  EXPECT_FALSE(ResolveHost("no such host").has_value());
}

}  // namespace
}  // namespace reel::platform

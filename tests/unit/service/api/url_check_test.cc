#include "service/api/url_check.h"

#include <gtest/gtest.h>

#include <map>

namespace reel::service::api {
namespace {

class UrlCheckTest : public ::testing::Test {
 protected:
  UrlCheckTest() {
    policy_.resolve =
        [this](
            const std::string& host) -> base::Result<std::vector<std::string>> {
      asked_.push_back(host);
      if (host == "public.example") return std::vector<std::string>{"1.1.1.1"};
      if (host == "inner.example") return std::vector<std::string>{"10.0.0.1"};
      if (host == "both.example")
        return std::vector<std::string>{"1.1.1.1", "fd00::1"};
      if (platform::IsPublicAddress(host) || host.find(':') != host.npos ||
          host[0] == '1')
        return std::vector<std::string>{host};
      return base::Fail(base::Code::kNotFound, "no such host");
    };
  }
  UrlPolicy policy_;
  std::vector<std::string> asked_;
};

TEST_F(UrlCheckTest, PublicSourcesAreFine) {
  for (const char* url :
       {"s3://masters/film.mov", "https://public.example/film.mov",
        "http://public.example:8080/a?b=c#d", "https://1.1.1.1/film.mov",
        "https://[2606:4700::1111]/film.mov", "https://public.example"})
    EXPECT_TRUE(CheckSource(url, policy_)) << url;
}

TEST_F(UrlCheckTest, PrivateHostsAreRefused) {
  for (const char* url :
       {"https://inner.example/", "https://both.example/", "http://127.0.0.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/", "http://10.1.2.3:9000/",
        "https://unknown.example/"}) {
    EXPECT_FALSE(CheckSource(url, policy_)) << url;
    EXPECT_FALSE(CheckWebhook(url, policy_)) << url;
  }
}

TEST_F(UrlCheckTest, WhatTwoReadersMayReadDifferentlyIsRefused) {
  for (const char* url :
       {"https://public.example@inner.example/",
        "https://user:pw@public.example/",
        "https://public.example\\@inner.example/",
        "https://public.example:80x/", "https://public%2eexample/", "https://",
        "https:///film.mov", "https://pub lic.example/", "https://[::1/",
        "https://public.example:/", "HTTPS://public.example/",
        "https:public.example"})
    EXPECT_FALSE(CheckSource(url, policy_)) << url;
}

TEST_F(UrlCheckTest, OtherSchemesAreRefused) {
  for (const char* url :
       {"", "film.mov", "/srv/film.mov", "file:///etc/passwd",
        "ftp://public.example/a", "gopher://public.example/", "s3://",
        "s3://masters", "s3://masters/", "s3:///key", "s3://Masters/key"})
    EXPECT_FALSE(CheckSource(url, policy_)) << url;
  EXPECT_FALSE(CheckWebhook("s3://masters/film.mov", policy_));
  EXPECT_FALSE(CheckWebhook("/srv/hook", policy_));
}

TEST_F(UrlCheckTest, WhoRunsTheServiceCanAllowMore) {
  policy_.private_hosts = {"inner.example", "::1"};
  EXPECT_TRUE(CheckSource("https://inner.example/", policy_));
  EXPECT_TRUE(CheckSource("https://[::1]:8443/", policy_));
  EXPECT_FALSE(CheckSource("https://127.0.0.1/", policy_));
  policy_.allow_private = true;
  EXPECT_TRUE(CheckSource("https://127.0.0.1/", policy_));
  policy_.allow_files = true;
  EXPECT_TRUE(CheckSource("/srv/film.mov", policy_));
}

}  // namespace
}  // namespace reel::service::api

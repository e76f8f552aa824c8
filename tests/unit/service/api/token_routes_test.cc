#include <gtest/gtest.h>

#include "testing/api_service.h"

namespace reel::service::api {
namespace {

using base::Json;
using platform::Role;

class TokenRoutesTest : public testing::ApiService {};

TEST_F(TokenRoutesTest, AnAddedTokenLetsInUntilItIsRevoked) {
  const Response added =
      Post("/v1/tokens", {{"name", "player team"}, {"role", "viewer"}});
  ASSERT_EQ(added.status, 201) << added.text;
  const httplib::Headers its = {
      {"Authorization",
       "Bearer " + added.json.at("secret").get<std::string>()}};
  EXPECT_EQ(Get("/v1/jobs", its).status, 200);
  const std::string path =
      "/v1/tokens/" + added.json.at("id").get<std::string>();
  EXPECT_EQ(Send("DELETE", path).status, 204);
  EXPECT_EQ(Get("/v1/jobs", its).status, 401);
  EXPECT_EQ(Send("DELETE", path).status, 404);
}

TEST_F(TokenRoutesTest, TheListHasNoSecrets) {
  const Response list = Get("/v1/tokens");
  ASSERT_EQ(list.json.at("tokens").size(), 3U);
  // Made within one millisecond, they come in any order.
  int admins = 0;
  for (const Json& token : list.json.at("tokens")) {
    EXPECT_EQ(token.size(), 5U);
    if (token.at("role") != "admin") continue;
    ++admins;
    EXPECT_TRUE(token.at("used").is_string());
  }
  EXPECT_EQ(admins, 1);
  for (const std::string& secret : secrets_)
    EXPECT_EQ(list.text.find(secret.substr(5)), std::string::npos);
}

TEST_F(TokenRoutesTest, WhatIsWrongIsSaid) {
  for (const Json& body :
       {Json{{"name", "x"}}, Json{{"role", "viewer"}},
        Json{{"name", "x"}, {"role", "root"}},
        Json{{"name", ""}, {"role", "viewer"}},
        Json{{"name", std::string(101, 'x')}, {"role", "viewer"}},
        Json{{"name", "x"}, {"role", "viewer"}, {"secret", "mine"}}})
    EXPECT_EQ(Post("/v1/tokens", body).status, 400) << body;
}

}  // namespace
}  // namespace reel::service::api

#include "service/api/server.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <random>
#include <sstream>

#include "service/api/routes.h"
#include "testing/api_service.h"

namespace reel::service::api {
namespace {

using base::Json;
using platform::Role;

class ServerTest : public testing::ApiService {
 protected:
  httplib::Headers As(Role role) const {
    return {{"Authorization", "Bearer " + SecretOf(role)}};
  }
  static httplib::Headers AsNobody() { return {{"Authorization", ""}}; }
  // With "x" for every id.
  static std::string PathOf(const Route& route) {
    std::string path(route.path);
    for (size_t at; (at = path.find('{')) != std::string::npos;)
      path.replace(at, path.find('}') - at + 1, "x");
    return path;
  }
};

TEST_F(ServerTest, EveryRouteAsksForItsRole) {
  for (const Route& route : AllRoutes()) {
    if (route.access == Access::kOpen || route.access == Access::kMetrics)
      continue;
    const Role needed = route.access == Access::kViewer     ? Role::kViewer
                        : route.access == Access::kOperator ? Role::kOperator
                                                            : Role::kAdmin;
    const std::string method(route.method), path = PathOf(route);
    SCOPED_TRACE(method + " " + path);
    // A stream of all events would not end.
    if (path == "/v1/events") continue;
    EXPECT_EQ(Send(method, path, "", AsNobody()).status, 401);
    EXPECT_EQ(Send(method, path, "",
                   {{"Authorization", "Bearer reel_" + std::string(64, '0')}})
                  .status,
              401);
    EXPECT_EQ(
        Send(method, path, "", {{"Authorization", "Basic " + SecretOf(needed)}})
            .status,
        401);
    for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin}) {
      const int status = Send(method, path, "", As(role)).status;
      if (role < needed) {
        EXPECT_EQ(status, 403) << Name(role);
      } else {
        EXPECT_NE(status, 401) << Name(role);
        EXPECT_NE(status, 403) << Name(role);
        EXPECT_LT(status, 500) << Name(role);
      }
    }
  }
}

TEST_F(ServerTest, TheStreamOfAllEventsAsksForAViewer) {
  const Response none = Get("/v1/events", AsNobody());
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.headers.find("WWW-Authenticate")->second, "Bearer");
}

TEST_F(ServerTest, OpenRoutesNeedNoToken) {
  for (const Route& route : AllRoutes()) {
    if (route.access != Access::kOpen) continue;
    EXPECT_EQ(Get(PathOf(route), AsNobody()).status, 200) << route.path;
  }
}

TEST_F(ServerTest, MetricsHaveATokenOfTheirOwn) {
  backend_.metrics_token = "scrape";
  EXPECT_EQ(Get("/metrics", AsNobody()).status, 401);
  EXPECT_EQ(Get("/metrics", As(Role::kAdmin)).status, 401);
  const Response metrics =
      Get("/metrics", {{"Authorization", "Bearer scrape"}});
  EXPECT_EQ(metrics.status, 200);
  EXPECT_EQ(metrics.text, "reel_jobs 1\n");
  EXPECT_EQ(Get("/v1/jobs", {{"Authorization", "Bearer scrape"}}).status, 401);
}

TEST_F(ServerTest, IsNotReadyWithoutItsServers) {
  backend_.ready = []() -> base::Status {
    return base::Fail(base::Code::kUnavailable, "nats: no connection");
  };
  EXPECT_EQ(Get("/readyz", AsNobody()).status, 503);
  EXPECT_EQ(Get("/healthz", AsNobody()).status, 200);
}

TEST_F(ServerTest, ShowsWorkersAsTheyAre) {
  backend_.workers = []() -> base::Result<Json> {
    return Json::array({{{"worker", "w1"}}});
  };
  EXPECT_EQ(Get("/v1/workers", As(Role::kViewer)).json,
            (Json{{"workers", {{{"worker", "w1"}}}}}));
}

TEST_F(ServerTest, OtherPathsAndMethodsAreErrorsOfTheSameShape) {
  const Response missing = Get("/v1/nothing", AsNobody());
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(CodeOf(missing), "not-found");
  const Response method = Send("PUT", "/v1/jobs", "{}");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(CodeOf(method), "method-not-allowed");
  EXPECT_EQ(method.headers.find("Allow")->second, "POST, GET");
  EXPECT_EQ(Send("PATCH", "/v1/jobs", "{}").status, 405);
  EXPECT_EQ(Send("OPTIONS", "/v1/jobs").status, 405);
  EXPECT_EQ(Get("/v1/jobs/").status, 404);
  EXPECT_EQ(Send("HEAD", "/healthz").status, 200);
}

TEST_F(ServerTest, WhatIsTooLargeIsRefused) {
  EXPECT_EQ(Post("/v1/jobs", {{"title", std::string(300'000, 'x')}}).status,
            400);
  EXPECT_EQ(Get("/" + std::string(2000, 'x')).status, 414);
  httplib::Headers many;
  for (int n = 0; n < 70; ++n) many.emplace("X-" + std::to_string(n), "x");
  EXPECT_EQ(Get("/v1/jobs", many).status, 431);
  std::string query;
  for (int n = 0; n < 40; ++n) query += "&a" + std::to_string(n) + "=1";
  EXPECT_EQ(Get("/v1/jobs?" + query).status, 400);
}

TEST_F(ServerTest, DeepJsonIsRefused) {
  const auto nested = [](int depth) {
    return "{\"source\":" + std::string(depth, '[') + std::string(depth, ']') +
           "}";
  };
  const Response deep = Send("POST", "/v1/jobs", nested(40));
  EXPECT_EQ(deep.status, 400);
  EXPECT_NE(deep.text.find("nested"), std::string::npos) << deep.text;
  EXPECT_EQ(Send("POST", "/v1/jobs", nested(100'000)).status, 400);
}

TEST_F(ServerTest, AFormIsRefused) {
  EXPECT_EQ(Send("POST", "/v1/jobs", "--x\r\n\r\n--x--",
                 {{"Content-Type", "multipart/form-data; boundary=x"}})
                .status,
            400);
}

TEST_F(ServerTest, WhoAsksTooOftenWaits) {
  options_.token_rate = {.per_second = 0.001, .burst = 2};
  for (int n = 0; n < 2; ++n) EXPECT_EQ(Get("/v1/jobs").status, 200);
  const Response third = Get("/v1/jobs");
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(CodeOf(third), "too-many-requests");
  EXPECT_GE(std::stoi(third.headers.find("Retry-After")->second), 1);
  EXPECT_EQ(Get("/v1/jobs", As(Role::kViewer)).status, 200);
}

TEST_F(ServerTest, AnAddressThatGuessesTokensWaits) {
  options_.address_rate = {.per_second = 0.001, .burst = 3};
  for (int n = 0; n < 3; ++n)
    EXPECT_EQ(Get("/v1/jobs", AsNobody()).status, 401);
  EXPECT_EQ(Get("/v1/jobs", AsNobody()).status, 429);
}

TEST_F(ServerTest, EachConnectionIsOneRequest) {
  EXPECT_EQ(Get("/healthz").headers.find("Connection")->second, "close");
}

TEST_F(ServerTest, ATakenPortIsSaid) {
  Start();
  const std::string& address = server_->address();
  options_.port = std::stoi(address.substr(address.rfind(':') + 1));
  const auto second = ApiServer::Open(options_, backend_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, base::Code::kInvalidArgument);
}

// What was logged while it lives.
class CapturedLog {
 public:
  CapturedLog() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
    logger->set_level(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
  }
  ~CapturedLog() { spdlog::set_default_logger(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

TEST_F(ServerTest, NoSecretIsLoggedOrTold) {
  const CapturedLog log;
  backend_.ready = []() -> base::Status {
    return base::Fail(base::Code::kIo, "disk");
  };
  std::string told;
  for (const Role role : {Role::kViewer, Role::kAdmin}) {
    told += Get("/v1/jobs/x", As(role)).text;
    told += Get("/v1/tokens", As(role)).text;
    told += Get("/v1/nothing?token=" + SecretOf(role), As(role)).text;
  }
  told += Get("/readyz").text;
  Stop();
  EXPECT_NE(log.text().find("/v1/jobs/x"), std::string::npos);
  for (const std::string& secret : secrets_) {
    EXPECT_EQ(log.text().find(secret), std::string::npos);
    EXPECT_EQ(told.find(secret), std::string::npos);
  }
}

// A body that somebody might send by mistake, or on purpose.
std::string Mutated(const std::string& body, std::minstd_rand& random) {
  constexpr std::string_view kPieces[] = {"\"",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          ":",
                                          ",",
                                          "null",
                                          "-1",
                                          "1e999",
                                          "\\u0000",
                                          "\xff",
                                          "\\",
                                          "\n",
                                          "\\ud800",
                                          "true",
                                          "99999999999999999999",
                                          "s3://",
                                          "https://",
                                          "'",
                                          "%00",
                                          "\xc3\xbc"};
  std::string mutated = body;
  const auto below = [&](size_t bound) { return random() % bound; };
  for (size_t n = 1 + below(4); n > 0; --n) {
    const size_t at = below(mutated.size() + 1);
    const size_t size = std::min(below(8), mutated.size() - at);
    switch (below(4)) {
      case 0:
        mutated.erase(at, size);
        break;
      case 1:
        mutated.insert(at, kPieces[below(std::size(kPieces))]);
        break;
      case 2:
        mutated.replace(at, size, kPieces[below(std::size(kPieces))]);
        break;
      case 3:
        mutated.insert(at, mutated.substr(below(mutated.size() + 1), size * 8));
        break;
    }
  }
  return mutated;
}

TEST_F(ServerTest, NoBodyMakesItFail) {
  const struct {
    const char* path;
    Json body;
  } seeds[] = {
      {"/v1/jobs",
       {{"source", "https://masters.example.org/film.mov"},
        {"title", "film"},
        {"recipe_toml", "mode = \"fixed\"\n[video]\ncrf = 23\n"},
        {"priority", "now"},
        {"deadline", "2026-12-24T18:00:00Z"},
        {"webhook", "https://masters.example.org/hook"}}},
      {"/v1/estimate", {{"source", "s3://masters/a.mov"}, {"recipe", "fixed"}}},
      {"/v1/uploads", {{"name", "film.mov"}, {"size_bytes", 123456}}},
      {"/v1/tokens", {{"name", "ann"}, {"role", "viewer"}}},
  };
  std::minstd_rand random(20261123);
  std::map<int, int> statuses;
  for (int n = 0; n < 1000; ++n) {
    const auto& [path, body] = seeds[n % std::size(seeds)];
    const std::string mutated = Mutated(base::DumpJson(body), random);
    const Response response = Send("POST", path, mutated);
    ++statuses[response.status];
    ASSERT_GE(response.status, 200) << path << " " << mutated;
    ASSERT_LT(response.status, 500) << path << " " << mutated;
    if (response.status >= 400) {
      ASSERT_FALSE(CodeOf(response).empty()) << mutated;
    }
  }
  EXPECT_GT(statuses[201], 0);
  EXPECT_GT(statuses[400], 0);
}

}  // namespace
}  // namespace reel::service::api

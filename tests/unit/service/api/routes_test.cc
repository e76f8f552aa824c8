#include "service/api/routes.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "base/file.h"

namespace reel::service::api {
namespace {

using Ids = std::vector<std::string>;

TEST(MatchPathTest, TakesWhatStandsForNames) {
  EXPECT_EQ(MatchPath("/v1/jobs", "/v1/jobs"), Ids{});
  EXPECT_EQ(MatchPath("/v1/jobs/{job}", "/v1/jobs/j1"), Ids{"j1"});
  EXPECT_EQ(MatchPath("/v1/jobs/{job}/tasks/{task}", "/v1/jobs/j1/tasks/t2"),
            (Ids{"j1", "t2"}));
}

TEST(MatchPathTest, OtherPathsAreOthers) {
  for (const char* path : {"", "/", "/v1", "/v1/jobs", "/v1/jobs/", "//jobs/j1",
                           "/v1/jobs//", "/v1/jobs/j1/", "/v1/jobs/j1/tasks",
                           "/v1//j1", "v1/jobs/j1", "/v2/jobs/j1"})
    EXPECT_EQ(MatchPath("/v1/jobs/{job}", path), std::nullopt) << path;
}

TEST(RoutesTest, NoTwoAreTheSame) {
  std::set<std::string> seen;
  for (const Route& route : AllRoutes()) {
    const std::string name =
        std::string(route.method) + " " + std::string(route.path);
    EXPECT_TRUE(seen.insert(name).second) << name;
  }
}

// "GET /v1/jobs" and so on, by the layout of the file: paths are indented by
// two, methods by four.
std::set<std::string> DescribedRoutes() {
  const auto text =
      base::ReadTextFile(REEL_PROJECT_DIR "/docs/api/openapi.yaml");
  EXPECT_TRUE(text.has_value());
  std::istringstream lines(text.value_or(""));
  std::set<std::string> routes;
  std::string path;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  /")) path = line.substr(2, line.find(':') - 2);
    for (const std::string method : {"get", "post", "put", "delete"}) {
      std::string upper;
      for (const char c : method) upper += static_cast<char>(std::toupper(c));
      if (line == "    " + method + ":") routes.insert(upper + " " + path);
    }
  }
  return routes;
}

TEST(RoutesTest, TheDescriptionHasThemAllAndNoOthers) {
  std::set<std::string> routes;
  for (const Route& route : AllRoutes())
    routes.insert(std::string(route.method) + " " + std::string(route.path));
  EXPECT_EQ(DescribedRoutes(), routes);
}

}  // namespace
}  // namespace reel::service::api

// Every route of the API: docs/api/openapi.yaml.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "service/api/answer.h"
#include "service/api/backend.h"
#include "service/api/request.h"

namespace reel::service::api {

// Who may use a route: everybody, who has the token of the metrics, or who has
// a token of that role at least.
enum class Access { kOpen, kMetrics, kViewer, kOperator, kAdmin };

// What a request may take of the server: of uploads there are few at a time.
enum class Load { kUsual, kUpload };

// Parses, calls one function, renders.
using Handler = base::Result<Answer> (*)(const ApiBackend&, const ApiRequest&);

struct Route {
  std::string_view method;  // "GET"
  std::string_view path;    // "/v1/jobs/{job}"
  Access access = Access::kAdmin;
  Handler handle = nullptr;
  Load load = Load::kUsual;
};

std::vector<Route> AllRoutes();

// One of AllRoutes each.
std::span<const Route> JobRoutes();
std::span<const Route> EventRoutes();
std::span<const Route> UploadRoutes();
std::span<const Route> TokenRoutes();
std::span<const Route> ServerRoutes();

// What stands in `path` for each {…} of the route's; nullopt if it is
// another's.
std::optional<std::vector<std::string>> MatchPath(std::string_view route_path,
                                                  std::string_view path);

}  // namespace reel::service::api

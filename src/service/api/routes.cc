#include "service/api/routes.h"

#include <algorithm>

namespace reel::service::api {
namespace {

// Takes the text up to the next slash, and the slash, from the front.
std::string_view TakeSegment(std::string_view& path) {
  const size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

}  // namespace

std::vector<Route> AllRoutes() {
  std::vector<Route> all;
  for (const auto& routes : {JobRoutes(), EventRoutes(), UploadRoutes(),
                             TokenRoutes(), ServerRoutes()})
    all.insert(all.end(), routes.begin(), routes.end());
  return all;
}

std::optional<std::vector<std::string>> MatchPath(std::string_view route_path,
                                                  std::string_view path) {
  std::vector<std::string> ids;
  if (path.ends_with('/')) return std::nullopt;
  while (!route_path.empty() && !path.empty()) {
    const std::string_view wanted = TakeSegment(route_path);
    const std::string_view segment = TakeSegment(path);
    if (wanted.starts_with('{')) {
      if (segment.empty()) return std::nullopt;
      ids.emplace_back(segment);
    } else if (wanted != segment) {
      return std::nullopt;
    }
  }
  if (!route_path.empty() || !path.empty()) return std::nullopt;
  return ids;
}

}  // namespace reel::service::api

#include "api_description.h"
#include "service/api/routes.h"

namespace reel::service::api {
namespace {

using base::Result;

Result<Answer> ShowDescription(const ApiBackend&, const ApiRequest&) {
  return Answer{.body = std::string(kDescription[0].second),
                .content_type = "application/yaml"};
}

// This process answers.
Result<Answer> ShowHealth(const ApiBackend&, const ApiRequest&) {
  return JsonAnswer({{"status", "ok"}});
}

// And it reaches all that it needs.
Result<Answer> ShowReadiness(const ApiBackend& backend, const ApiRequest&) {
  REEL_TRY(backend.ready());
  return JsonAnswer({{"status", "ok"}});
}

Result<Answer> ShowMetrics(const ApiBackend& backend, const ApiRequest&) {
  REEL_ASSIGN(std::string text, backend.metrics());
  return Answer{.body = std::move(text),
                .content_type = "text/plain; version=0.0.4; charset=utf-8"};
}

Result<Answer> ListWorkers(const ApiBackend& backend, const ApiRequest&) {
  REEL_ASSIGN(base::Json workers, backend.workers());
  return JsonAnswer({{"workers", std::move(workers)}});
}

constexpr Route kRoutes[] = {
    {"GET", "/v1/workers", Access::kViewer, ListWorkers},
    {"GET", "/v1/openapi.yaml", Access::kOpen, ShowDescription},
    {"GET", "/healthz", Access::kOpen, ShowHealth},
    {"GET", "/readyz", Access::kOpen, ShowReadiness},
    {"GET", "/metrics", Access::kMetrics, ShowMetrics},
};

}  // namespace

std::span<const Route> ServerRoutes() { return kRoutes; }

}  // namespace reel::service::api

#include "service/api/fields.h"
#include "service/api/routes.h"
#include "service/api/timestamp.h"

namespace reel::service::api {
namespace {

using base::Json;
using base::Result;
using platform::Token;

constexpr size_t kMaxNameBytes = 100;

Json TokenJson(const Token& token) {
  return {{"id", token.id},
          {"name", token.name},
          {"role", platform::Name(token.role)},
          {"created", JsonTime(token.created_ms)},
          {"used", JsonTime(token.used_ms)}};
}

Result<Answer> ListTokens(const ApiBackend& backend, const ApiRequest&) {
  REEL_ASSIGN(const auto tokens, backend.tokens->List());
  Json list = Json::array();
  for (const Token& token : tokens) list.push_back(TokenJson(token));
  return JsonAnswer({{"tokens", std::move(list)}});
}

Result<Answer> AddToken(const ApiBackend& backend, const ApiRequest& request) {
  REEL_ASSIGN(const Json body, request.JsonBody());
  Fields fields(body);
  const std::string name = fields.Required("name", kMaxNameBytes);
  const auto role =
      platform::RoleFromName(fields.Required("role", kMaxNameBytes));
  if (!role) fields.Refuse("role", "must be viewer, operator or admin");
  REEL_TRY(fields.Done());
  REEL_ASSIGN(const auto added, backend.tokens->Add(name, *role));
  Json json = TokenJson(added.token);
  json["secret"] = added.secret;
  return JsonAnswer(json, 201);
}

Result<Answer> RevokeToken(const ApiBackend& backend,
                           const ApiRequest& request) {
  REEL_TRY(backend.tokens->Revoke(request.ids[0]));
  return Answer{.status = 204};
}

constexpr Route kRoutes[] = {
    {"GET", "/v1/tokens", Access::kAdmin, ListTokens},
    {"POST", "/v1/tokens", Access::kAdmin, AddToken},
    {"DELETE", "/v1/tokens/{token}", Access::kAdmin, RevokeToken},
};

}  // namespace

std::span<const Route> TokenRoutes() { return kRoutes; }

}  // namespace reel::service::api

#include "platform/token_store.h"

#include <fmt/format.h>

#include <utility>

#include "base/digest.h"
#include "platform/secret.h"
#include "platform/sql_session.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using soci::into;
using soci::session;
using soci::use;

// SOCI binds long long, which int64_t is not everywhere.
using Int = long long;  // NOLINT(google-runtime-int)

constexpr size_t kMaxNameBytes = 100;
constexpr int kIdBytes = 6;
constexpr int kSecretBytes = 32;
// Not every request writes.
constexpr int64_t kUseResolutionMs = 60'000;

}  // namespace

const char* Name(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kOperator:
      return "operator";
    case Role::kAdmin:
      return "admin";
  }
  return "viewer";
}

std::optional<Role> RoleFromName(const std::string& name) {
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin})
    if (name == Name(role)) return role;
  return std::nullopt;
}

TokenStore::TokenStore(std::unique_ptr<SqlSession> session, ClockMs clock)
    : session_(std::move(session)), clock_(std::move(clock)) {}

TokenStore::~TokenStore() = default;

Result<TokenStore::Added> TokenStore::Add(const std::string& name, Role role) {
  if (name.empty() || name.size() > kMaxNameBytes) {
    return Fail(Code::kInvalidArgument,
                fmt::format("a token needs a name of 1 to {} bytes, that says "
                            "whose it is",
                            kMaxNameBytes));
  }
  const Added added{.token = {.id = RandomHex(kIdBytes),
                              .name = name,
                              .role = role,
                              .created_ms = clock_()},
                    .secret = "reel_" + RandomHex(kSecretBytes)};
  const Token& token = added.token;
  const std::string digest = base::Sha256(added.secret);
  const int role_number = static_cast<int>(role);
  const Int created_ms = token.created_ms;
  REEL_TRY(session_->Write([&](session& sql) {
    sql << "insert into tokens(id, digest, name, role, created_ms, used_ms)"
           " values(:id, :digest, :name, :role, :created, 0)",
        use(token.id), use(digest), use(token.name), use(role_number),
        use(created_ms);
  }));
  return added;
}

Result<std::optional<Token>> TokenStore::Find(const std::string& secret) {
  const std::string digest = base::Sha256(secret);
  Token token;
  int role = 0;
  Int created_ms = 0, used_ms = 0;
  REEL_ASSIGN(const bool found, session_->Read([&](session& sql) {
    sql << "select id, name, role, created_ms, used_ms from tokens"
           " where digest = :digest",
        use(digest), into(token.id), into(token.name), into(role),
        into(created_ms), into(used_ms);
    return sql.got_data();
  }));
  if (!found) return std::nullopt;
  token.role = static_cast<Role>(role);
  token.created_ms = created_ms;
  token.used_ms = used_ms;
  const Int now = clock_();
  if (now - used_ms >= kUseResolutionMs) {
    token.used_ms = now;
    REEL_TRY(session_->Write([&](session& sql) {
      sql << "update tokens set used_ms = :now where id = :id", use(now),
          use(token.id);
    }));
  }
  return token;
}

Result<std::vector<Token>> TokenStore::List() {
  return session_->Read([&](session& sql) {
    std::vector<Token> tokens;
    Token token;
    int role = 0;
    Int created_ms = 0, used_ms = 0;
    soci::statement statement =
        (sql.prepare << "select id, name, role, created_ms, used_ms from tokens"
                        " order by created_ms, id",
         into(token.id), into(token.name), into(role), into(created_ms),
         into(used_ms));
    statement.execute();
    while (statement.fetch()) {
      token.role = static_cast<Role>(role);
      token.created_ms = created_ms;
      token.used_ms = used_ms;
      tokens.push_back(token);
    }
    return tokens;
  });
}

Status TokenStore::Revoke(const std::string& id) {
  return session_->Write([&](session& sql) {
    soci::statement statement =
        (sql.prepare << "delete from tokens where id = :id", use(id));
    statement.execute(true);
    if (statement.get_affected_rows() == 0)
      throw SqlAbort{{Code::kNotFound, "no token " + id}};
  });
}

Result<std::unique_ptr<TokenStore>> OpenTokenStore(const std::string& url) {
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(url));
  return std::make_unique<TokenStore>(std::move(session));
}

}  // namespace reel::platform

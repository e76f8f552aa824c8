// Who may use the API: bearer tokens and what each may do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/clock.h"

namespace reel::platform {

class SqlSession;

// Each may do what those before it may.
enum class Role { kViewer, kOperator, kAdmin };
const char* Name(Role role);  // "viewer"
std::optional<Role> RoleFromName(const std::string& name);

struct Token {
  std::string id;    // no secret: for people and logs
  std::string name;  // whose it is, or what for
  Role role = Role::kViewer;
  int64_t created_ms = 0;
  int64_t used_ms = 0;  // to the minute; 0: never
};

// Keeps no secret, only its SHA-256: whoever reads the database cannot use it.
// A slow hash, as for passwords, would gain nothing: 256 random bits cannot be
// guessed, however fast each guess is.
//
// Safe from several threads and processes. Errors of every call: those of
// SqlSession.
class TokenStore {
 public:
  explicit TokenStore(std::unique_ptr<SqlSession> session,
                      ClockMs clock = SystemClockMs);
  ~TokenStore();

  struct Added {
    Token token;
    std::string secret;  // "reel_" and 64 hexadecimal digits; known only now
  };
  // kInvalidArgument for a name that is empty or longer than 100 bytes.
  base::Result<Added> Add(const std::string& name, Role role);
  // The token of that secret, and notes its use; nullopt: there is none.
  base::Result<std::optional<Token>> Find(const std::string& secret);
  // The oldest first.
  base::Result<std::vector<Token>> List();
  // From now on nobody is let in with it. kNotFound.
  base::Status Revoke(const std::string& id);

 private:
  std::unique_ptr<SqlSession> session_;
  ClockMs clock_;
};

// On the tables of a fleet: "postgresql://…", or a file's path for SQLite.
// Errors: those of SqlSession's functions.
base::Result<std::unique_ptr<TokenStore>> OpenTokenStore(
    const std::string& url);

}  // namespace reel::platform

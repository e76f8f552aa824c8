#include "platform/sql_session.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <string_view>
#include <thread>

namespace reel::platform {
namespace {

using base::Code;
using base::Result;
using base::Status;

// Of transactions that met another one on the same row.
constexpr int kMostRuns = 30;
constexpr std::chrono::milliseconds kLongestPause{50};
// How long a server may be away, as in a restart.
constexpr std::chrono::seconds kReconnectFor{30};
constexpr std::chrono::milliseconds kReconnectPause{200};
// Any number that no one else takes: one process at a time migrates.
constexpr int kMigrationLock = 7'733'170;

// A path as an SQLite URI. SOCI splits its connection string at blanks and
// quotes, and has no way to escape them; a URI needs neither.
std::string Uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                       c == '-' || c == '_';
    uri += plain ? std::string(1, c)
                 : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

Code CodeOf(int sqlite_result) {
  switch (sqlite_result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Code::kUnavailable;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return Code::kResourceExhausted;
    case SQLITE_IOERR:
      return Code::kIo;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::kCorruptInput;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Code::kInvalidArgument;
    case SQLITE_CONSTRAINT:
      return Code::kConflict;
    default:
      return Code::kInternal;
  }
}

// SQLSTATE, appendix A of PostgreSQL's manual.
Code CodeOf(const std::string& state) {
  if (state == "53100" || state == "53200" || state == "53400")
    return Code::kResourceExhausted;
  if (state.starts_with("23")) return Code::kConflict;
  if (state == "55P03" || state == "57014") return Code::kUnavailable;
  if (state.starts_with("28") || state == "3D000" || state == "42501")
    return Code::kInvalidArgument;
  if (state.starts_with("58")) return Code::kIo;
  if (state.starts_with("XX0")) return Code::kCorruptInput;
  return Code::kInternal;
}

// Two transactions met; 23505: both made the same row.
bool HasMetAnother(const std::string& state) {
  return state == "40001" || state == "40P01" || state == "23505";
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

// libpq's parameters in the one form that SOCI understands: "name=value",
// separated by blanks, without quotes.
Result<std::string> ParametersOf(const std::string& url) {
  const auto fail = [](const std::string& why) {
    return base::Fail(Code::kInvalidArgument, "database address: " + why);
  };
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(
      PQconninfoParse(url.c_str(), &error));
  if (!options) {
    const std::string why = error ? error : "no memory";
    PQfreemem(error);
    return fail(why);
  }
  std::map<std::string, std::string> parameters{{"connect_timeout", "10"},
                                                {"tcp_user_timeout", "20000"},
                                                {"application_name", "reel"}};
  for (const auto* option = options.get(); option->keyword; ++option) {
    if (option->val && *option->val) parameters[option->keyword] = option->val;
  }
  std::string text;
  for (const auto& [name, value] : parameters) {
    if (value.find_first_of(" \t\n'\"\\") != std::string::npos) {
      return fail(name +
                  " has blanks or quotes; a password like that goes into "
                  "PGPASSFILE");
    }
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  }
  return text;
}

}  // namespace

const char* SqlSession::BeginOf(bool writes) const {
  if (dialect_ == SqlDialect::kPostgres)
    return "begin isolation level repeatable read";
  return writes ? "begin immediate" : "begin";
}

SqlSession::Failure SqlSession::FailureOf(
    const std::exception& exception) const {
  const std::string what = fmt::format("state database: {}", exception.what());
  if (const auto* sqlite =
          dynamic_cast<const soci::sqlite3_soci_error*>(&exception)) {
    const Code code = CodeOf(sqlite->result());
    if (code == Code::kResourceExhausted)
      return {{code, "state database: no room on the disk or in memory"}};
    return {{code, what}};
  }
  if (const auto* postgres =
          dynamic_cast<const soci::postgresql_soci_error*>(&exception)) {
    const std::string state = postgres->sqlstate();
    const bool lost =
        postgres->get_error_category() == soci::soci_error::connection_error ||
        state.starts_with("08") || state.starts_with("57P");
    if (lost) return {{Code::kUnavailable, what}, After::kReconnect};
    return {{CodeOf(state), what},
            HasMetAnother(state) ? After::kRunAgain : After::kReport};
  }
  // A connection that is lost in the middle has no category everywhere.
  if (dialect_ == SqlDialect::kPostgres)
    return {{Code::kUnavailable, what}, After::kReconnect};
  return {{Code::kInternal, what}};
}

void SqlSession::RollBack() noexcept {
  try {
    session_ << "rollback";
  } catch (const std::exception&) {
    // SQLite has rolled back by itself already, e.g. on a full disk; a
    // PostgreSQL server does so when a connection ends.
  }
}

bool SqlSession::Reconnect() {
  try {
    session_.reconnect();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

bool SqlSession::IsWorthAnother(int run, bool begun, Failure& failure) {
  thread_local std::minstd_rand random{std::random_device{}()};
  switch (failure.after) {
    case After::kReport:
      return false;
    case After::kRunAgain: {
      if (run >= kMostRuns) return false;
      std::uniform_int_distribution<int64_t> pause(
          0, std::min<int64_t>(run * 2, kLongestPause.count()));
      std::this_thread::sleep_for(std::chrono::milliseconds(pause(random)));
      return true;
    }
    case After::kReconnect: {
      const auto end = std::chrono::steady_clock::now() + kReconnectFor;
      do {
        if (Reconnect()) return !begun;
        std::this_thread::sleep_for(kReconnectPause);
      } while (std::chrono::steady_clock::now() < end);
      return false;
    }
  }
  return false;
}

Result<std::unique_ptr<SqlSession>> SqlSession::OpenSqlite(
    const std::string& path) {
  [[maybe_unused]] static const int configured =
      sqlite_api::sqlite3_config(SQLITE_CONFIG_URI, 1);
  auto session = std::make_unique<SqlSession>();
  try {
    session->session_.open(soci::sqlite3,
                           "timeout=10 shared_cache=false db=" + Uri(path));
    std::string mode;
    session->session_ << "pragma journal_mode=wal", soci::into(mode);
    // Not synced at every commit: docs/decisions/0004-durability.md.
    session->session_ << "pragma synchronous=normal";
  } catch (const std::exception& exception) {
    return base::Prefix(session->FailureOf(exception).error, path);
  }
  if (auto status = session->Migrate(); !status) {
    return base::Prefix(status.error(), path);
  }
  return session;
}

Result<std::unique_ptr<SqlSession>> SqlSession::OpenPostgres(
    const std::string& url) {
  auto session = std::make_unique<SqlSession>();
  session->dialect_ = SqlDialect::kPostgres;
  REEL_ASSIGN(const std::string parameters, ParametersOf(url));
  try {
    session->session_.open(soci::postgresql, parameters);
  } catch (const std::exception& exception) {
    // Of a connection there is no SQLSTATE, only libpq's words.
    const std::string what = exception.what();
    const bool is_wrong = what.find("does not exist") != std::string::npos ||
                          what.find("authentication") != std::string::npos ||
                          what.find("invalid") != std::string::npos;
    return base::Fail(is_wrong ? Code::kInvalidArgument : Code::kUnavailable,
                      fmt::format("state database: {}", what));
  }
  REEL_TRY(session->Migrate());
  return session;
}

Result<std::unique_ptr<SqlSession>> SqlSession::OpenUrl(
    const std::string& url) {
  const bool is_server =
      url.starts_with("postgresql://") || url.starts_with("postgres://");
  return is_server ? OpenPostgres(url) : OpenSqlite(url);
}

int SqlSession::VersionOf(soci::session& sql) const {
  int version = 0;
  if (dialect_ == SqlDialect::kSqlite) {
    sql << "pragma user_version", soci::into(version);
    return version;
  }
  int found = 0;
  sql << "select count(*) from information_schema.tables where"
         " table_schema = current_schema() and table_name = 'schema_version'",
      soci::into(found);
  if (found == 0)
    sql << "create table schema_version(version integer not null)";
  sql << "select coalesce(max(version), 0) from schema_version",
      soci::into(version);
  return version;
}

void SqlSession::SetVersion(soci::session& sql, int version) const {
  if (dialect_ == SqlDialect::kSqlite) {
    sql << "pragma user_version = " << version;
    return;
  }
  sql << "insert into schema_version(version) values(" << version << ")";
}

Status SqlSession::Migrate() {
  if (dialect_ == SqlDialect::kPostgres) {
    // Outside the transaction, whose view of the tables begins with its first
    // statement.
    try {
      session_ << "select pg_advisory_lock(" << kMigrationLock << ")";
    } catch (const std::exception& exception) {
      return tl::unexpected(FailureOf(exception).error);
    }
  }
  const std::span<const SqlMigration> migrations = MigrationsOf(dialect_);
  Status status = Write([&](soci::session& sql) {
    const int version = VersionOf(sql);
    if (version > static_cast<int>(migrations.size())) {
      throw SqlAbort{
          {Code::kUnsupported,
           fmt::format("made by a newer Reelwright (version {})", version)}};
    }
    for (size_t next = static_cast<size_t>(version); next < migrations.size();
         ++next) {
      for (const std::string_view statement : migrations[next])
        sql << statement;
      SetVersion(sql, static_cast<int>(next) + 1);
    }
  });
  if (dialect_ == SqlDialect::kPostgres) {
    try {
      session_ << "select pg_advisory_unlock(" << kMigrationLock << ")";
    } catch (const std::exception&) {
      // The connection is lost, and with it the lock.
    }
  }
  return status;
}

}  // namespace reel::platform

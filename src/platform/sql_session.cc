#include "platform/sql_session.h"

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace reel::platform {
namespace {

using base::Code;
using base::Result;
using base::Status;

// Specified in docs/formats/state-directory.md; raise it with every change.
constexpr int kSchemaVersion = 1;

// The claim of a queue and the changes of tasks are read in the order of an
// index; without, claims fall by a factor of a hundred with a long queue.
constexpr const char* kSchema[] = {
    "create table queue("
    " task_id text primary key, priority integer not null,"
    " cost double precision not null, position bigint not null,"
    " held integer not null, due_ms bigint not null, token bigint not null)",
    "create index queue_claim on queue(held, priority desc, cost desc,"
    " position)",
    "create index queue_due on queue(held, due_ms)",
    "create table counter(value bigint not null)",
    "insert into counter values(0)",
    "create table jobs("
    " id text primary key, title text not null, state integer not null,"
    " error_code text not null, error text not null)",
    "create table tasks("
    " id text primary key, service text not null, kind text not null,"
    " spec text not null, worker text not null, state integer not null,"
    " fence bigint not null, failures integer not null,"
    " fraction double precision not null, error_code text not null,"
    " error text not null, change bigint not null)",
    "create unique index tasks_change on tasks(change)",
    "create index tasks_state on tasks(state)",
    "create table artifacts("
    " task_id text not null, name text not null, digest text not null,"
    " size_bytes bigint not null, primary key(task_id, name))",
    "create index artifacts_digest on artifacts(digest)",
    "create table attempts("
    " sequence integer primary key, task_id text not null,"
    " service text not null, fence bigint not null, worker text not null,"
    " outcome integer not null, cpu_seconds double precision not null,"
    " wall_seconds double precision not null, peak_rss_bytes bigint not null,"
    " error text not null, unique(task_id, fence))",
};

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

}  // namespace

base::Error SqlSession::ErrorOf(const std::exception& exception) {
  const auto* sqlite =
      dynamic_cast<const soci::sqlite3_soci_error*>(&exception);
  const Code code = sqlite ? CodeOf(sqlite->result()) : Code::kInternal;
  if (code == Code::kResourceExhausted)
    return {code, "state database: no room on the disk or in memory"};
  return {code, fmt::format("state database: {}", exception.what())};
}

void SqlSession::RollBack() noexcept {
  try {
    session_ << "rollback";
  } catch (const std::exception&) {
    // SQLite has rolled back by itself already, e.g. on a full disk.
  }
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
    return base::Prefix(ErrorOf(exception), path);
  }
  if (auto status = session->Prepare(); !status) {
    return base::Prefix(status.error(), path);
  }
  return session;
}

Status SqlSession::Prepare() {
  return Write([](soci::session& sql) {
    int version = 0;
    sql << "pragma user_version", soci::into(version);
    if (version == kSchemaVersion) return;
    if (version > kSchemaVersion) {
      throw SqlAbort{
          {Code::kUnsupported,
           fmt::format("made by a newer Reelwright (version {})", version)}};
    }
    for (const char* statement : kSchema) sql << statement;
    sql << "pragma user_version = " << kSchemaVersion;
  });
}

}  // namespace reel::platform

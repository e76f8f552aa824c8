// A connection to an SQL database whose exceptions become errors here.
#pragma once

// Debian's SOCI can bind Boost's types, so its headers ask for Boost, which its
// package does not bring. We bind none; only inline templates depend on this.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#undef SOCI_HAVE_BOOST_DATE_TIME
#include <soci/soci.h>

#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.h"
#include "platform/sql_schema.h"

namespace reel::platform {

// What a body inside Write or Read throws for an error of our own.
struct SqlAbort {
  base::Error error;
};

// Safe from several threads, which take turns.
class SqlSession {
 public:
  // Opens the state database, making it and its tables if need be.
  // Errors: kInvalidArgument (not writable), kCorruptInput (not a database),
  // kUnsupported (of a newer version), and those of Write.
  static base::Result<std::unique_ptr<SqlSession>> OpenSqlite(
      const std::string& path);
  // Opens a PostgreSQL database, making its tables if need be.
  //   url  "postgresql://user@host:port/database?sslmode=…", or libpq's
  //        "host=… dbname=…"; passwords are better in PGPASSFILE
  // Errors: kInvalidArgument (no such database, not let in), kUnsupported (of a
  // newer version), and those of Write.
  static base::Result<std::unique_ptr<SqlSession>> OpenPostgres(
      const std::string& url);

  // The one or the other, by what the name looks like.
  static base::Result<std::unique_ptr<SqlSession>> OpenUrl(
      const std::string& url);

  SqlDialect dialect() const { return dialect_; }

  // Runs `body`, a function of soci::session&, as one transaction that may
  // write. It may be run several times, the last time counts.
  //
  // SQLite: SOCI's own transactions begin deferred: two that read, then write,
  // fail at once with "locked" whatever the timeout; "immediate" waits.
  // PostgreSQL: isolation "repeatable read": of two that write the same row
  // after they read it, one is run again. A connection that is lost before the
  // transaction begins is made anew, for up to 30 s; one that is lost later is
  // an error, since nobody knows whether it was committed.
  // Errors: kUnavailable (locked for longer than 10 s; connection lost),
  // kResourceExhausted (full), kIo, kCorruptInput, kConflict (a constraint).
  template <typename Body>
  auto Write(Body body) {
    return Transact(true, body);
  }
  // The same for one that only reads, all as of one instant.
  template <typename Body>
  auto Read(Body body) {
    return Transact(false, body);
  }

 private:
  // What is to be done about an exception.
  enum class After { kReport, kRunAgain, kReconnect };
  struct Failure {
    base::Error error;
    After after = After::kReport;
  };
  template <typename Body>
  auto Transact(bool writes, Body& body)
      -> base::Result<decltype(body(std::declval<soci::session&>()))> {
    const std::lock_guard lock(mu_);
    for (int run = 1;; ++run) {
      bool begun = false;
      try {
        session_ << BeginOf(writes);
        begun = true;
        if constexpr (std::is_void_v<decltype(body(session_))>) {
          body(session_);
          session_ << "commit";
          return {};
        } else {
          auto value = body(session_);
          session_ << "commit";
          return value;
        }
      } catch (const SqlAbort& abort) {
        RollBack();
        return tl::unexpected(abort.error);
      } catch (const std::exception& exception) {
        Failure failure = FailureOf(exception);
        RollBack();
        if (!IsWorthAnother(run, begun, failure))
          return tl::unexpected(std::move(failure.error));
      }
    }
  }
  const char* BeginOf(bool writes) const;
  void RollBack() noexcept;
  Failure FailureOf(const std::exception& exception) const;
  // Waits a little, or for the connection, and says whether to run again.
  bool IsWorthAnother(int run, bool begun, Failure& failure);
  bool Reconnect();
  // Brings the tables up to date.
  base::Status Migrate();
  int VersionOf(soci::session& sql) const;
  void SetVersion(soci::session& sql, int version) const;

  SqlDialect dialect_ = SqlDialect::kSqlite;
  std::mutex mu_;  // session_
  soci::session session_;
};

// For bodies: unpacks a Result, or ends the transaction with its error.
template <typename T>
T OrAbort(base::Result<T> result) {
  if (!result) throw SqlAbort{std::move(result).error()};
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace reel::platform

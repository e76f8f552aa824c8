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

#include "base/result.h"

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

  // Runs `body`, a function of soci::session&, as one transaction that may
  // write. SOCI's own transactions begin deferred: two that read, then write,
  // fail at once with "locked" whatever the timeout; "immediate" waits.
  // Errors: kUnavailable (locked for longer than 10 s), kResourceExhausted
  // (full), kIo, kCorruptInput, kConflict (a constraint).
  template <typename Body>
  auto Write(Body body) {
    return Transact("begin immediate", body);
  }
  // The same for one that only reads, all as of one instant.
  template <typename Body>
  auto Read(Body body) {
    return Transact("begin", body);
  }

 private:
  template <typename Body>
  auto Transact(const char* begin, Body& body)
      -> base::Result<decltype(body(std::declval<soci::session&>()))> {
    const std::lock_guard lock(mu_);
    try {
      session_ << begin;
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
      RollBack();
      return tl::unexpected(ErrorOf(exception));
    }
  }
  void RollBack() noexcept;
  static base::Error ErrorOf(const std::exception& exception);
  base::Status Prepare();

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

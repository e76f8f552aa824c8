// The tables of a fleet, in SQLite and on a PostgreSQL server.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "platform/sql_job_board.h"
#include "testing/temp_dir.h"
#include "testing/test_postgres.h"

namespace reel::testing {

struct TablesKind {
  std::string name;
  // The address of the tables for that key; nullopt: no server runs.
  std::function<std::optional<std::string>(const std::string& directory)> url;
  friend void PrintTo(const TablesKind& kind, std::ostream* out) {
    *out << kind.name;
  }
};

inline const std::vector<TablesKind>& AllTablesKinds() {
  static const std::vector<TablesKind> kinds = {
      {"Sqlite",
       [](const std::string& directory) -> std::optional<std::string> {
         return directory + "/fleet.db";
       }},
      {"Postgres", TestDatabase}};
  return kinds;
}

// Board and ledger over the same tables, with a clock that the test turns.
struct FleetTables {
  explicit FleetTables(const TablesKind& kind) : url(kind.url(dir.path())) {
    if (!url) return;
    const auto clock = [this] { return now_ms; };
    board = platform::OpenJobBoard(*url, clock).value();
    ledger = platform::OpenTaskLedger(*url, clock).value();
  }
  // A job that `leader` leads.
  platform::LedJob Lead(const platform::NewJob& job,
                        const std::string& leader = "leader") {
    const std::string id = board->Submit(job).value().job.id;
    const auto led = board->Lead(leader, 100, std::chrono::hours(1)).value();
    for (const platform::LedJob& one : led) {
      if (one.job.id == id) return one;
    }
    return {};
  }

  TempDir dir;
  std::optional<std::string> url;
  int64_t now_ms = 1'000'000;
  std::unique_ptr<platform::JobBoard> board;
  std::unique_ptr<platform::TaskLedger> ledger;
};

}  // namespace reel::testing

// The database server that tests run against: tests/servers/postgres_server.py.
#pragma once

#include <optional>
#include <string>

#include "base/digest.h"
#include "platform/sql_session.h"
#include "testing/test_server.h"
// After it, for its settings.
#include <soci/postgresql/soci-postgresql.h>

namespace reel::testing {

inline constexpr char kNoPostgres[] =
    "no PostgreSQL server: ./run test installs one and starts it";

// The URL of a database of that key, e.g. a temporary directory: made empty
// when it is first asked for. Nullopt if no server runs.
inline std::optional<std::string> TestDatabase(const std::string& key) {
  const auto json = ServerFile("postgres_server/postgres.json");
  if (!json) return std::nullopt;
  const std::string port = std::to_string(json->at("port").get<int>());
  const std::string name = "test_" + base::Sha256(key).substr(0, 16);
  soci::session sql(soci::postgresql,
                    "host=127.0.0.1 user=reel dbname=postgres port=" + port);
  int found = 0;
  sql << "select count(*) from pg_database where datname = :name",
      soci::use(name), soci::into(found);
  if (found == 0) sql << "create database " << name;
  return "postgresql://reel@127.0.0.1:" + port + "/" + name;
}

}  // namespace reel::testing

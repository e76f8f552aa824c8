// The database server that tests run against: tests/servers/postgres_server.py.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "platform/sql_session.h"
// After it, for its settings.
#include <soci/postgresql/soci-postgresql.h>

namespace reel::testing {

inline constexpr char kNoPostgres[] =
    "no PostgreSQL server: ./run test installs one and starts it";

// The URL of a database of that key, e.g. a temporary directory: made empty
// when it is first asked for. Nullopt if no server runs.
inline std::optional<std::string> TestDatabase(const std::string& key) {
  const char* servers = std::getenv("REEL_TEST_SERVERS");
  if (servers == nullptr) return std::nullopt;
  const auto text = base::ReadTextFile(
      servers + std::string("/postgres_server/postgres.json"));
  if (!text) return std::nullopt;
  const std::string port =
      std::to_string(base::ParseJson(*text).value().at("port").get<int>());
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

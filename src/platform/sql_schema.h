// The tables of the state database, as numbered migrations. What they hold is
// specified in docs/formats/state-directory.md.
#pragma once

#include <span>
#include <string_view>

namespace reel::platform {

enum class SqlDialect { kSqlite, kPostgres };

using SqlMigration = std::span<const std::string_view>;  // statements

// The n-th, counted from 1, takes a database from version n - 1 to version n.
// What has been released is never changed: changes are further migrations.
std::span<const SqlMigration> MigrationsOf(SqlDialect dialect);

}  // namespace reel::platform

// What SQLite and PostgreSQL say differently. Casts are in words: SOCI takes
// colons for placeholders.
#pragma once

#include <string>

#include "platform/sql_schema.h"
#include "platform/task_state.h"

namespace reel::platform {

// An expression for the number of the change that a statement makes. Numbers of
// changes have to be seen in their order. On SQLite there is one writer at a
// time. PostgreSQL's transactions are numbered when they first write, and end
// in any order: their changes count once no older one is under way
// (pg_snapshot_xmin).
inline const char* NextChangeSql(SqlDialect dialect) {
  if (dialect == SqlDialect::kSqlite)
    return "(select coalesce(max(change), 0) + 1 from tasks)";
  return "cast(cast(pg_current_xact_id() as text) as bigint)";
}
// The last one that counts.
inline const char* LastChangeSql(SqlDialect dialect) {
  if (dialect == SqlDialect::kSqlite)
    return "(select coalesce(max(change), 0) from tasks)";
  return "cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text)"
         " as bigint) - 1";
}

// The elements of the JSON array in parameter `name`, as rows r with one
// column, value: fields are r.value->>'field', to be cast.
inline std::string JsonRowsSql(SqlDialect dialect, const std::string& name) {
  if (dialect == SqlDialect::kSqlite) return "json_each(:" + name + ") as r";
  return "jsonb_array_elements(cast(:" + name + " as jsonb)) as r(value)";
}
// The strings of such an array, as rows r.
inline std::string JsonTextsSql(SqlDialect dialect, const std::string& name) {
  if (dialect == SqlDialect::kSqlite) return "json_each(:" + name + ") as r";
  return "jsonb_array_elements_text(cast(:" + name + " as jsonb)) as r(value)";
}

// States that this event makes another one of: "1, 2".
std::string StatesChangedBySql(TaskEvent event, TaskState into);

}  // namespace reel::platform

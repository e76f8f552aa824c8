#include "platform/sql_schema.h"

#include <array>

namespace reel::platform {
namespace {

// The same in both dialects.
constexpr std::string_view kJobs = R"(create table jobs(
         id text primary key,
         title text not null,
         state integer not null,
         error_code text not null,
         error text not null))";
constexpr std::string_view kTasks = R"(create table tasks(
         id text primary key,
         service text not null,
         kind text not null,
         spec text not null,
         worker text not null,
         state integer not null,
         fence bigint not null,
         failures integer not null,
         fraction double precision not null,
         error_code text not null,
         error text not null,
         change bigint not null))";
constexpr std::string_view kArtifacts = R"(create table artifacts(
         task_id text not null,
         name text not null,
         digest text not null,
         size_bytes bigint not null,
         primary key(task_id, name)))";

// What the API keeps beside jobs: who may use it, files that are under way, and
// notices of jobs that have ended.
constexpr std::string_view kApi[] = {
    R"(create table tokens(
         id text primary key,
         digest text not null unique,
         name text not null,
         role integer not null,
         created_ms bigint not null,
         used_ms bigint not null))",
    R"(create table uploads(
         id text primary key,
         name text not null,
         size_bytes bigint not null,
         part_bytes bigint not null,
         object_key text not null,
         object_upload text not null,
         created_ms bigint not null,
         is_complete integer not null))",
    R"(create table upload_parts(
         upload_id text not null,
         number integer not null,
         digest text not null,
         etag text not null,
         primary key(upload_id, number)))",
    R"(create table webhooks(
         id text primary key,
         url text not null,
         body text not null,
         created_ms bigint not null,
         attempts integer not null,
         next_ms bigint not null,
         state integer not null,
         error text not null))",
    "create index webhooks_due on webhooks(state, next_ms)",
};

// The claim of a queue and the changes of tasks are read in the order of an
// index; without, claims fall by a factor of a hundred with a long queue.
constexpr std::string_view kSqlite1[] = {
    R"(create table queue(
         task_id text primary key,
         priority integer not null,
         cost double precision not null,
         position bigint not null,
         held integer not null,
         due_ms bigint not null,
         token bigint not null))",
    R"(create index queue_claim on queue(
         held, priority desc, cost desc, position))",
    "create index queue_due on queue(held, due_ms)",
    "create table counter(value bigint not null)",
    "insert into counter values(0)",
    kJobs,
    kTasks,
    "create unique index tasks_change on tasks(change)",
    "create index tasks_state on tasks(state)",
    kArtifacts,
    "create index artifacts_digest on artifacts(digest)",
    R"(create table attempts(
         sequence integer primary key,
         task_id text not null,
         service text not null,
         fence bigint not null,
         worker text not null,
         outcome integer not null,
         cpu_seconds double precision not null,
         wall_seconds double precision not null,
         peak_rss_bytes bigint not null,
         error text not null,
         unique(task_id, fence)))",
};
constexpr std::string_view kSqlite2[] = {
    "alter table queue add column service text not null default ''",
};
constexpr std::string_view kSqlite3[] = {
    "alter table queue add column payload text not null default ''",
};
// What a fleet keeps (docs/formats/state-directory.md), the same in both
// dialects. Changes of one transaction share a number, as PostgreSQL's do.
constexpr std::string_view kFleet[] = {
    "alter table jobs add column source text not null default ''",
    "alter table jobs add column recipe text not null default ''",
    "alter table jobs add column recipe_name text not null default ''",
    "alter table jobs add column priority integer not null default 5",
    "alter table jobs add column deadline_ms bigint not null default 0",
    "alter table jobs add column webhook text not null default ''",
    "alter table jobs add column submitted_by text not null default ''",
    "alter table jobs add column trace text not null default ''",
    "alter table jobs add column idempotency_key text not null default ''",
    "alter table jobs add column created_ms bigint not null default 0",
    "alter table jobs add column started_ms bigint not null default 0",
    "alter table jobs add column ended_ms bigint not null default 0",
    "alter table jobs add column result text not null default ''",
    "alter table jobs add column leader text not null default ''",
    "alter table jobs add column leader_until_ms bigint not null default 0",
    "alter table jobs add column leader_fence bigint not null default 0",
    "create unique index jobs_key on jobs(idempotency_key)"
    " where idempotency_key <> ''",
    "create index jobs_open on jobs(priority, created_ms)"
    " where state in (0, 4)",
    "create table job_tasks(job_id text not null, task_id text not null,"
    " primary key(job_id, task_id))",
    "create index job_tasks_task on job_tasks(task_id)",
    "create table roles(name text primary key, leader text not null,"
    " until_ms bigint not null, fence bigint not null)",
    "alter table tasks add column label text not null default ''",
    "alter table tasks add column priority integer not null default 5",
    "alter table tasks add column due_ms bigint not null default 0",
    "alter table tasks add column cost double precision not null"
    " default 0",
    "alter table tasks add column payload text not null default ''",
    "alter table tasks add column ready_ms bigint not null default 0",
    "alter table tasks add column published_ms bigint not null default 0",
    "alter table tasks add column started_ms bigint not null default 0",
    "alter table tasks add column copies integer not null default 1",
    "create index tasks_ready on tasks(service, priority, due_ms,"
    " cost desc) where state = 1 and published_ms = 0",
    "alter table attempts add column host text not null default ''",
    "alter table attempts add column started_ms bigint not null default 0",
    "alter table attempts add column ended_ms bigint not null default 0",
    "alter table attempts add column signal integer not null default 0",
    "alter table attempts add column exit_code integer not null default 0",
    "alter table attempts add column last_words text not null default ''",
    "create index tasks_published on tasks(service, priority)"
    " where state = 1 and published_ms > 0",
    "create index attempts_running on attempts(task_id) where outcome = 0",
    "drop index tasks_change",
    "create index tasks_change on tasks(change)",
};
constexpr std::string_view kSqliteEvents[] = {
    R"(create table job_events(
         sequence integer primary key autoincrement,
         job_id text not null,
         at_ms bigint not null,
         kind text not null,
         data text not null))",
    "create index job_events_job on job_events(job_id, sequence)",
};
constexpr std::string_view kSqliteDeliveries[] = {
    "alter table queue add column deliveries integer not null default 0",
};
// Finished tasks that a job counts on without having wanted them itself.
constexpr std::string_view kUses[] = {
    "create table job_uses(job_id text not null, task_id text not null,"
    " primary key(job_id, task_id))",
    "create index job_uses_task on job_uses(task_id)",
};
constexpr SqlMigration kSqlite[] = {
    kSqlite1,      kSqlite2, kSqlite3,          kFleet,
    kSqliteEvents, kApi,     kSqliteDeliveries, kUses};

// No queue: that is another server's. A change is the number of the transaction
// that made it, and several rows may have it.
constexpr std::string_view kPostgres1[] = {
    kJobs,
    kTasks,
    "create index tasks_change on tasks(change)",
    "create index tasks_state on tasks(state)",
    kArtifacts,
    "create index artifacts_digest on artifacts(digest)",
    R"(create table attempts(
         sequence bigint generated by default as identity primary key,
         task_id text not null,
         service text not null,
         fence bigint not null,
         worker text not null,
         outcome integer not null,
         cpu_seconds double precision not null,
         wall_seconds double precision not null,
         peak_rss_bytes bigint not null,
         error text not null,
         unique(task_id, fence)))",
};
constexpr std::string_view kPostgresEvents[] = {
    R"(create table job_events(
         sequence bigint generated by default as identity primary key,
         job_id text not null,
         at_ms bigint not null,
         kind text not null,
         data text not null))",
    "create index job_events_job on job_events(job_id, sequence)",
};
constexpr SqlMigration kPostgres[] = {kPostgres1, kFleet, kPostgresEvents, kApi,
                                      kUses};

}  // namespace

std::span<const SqlMigration> MigrationsOf(SqlDialect dialect) {
  if (dialect == SqlDialect::kSqlite) return kSqlite;
  return kPostgres;
}

}  // namespace reel::platform

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/json.h"
#include "platform/sql_dialect.h"
#include "platform/sql_job_board.h"
#include "platform/sql_session.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Json;
using base::Result;
using base::Status;
using soci::into;
using soci::session;
using soci::use;
using std::chrono::milliseconds;

// SOCI binds long long, which int64_t is not everywhere.
using Int = long long;  // NOLINT(google-runtime-int)

// Jobs without a deadline are due in the order in which they came.
constexpr Int kNoDeadlineMs = Int{7} * 24 * 3600 * 1000;

constexpr int kQueued = static_cast<int>(TaskState::kQueued);
constexpr int kRunning = static_cast<int>(TaskState::kRunning);
constexpr int kDone = static_cast<int>(TaskState::kDone);
constexpr int kAttemptRunning = static_cast<int>(AttemptOutcome::kRunning);
constexpr char kIsReady[] = "state = 1 and published_ms = 0";

// What deciding about a task takes.
struct TaskRow {
  std::string id, service, kind, spec;
  TaskState state = TaskState::kIdle;
  Int fence = 0;
  int failures = 0;
  int copies = 1;
  double cost_seconds = 0;
  // What becomes of it:
  Int ready_ms = 0;
  std::optional<base::Error> error;
  bool changed = false;
};

// Rows that a statement writes, one JSON array for all of them: a round trip
// for each would take longer than the writing.
class Rows {
 public:
  void Add(Json row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  std::string Text() const { return base::DumpJson(rows_); }

 private:
  Json rows_ = Json::array();
};

void AddArtifacts(const std::string& task_id, const Artifacts& artifacts,
                  Rows& rows) {
  for (const auto& [name, object] : artifacts) {
    rows.Add({{"id", task_id},
              {"name", name},
              {"digest", object.digest},
              {"size", object.size_bytes}});
  }
}

class SqlTaskLedger : public TaskLedger {
 public:
  SqlTaskLedger(std::unique_ptr<SqlSession> session, ClockMs clock)
      : session_(std::move(session)), clock_(std::move(clock)) {}

  Result<std::vector<TaskRecord>> Want(
      const LedJob& job, std::span<const LedgerTask> tasks) override {
    Rows rows;
    for (const LedgerTask& task : tasks) {
      rows.Add({{"id", task.id},
                {"service", task.service},
                {"kind", task.kind},
                {"label", task.label},
                {"spec", task.spec},
                {"payload", task.payload},
                {"cost", task.cost_seconds}});
    }
    const std::string json = rows.Text();
    return session_->Write([&](session& sql) {
      CheckLead(sql, job);
      const std::string from = JsonRowsSql(dialect(), "rows");
      sql << "insert into job_tasks(job_id, task_id) select :job,"
             " r.value->>'id' from "
          << from << " where true on conflict do nothing",
          use(job.job.id), use(json);
      InsertWanted(sql, job.job, json);
      Hasten(sql, job.job, json);
      const std::string which = fmt::format(
          "tasks.state = {} and tasks.id in (select r.value->>'id' from {})",
          kDone, from);
      return SelectEnded(sql, which, json);
    });
  }

  Result<std::vector<std::string>> Use(
      const LedJob& job, std::span<const std::string> task_ids) override {
    const std::string json = base::DumpJson(task_ids);
    return session_->Write([&](session& sql) {
      CheckLead(sql, job);
      const std::string from = JsonTextsSql(dialect(), "ids");
      sql << "insert into job_uses(job_id, task_id) select :job, r.value from "
          << from << " where true on conflict do nothing",
          use(job.job.id), use(json);
      // Whoever forgets one of them at the same time writes its row as well: so
      // one of the two transactions is run again, and sees the other.
      sql << fmt::format(
          "update tasks set state = state where state = {} and id in (select"
          " r.value from {})",
          kDone, from),
          use(json);
      std::vector<std::string> lost;
      std::string id;
      soci::statement statement =
          (sql.prepare << fmt::format(
               "select r.value from {} where not exists (select 1 from tasks"
               " where id = r.value and state = {})",
               from, kDone),
           use(json), into(id));
      statement.execute();
      while (statement.fetch()) lost.push_back(id);
      return lost;
    });
  }

  Result<std::vector<TaskGroup>> ReadyGroups() override {
    return session_->Read([&](session& sql) {
      std::vector<TaskGroup> groups;
      TaskGroup row;
      // One look into the index for each service, however many rows it has.
      const std::string next =
          fmt::format("select min(service) from tasks where {}", kIsReady);
      soci::statement statement =
          (sql.prepare << fmt::format(
               "with recursive services(service) as ({0} union all select"
               " ({0} and tasks.service > services.service) from services"
               " where services.service is not null) select services.service,"
               " priorities.priority from services cross join (select 9 as"
               " priority union all select 5 union all select 1) as priorities"
               " where services.service is not null and exists (select 1 from"
               " tasks where {1} and tasks.service = services.service and"
               " tasks.priority = priorities.priority)",
               next, kIsReady),
           into(row.service), into(row.priority));
      statement.execute();
      while (statement.fetch()) groups.push_back(row);
      return groups;
    });
  }

  Result<std::vector<ReadyTask>> Ready(const TaskGroup& group,
                                       int limit) override {
    const Int now = clock_();
    return session_->Read([&](session& sql) {
      std::vector<ReadyTask> tasks;
      ReadyTask row;
      Int ready_ms = 0;
      soci::statement statement =
          (sql.prepare << "select id, payload, cost, ready_ms from tasks where "
                       << kIsReady
                       << " and service = :service and priority = :priority"
                          " and ready_ms <= :now order by due_ms, cost desc"
                          " limit "
                       << std::max(limit, 0),
           use(group.service), use(group.priority), use(now), into(row.id),
           into(row.payload), into(row.cost_seconds), into(ready_ms));
      statement.execute();
      while (statement.fetch()) {
        row.ready_ms = ready_ms;
        tasks.push_back(row);
      }
      return tasks;
    });
  }

  Status MarkPublished(std::span<const std::string> task_ids) override {
    const std::string json = base::DumpJson(task_ids);
    const Int now = clock_();
    return session_->Write([&](session& sql) {
      sql << fmt::format(
          "update tasks set published_ms = :now where state = {} and id in"
          " (select r.value from {})",
          kQueued, JsonTextsSql(dialect(), "ids")),
          use(now), use(json);
    });
  }

  Result<std::map<TaskGroup, int64_t>> Published() override {
    return session_->Read([&](session& sql) {
      std::map<TaskGroup, int64_t> published;
      TaskGroup row;
      Int number = 0;
      soci::statement statement =
          (sql.prepare << "select service, priority, count(*) from tasks where"
                          " state = 1 and published_ms > 0"
                          " group by service, priority",
           into(row.service), into(row.priority), into(number));
      statement.execute();
      while (statement.fetch()) published[row] = number;
      return published;
    });
  }

  Result<int> Republish(const TaskGroup& group,
                        int64_t published_before_ms) override {
    const Int before = published_before_ms;
    return session_->Write([&](session& sql) {
      soci::statement statement =
          (sql.prepare << "update tasks set published_ms = 0 where state = 1"
                          " and published_ms > 0 and published_ms < :before"
                          " and service = :service and priority = :priority",
           use(before), use(group.service), use(group.priority));
      statement.execute(true);
      return static_cast<int>(statement.get_affected_rows());
    });
  }

  Result<std::vector<std::optional<TaskRecord>>> Start(
      std::span<const StartCall> calls) override {
    std::vector<std::string> ids;
    for (const StartCall& call : calls) ids.push_back(call.task_id);
    const Int now = clock_();
    return session_->Write([&](session& sql) {
      auto tasks = SelectTasks(sql, ids);
      ReadSpecs(sql, ids, tasks);
      auto running = SelectRunning(sql, ids);
      std::vector<std::optional<TaskRecord>> started;
      Rows begun;
      for (const StartCall& call : calls) {
        const auto found = tasks.find(call.task_id);
        started.push_back(std::nullopt);
        if (found == tasks.end()) continue;
        TaskRow& task = found->second;
        auto& fences = running[task.id];
        const auto next = Next(task.state, TaskEvent::kStart);
        const bool is_copy = task.state == TaskState::kRunning;
        if (!next ||
            (is_copy && task.copies <= static_cast<int>(fences.size())))
          continue;
        task.state = *next;
        fences.insert(++task.fence);
        begun.Add({{"id", task.id},
                   {"service", task.service},
                   {"fence", task.fence},
                   {"worker", call.worker},
                   {"host", call.host}});
        started.back() = RecordOf(task, call.worker);
      }
      if (!begun.empty()) WriteStarts(sql, begun.Text(), now);
      return started;
    });
  }

  Result<std::vector<RunningAttempt>> Running() override {
    return session_->Read([&](session& sql) {
      std::vector<RunningAttempt> attempts;
      RunningAttempt row;
      Int fence = 0, started_ms = 0;
      soci::statement statement =
          (sql.prepare << "select tasks.id, tasks.service, kind, payload,"
                          " attempts.worker, attempts.fence,"
                          " attempts.started_ms, cost, copies, priority"
                          " from attempts join tasks on tasks.id = task_id"
                          " where outcome = 0",
           into(row.task_id), into(row.service), into(row.kind),
           into(row.payload), into(row.worker), into(fence), into(started_ms),
           into(row.cost_seconds), into(row.copies), into(row.priority));
      statement.execute();
      while (statement.fetch()) {
        row.fence = fence;
        row.started_ms = started_ms;
        attempts.push_back(row);
      }
      return attempts;
    });
  }

  Status AllowCopy(std::span<const std::string> task_ids) override {
    const std::string json = base::DumpJson(task_ids);
    return session_->Write([&](session& sql) {
      sql << fmt::format(
          "update tasks set copies = 2 where state = {} and id in"
          " (select r.value from {})",
          kRunning, JsonTextsSql(dialect(), "ids")),
          use(json);
    });
  }

  Result<Recorded> Record(std::span<const EndedAttempt> ended,
                          const Judge& judge) override {
    std::vector<std::string> ids, failed;
    for (const EndedAttempt& attempt : ended) {
      ids.push_back(attempt.task_id);
      if (attempt.end == EndedAttempt::End::kFailed)
        failed.push_back(attempt.task_id);
    }
    const Int now = clock_();
    return session_->Write([&](session& sql) {
      Recording recording{.tasks = SelectTasks(sql, ids),
                          .running = SelectRunning(sql, ids),
                          .now_ms = now};
      ReadSpecs(sql, failed, recording.tasks);
      for (const EndedAttempt& attempt : ended)
        Apply(attempt, judge, recording);
      WriteTasks(sql, recording);
      WriteAttempts(sql, recording);
      WriteResults(sql, recording);
      return recording.outcome;
    });
  }

  Result<int64_t> LastChange() override {
    return session_->Read([&](session& sql) {
      Int last = 0;
      sql << "select " << LastChangeSql(dialect()), into(last);
      return static_cast<int64_t>(last);
    });
  }

  Result<JobStore::Changes> EndedSince(int64_t change) override {
    return session_->Read([&](session& sql) {
      Int last = 0;
      sql << "select " << LastChangeSql(dialect()), into(last);
      const std::string which =
          fmt::format("change > {} and change <= {} and state not in ({}, {})",
                      change, last, kQueued, kRunning);
      return JobStore::Changes{SelectEnded(sql, which), last};
    });
  }

  Result<bool> TakeRole(const std::string& role, const std::string& leader,
                        milliseconds lease) override {
    const Int now = clock_(), until = now + lease.count();
    return session_->Write([&](session& sql) {
      sql << "insert into roles(name, leader, until_ms, fence)"
             " values(:role, :leader, :until, 1) on conflict(name) do update"
             " set leader = excluded.leader, until_ms = excluded.until_ms,"
             " fence = roles.fence + 1 where roles.leader = excluded.leader or"
             " roles.until_ms <= :now",
          use(role), use(leader), use(until), use(now);
      std::string has;
      sql << "select leader from roles where name = :role", use(role),
          into(has);
      return has == leader;
    });
  }

 private:
  using Fences = std::set<Int>;
  // What one call of Record finds, and what it will write.
  struct Recording {
    std::unordered_map<std::string, TaskRow> tasks;
    std::unordered_map<std::string, Fences> running;
    Int now_ms = 0;
    Rows attempts = {}, artifacts = {}, parts = {};
    Recorded outcome = {};
  };

  SqlDialect dialect() const { return session_->dialect(); }

  static void CheckLead(session& sql, const LedJob& job) {
    const Int fence = job.fence;
    int leads = 0;
    sql << "select count(*) from jobs where id = :id and leader_fence = :fence"
           " and state in (0, 4)",
        use(job.job.id), use(fence), into(leads);
    if (leads == 1) return;
    throw SqlAbort{{Code::kConflict,
                    fmt::format("job {} has ended, or is led by somebody else",
                                job.job.id)}};
  }

  static Int DueOf(const FleetJob& job) {
    return job.spec.deadline_ms ? job.spec.deadline_ms
                                : job.created_ms + kNoDeadlineMs;
  }

  void InsertWanted(session& sql, const FleetJob& job,
                    const std::string& json) {
    const int priority = static_cast<int>(job.spec.priority);
    const Int due = DueOf(job), now = clock_();
    sql << fmt::format(
        "insert into tasks(id, service, kind, spec, worker, state, fence,"
        " failures, fraction, error_code, error, change, label, payload, cost,"
        " priority, due_ms, ready_ms) select r.value->>'id',"
        " r.value->>'service', r.value->>'kind', r.value->>'spec', '', {}, 0,"
        " 0, 0, '', '', {}, r.value->>'label', r.value->>'payload',"
        " cast(r.value->>'cost' as double precision),"
        " cast(:priority as integer), cast(:due as bigint),"
        " cast(:now as bigint)"
        " from {} where true on conflict(id) do update set"
        " state = excluded.state, spec = excluded.spec, failures = 0,"
        " fraction = 0, error_code = '', error = '', change = excluded.change,"
        " label = excluded.label, payload = excluded.payload,"
        " cost = excluded.cost, priority = excluded.priority,"
        " due_ms = excluded.due_ms, ready_ms = excluded.ready_ms,"
        " published_ms = 0, copies = 1 where tasks.state in ({})",
        kQueued, NextChangeSql(dialect()), JsonRowsSql(dialect(), "rows"),
        StatesChangedBySql(TaskEvent::kWant, TaskState::kQueued)),
        use(priority), use(due), use(now), use(json);
  }

  // Of tasks that another, less urgent job has made ready before.
  void Hasten(session& sql, const FleetJob& job, const std::string& json) {
    const int priority = static_cast<int>(job.spec.priority);
    const Int due = DueOf(job);
    const std::string these =
        fmt::format("state = {} and id in (select r.value->>'id' from {})",
                    kQueued, JsonRowsSql(dialect(), "rows"));
    sql << "update tasks set priority = :priority, due_ms = :due,"
           " published_ms = 0 where "
        << these << " and priority < :priority2",
        use(priority), use(due), use(json), use(priority);
    sql << "update tasks set due_ms = :due where " << these
        << " and priority = :priority and due_ms > :due2",
        use(due), use(json), use(priority), use(due);
  }

  template <typename... Uses>
  static std::vector<TaskRecord> SelectEnded(session& sql,
                                             const std::string& which,
                                             const Uses&... uses) {
    std::vector<TaskRecord> tasks;
    std::unordered_map<std::string, size_t> place;
    TaskRecord row;
    int state = 0;
    std::string code, error;
    {
      soci::statement statement(sql);
      (statement.exchange(use(uses)), ...);
      for (std::string* text : {&row.id, &row.worker, &code, &error})
        statement.exchange(into(*text));
      statement.exchange(into(state));
      statement.exchange(into(row.failures));
      statement.alloc();
      statement.prepare(
          "select id, worker, error_code, error, state, failures from tasks"
          " where " +
          which + " order by change");
      statement.define_and_bind();
      statement.execute();
      while (statement.fetch()) {
        row.state = static_cast<TaskState>(state);
        row.error.reset();
        if (!code.empty())
          row.error = base::Error{base::CodeFromName(code), error};
        place[row.id] = tasks.size();
        tasks.push_back(row);
      }
    }
    std::string task_id, name;
    Object object;
    Int size_bytes = 0;
    soci::statement statement(sql);
    (statement.exchange(use(uses)), ...);
    for (std::string* text : {&task_id, &name, &object.digest})
      statement.exchange(into(*text));
    statement.exchange(into(size_bytes));
    statement.alloc();
    statement.prepare(fmt::format(
        "select task_id, name, digest, size_bytes from artifacts join tasks on"
        " tasks.id = task_id where tasks.state = {} and {}",
        kDone, which));
    statement.define_and_bind();
    statement.execute();
    while (statement.fetch()) {
      const auto found = place.find(task_id);
      if (found == place.end()) continue;
      object.size_bytes = size_bytes;
      tasks[found->second].artifacts[name] = object;
    }
    return tasks;
  }

  // Kept from others until the transaction ends. Without specs: those are most
  // of a row.
  std::unordered_map<std::string, TaskRow> SelectTasks(
      session& sql, const std::vector<std::string>& ids) {
    std::unordered_map<std::string, TaskRow> tasks;
    TaskRow row;
    int state = 0;
    const std::string json = base::DumpJson(ids);
    // In one order, so that two who want the same rows do not wait in a ring.
    const char* lock =
        dialect() == SqlDialect::kPostgres ? " order by id for update" : "";
    soci::statement statement =
        (sql.prepare << "select id, service, kind, state, fence, failures,"
                        " copies, cost from tasks where id in (select r.value"
                        " from "
                     << JsonTextsSql(dialect(), "ids") << ")" << lock,
         use(json), into(row.id), into(row.service), into(row.kind),
         into(state), into(row.fence), into(row.failures), into(row.copies),
         into(row.cost_seconds));
    statement.execute();
    while (statement.fetch()) {
      row.state = static_cast<TaskState>(state);
      tasks[row.id] = row;
    }
    return tasks;
  }

  void ReadSpecs(session& sql, const std::vector<std::string>& ids,
                 std::unordered_map<std::string, TaskRow>& tasks) {
    if (ids.empty()) return;
    std::string id, spec;
    const std::string json = base::DumpJson(ids);
    soci::statement statement =
        (sql.prepare << "select id, spec from tasks where id in (select r.value"
                        " from "
                     << JsonTextsSql(dialect(), "ids") << ")",
         use(json), into(id), into(spec));
    statement.execute();
    while (statement.fetch()) {
      const auto found = tasks.find(id);
      if (found != tasks.end()) found->second.spec = spec;
    }
  }

  std::unordered_map<std::string, Fences> SelectRunning(
      session& sql, const std::vector<std::string>& ids) {
    std::unordered_map<std::string, Fences> running;
    std::string id;
    Int fence = 0;
    const std::string json = base::DumpJson(ids);
    soci::statement statement =
        (sql.prepare << fmt::format(
             "select task_id, fence from attempts where outcome = {} and"
             " task_id in (select r.value from {})",
             kAttemptRunning, JsonTextsSql(dialect(), "ids")),
         use(json), into(id), into(fence));
    statement.execute();
    while (statement.fetch()) running[id].insert(fence);
    return running;
  }

  static TaskRecord RecordOf(const TaskRow& task, const std::string& worker) {
    TaskRecord record;
    record.id = task.id;
    record.service = task.service;
    record.kind = task.kind;
    record.spec = task.spec;
    record.worker = worker;
    record.state = task.state;
    record.fence = task.fence;
    record.failures = task.failures;
    return record;
  }

  void WriteStarts(session& sql, const std::string& json, Int now) {
    const std::string from = JsonRowsSql(dialect(), "rows");
    sql << fmt::format(
        "update tasks set state = {}, fence = cast(r.value->>'fence' as"
        " bigint), worker = r.value->>'worker', fraction = 0,"
        " started_ms = :now, change = {} from {} where tasks.id ="
        " r.value->>'id'",
        kRunning, NextChangeSql(dialect()), from),
        use(now), use(json);
    sql << fmt::format(
        "insert into attempts(task_id, service, fence, worker, outcome,"
        " cpu_seconds, wall_seconds, peak_rss_bytes, error, host, started_ms)"
        " select r.value->>'id', r.value->>'service',"
        " cast(r.value->>'fence' as bigint), r.value->>'worker', {}, 0, 0, 0,"
        " '', r.value->>'host', cast(:now as bigint) from {}",
        kAttemptRunning, from),
        use(now), use(json);
  }

  // PostgreSQL's text has no character 0, and its JSON neither.
  static std::string AsText(std::string text) {
    std::erase(text, '\0');
    return text;
  }

  static void EndAttempt(const EndedAttempt& ended, AttemptOutcome outcome,
                         Recording& recording) {
    recording.attempts.Add({{"id", ended.task_id},
                            {"fence", ended.fence},
                            {"outcome", static_cast<int>(outcome)},
                            {"error", AsText(ended.error.message)},
                            {"cpu", ended.usage.cpu_seconds},
                            {"wall", ended.usage.wall_seconds},
                            {"rss", ended.usage.peak_rss_bytes},
                            {"signal", ended.signal},
                            {"exit", ended.exit_code},
                            {"words", AsText(ended.last_words)}});
  }

  static void Apply(const EndedAttempt& ended, const Judge& judge,
                    Recording& recording) {
    const auto found = recording.tasks.find(ended.task_id);
    if (found == recording.tasks.end()) return;
    TaskRow& task = found->second;
    Fences& running = recording.running[task.id];
    const bool was_running = running.erase(ended.fence) > 0;
    if (ended.end == EndedAttempt::End::kDone) {
      if (was_running || task.state != TaskState::kDone)
        EndAttempt(ended, AttemptOutcome::kDone, recording);
      if (task.state != TaskState::kDone) Finish(ended, task, recording);
    } else if (was_running) {
      Undo(ended, judge, running.empty(), task, recording);
    }
    if (!was_running) return;
    recording.outcome.attempts.push_back(
        {task.id, task.service, task.kind, ended.end, task.state,
         task.cost_seconds, ended.usage, ended.error.code == Code::kTimeout});
  }

  // An attempt that did not make it, maybe the last of those that run.
  static void Undo(const EndedAttempt& ended, const Judge& judge, bool is_last,
                   TaskRow& task, Recording& recording) {
    const bool is_released = ended.end == EndedAttempt::End::kReleased;
    EndAttempt(
        ended,
        is_released ? AttemptOutcome::kReleased : AttemptOutcome::kFailed,
        recording);
    if (task.state != TaskState::kRunning) return;
    task.changed = true;
    if (!is_released) {
      ++task.failures;
      task.error = ended.error;
    }
    if (!is_last) return;
    Judgement judgement{AfterFailure::kRetry};
    if (!is_released) judgement = judge(ended, task.spec, task.failures);
    task.state = OrAbort(Next(task.state, EventOf(judgement.after)));
    task.ready_ms = recording.now_ms + judgement.delay.count();
  }

  static void Finish(const EndedAttempt& ended, TaskRow& task,
                     Recording& recording) {
    task.changed = true;
    task.state = TaskState::kDone;
    task.error.reset();
    Fences& others = recording.running[task.id];
    for (const Int fence : others) {
      EndedAttempt other{.task_id = task.id, .fence = fence};
      other.error.message = "another attempt was done first";
      EndAttempt(other, AttemptOutcome::kReleased, recording);
    }
    if (!others.empty()) recording.outcome.stop.push_back(task.id);
    others.clear();
    AddArtifacts(task.id, ended.artifacts, recording.artifacts);
    for (const PartRecord& part : ended.parts)
      FinishPart(ended, part, task, recording);
  }

  static void FinishPart(const EndedAttempt& ended, const PartRecord& part,
                         const TaskRow& whole, Recording& recording) {
    Artifacts own;
    for (const std::string& name : part.outputs) {
      const auto found = ended.artifacts.find(name);
      if (found == ended.artifacts.end()) {
        throw SqlAbort{
            {Code::kInternal, fmt::format("task {} did not write {} of part {}",
                                          whole.id, name, part.task_id)}};
      }
      own.insert(*found);
    }
    recording.parts.Add({{"id", part.task_id},
                         {"service", whole.service},
                         {"kind", whole.kind}});
    AddArtifacts(part.task_id, own, recording.artifacts);
  }

  void WriteTasks(session& sql, const Recording& recording) {
    Rows rows;
    for (const auto& [id, task] : recording.tasks) {
      if (!task.changed) continue;
      rows.Add({{"id", id},
                {"state", static_cast<int>(task.state)},
                {"failures", task.failures},
                {"fraction", task.state == TaskState::kDone ? 1 : 0},
                {"code", task.error ? base::CodeName(task.error->code) : ""},
                {"error", task.error ? AsText(task.error->message) : ""},
                {"ready", task.ready_ms}});
    }
    if (rows.empty()) return;
    const std::string json = rows.Text();
    sql << fmt::format(
        "update tasks set state = cast(r.value->>'state' as integer),"
        " failures = cast(r.value->>'failures' as integer),"
        " fraction = cast(r.value->>'fraction' as double precision),"
        " error_code = r.value->>'code', error = r.value->>'error',"
        " ready_ms = cast(r.value->>'ready' as bigint), published_ms = 0,"
        " copies = 1, change = {} from {} where tasks.id = r.value->>'id'",
        NextChangeSql(dialect()), JsonRowsSql(dialect(), "rows")),
        use(json);
  }

  void WriteAttempts(session& sql, const Recording& recording) {
    if (recording.attempts.empty()) return;
    const std::string json = recording.attempts.Text();
    const Int now = recording.now_ms;
    sql << fmt::format(
        "update attempts set outcome = cast(r.value->>'outcome' as integer),"
        " error = r.value->>'error',"
        " cpu_seconds = cast(r.value->>'cpu' as double precision),"
        " wall_seconds = cast(r.value->>'wall' as double precision),"
        " peak_rss_bytes = cast(r.value->>'rss' as bigint),"
        " signal = cast(r.value->>'signal' as integer),"
        " exit_code = cast(r.value->>'exit' as integer),"
        " last_words = r.value->>'words', ended_ms = :now from {} where"
        " attempts.task_id = r.value->>'id' and"
        " attempts.fence = cast(r.value->>'fence' as bigint)",
        JsonRowsSql(dialect(), "rows")),
        use(now), use(json);
  }

  void WriteResults(session& sql, const Recording& recording) {
    if (!recording.parts.empty())
      WriteParts(sql, recording.parts.Text(), recording.now_ms);
    if (recording.artifacts.empty()) return;
    const std::string json = recording.artifacts.Text();
    sql << fmt::format(
        "insert into artifacts(task_id, name, digest, size_bytes) select"
        " r.value->>'id', r.value->>'name', r.value->>'digest',"
        " cast(r.value->>'size' as bigint) from {} where true"
        " on conflict(task_id, name) do update set digest = excluded.digest,"
        " size_bytes = excluded.size_bytes",
        JsonRowsSql(dialect(), "rows")),
        use(json);
  }

  // Parts that were never wanted by themselves have no row yet, and no attempt
  // of their own that would tell their age.
  void WriteParts(session& sql, const std::string& json, Int now) {
    sql << fmt::format(
        "insert into tasks(id, service, kind, spec, worker, state, fence,"
        " failures, fraction, error_code, error, change, started_ms)"
        " select distinct r.value->>'id', r.value->>'service',"
        " r.value->>'kind', '', '', {}, 0, 0, 1, '', '', {},"
        " cast(:now as bigint) from {} where true on conflict(id) do update set"
        " state = excluded.state, fraction = 1, change = excluded.change,"
        " started_ms = excluded.started_ms where tasks.state <> excluded.state",
        kDone, NextChangeSql(dialect()), JsonRowsSql(dialect(), "rows")),
        use(now), use(json);
  }

  std::unique_ptr<SqlSession> session_;
  ClockMs clock_;
};

}  // namespace

Result<std::unique_ptr<TaskLedger>> OpenTaskLedger(const std::string& url,
                                                   ClockMs clock) {
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(url));
  return std::make_unique<SqlTaskLedger>(std::move(session), std::move(clock));
}

}  // namespace reel::platform

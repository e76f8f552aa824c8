#include "platform/sql_job_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/sql_dialect.h"
#include "platform/sql_session.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using soci::into;
using soci::session;
using soci::use;

// SOCI binds long long, which int64_t is not everywhere.
using Int = long long;  // NOLINT(google-runtime-int)

constexpr char kTaskColumns[] =
    "id, service, kind, spec, worker, state, fence, failures, fraction,"
    " error_code, error, change";

// Where SOCI puts a row of `tasks`.
struct TaskRow {
  TaskRecord record;
  int state = 0;
  Int fence = 0, change = 0;
  std::string error_code, error;

  // A statement that fills this row at every fetch.
  template <typename... Uses>
  soci::statement Select(session& sql, const std::string& rest,
                         const Uses&... uses) {
    soci::statement statement(sql);
    (statement.exchange(use(uses)), ...);
    statement.exchange(into(record.id));
    statement.exchange(into(record.service));
    statement.exchange(into(record.kind));
    statement.exchange(into(record.spec));
    statement.exchange(into(record.worker));
    statement.exchange(into(state));
    statement.exchange(into(fence));
    statement.exchange(into(record.failures));
    statement.exchange(into(record.fraction));
    statement.exchange(into(error_code));
    statement.exchange(into(error));
    statement.exchange(into(change));
    statement.alloc();
    statement.prepare(
        fmt::format("select {} from tasks {}", kTaskColumns, rest));
    statement.define_and_bind();
    statement.execute();
    return statement;
  }
  TaskRecord Take() const {
    TaskRecord task = record;
    task.state = static_cast<TaskState>(state);
    task.fence = fence;
    if (!error_code.empty()) {
      task.error = Error{base::CodeFromName(error_code), error};
    }
    return task;
  }
};

std::optional<TaskRecord> SelectTask(session& sql, const std::string& id) {
  TaskRow row;
  soci::statement statement = row.Select(sql, "where id = :id", id);
  if (!statement.fetch()) return std::nullopt;
  return row.Take();
}

Artifacts SelectArtifacts(session& sql, const std::string& task_id) {
  Artifacts artifacts;
  std::string name, digest;
  Int size_bytes = 0;
  soci::statement statement =
      (sql.prepare << "select name, digest, size_bytes from artifacts where "
                      "task_id = :id",
       use(task_id), into(name), into(digest), into(size_bytes));
  statement.execute();
  while (statement.fetch()) artifacts[name] = {digest, size_bytes};
  return artifacts;
}

void InsertArtifacts(session& sql, const std::string& task_id,
                     const Artifacts& artifacts) {
  for (const auto& [name, object] : artifacts) {
    const Int size_bytes = object.size_bytes;
    sql << "insert into artifacts(task_id, name, digest, size_bytes)"
           " values(:task, :name, :digest, :size)",
        use(task_id), use(name), use(object.digest), use(size_bytes);
  }
}

void EndAttempt(session& sql, const std::string& task_id, Int fence,
                AttemptOutcome outcome, const std::string& error,
                const Usage& usage) {
  const int code = static_cast<int>(outcome);
  const Int peak_rss_bytes = usage.peak_rss_bytes;
  sql << "update attempts set outcome = :outcome, error = :error,"
         " cpu_seconds = :cpu, wall_seconds = :wall, peak_rss_bytes = :rss"
         " where task_id = :task and fence = :fence",
      use(code), use(error), use(usage.cpu_seconds), use(usage.wall_seconds),
      use(peak_rss_bytes), use(task_id), use(fence);
}

// The task, if `fence` is its running attempt.
TaskRecord RunningAttempt(session& sql, const std::string& task_id,
                          int64_t fence) {
  auto task = SelectTask(sql, task_id);
  if (task && task->state == TaskState::kRunning && task->fence == fence) {
    return *std::move(task);
  }
  throw SqlAbort{{Code::kConflict, fmt::format("attempt {} of task {} is void",
                                               fence, task_id)}};
}

class SqlJobStore : public JobStore {
 public:
  explicit SqlJobStore(std::unique_ptr<SqlSession> session)
      : session_(std::move(session)) {}

  Status OpenJob(const std::string& id, const std::string& title) override {
    return session_->Write([&](session& sql) {
      const int state = static_cast<int>(JobState::kRunning);
      sql << "insert into jobs(id, title, state, error_code, error)"
             " values(:id, :title, :state, '', '')"
             " on conflict(id) do update set title = excluded.title,"
             " state = excluded.state, error_code = '', error = ''",
          use(id), use(title), use(state);
    });
  }

  Status CloseJob(const std::string& id, JobEvent how,
                  const std::optional<Error>& error) override {
    return session_->Write([&](session& sql) {
      const auto job = SelectJob(sql, id);
      if (!job) throw SqlAbort{{Code::kNotFound, "no job " + id}};
      const int state = static_cast<int>(OrAbort(Next(job->state, how)));
      const std::string code = error ? base::CodeName(error->code) : "";
      const std::string message = error ? error->message : "";
      sql << "update jobs set state = :state, error_code = :code,"
             " error = :error where id = :id",
          use(state), use(code), use(message), use(id);
    });
  }

  Result<std::optional<JobRecord>> FindJob(const std::string& id) override {
    return session_->Read([&](session& sql) { return SelectJob(sql, id); });
  }

  Result<std::optional<TaskRecord>> FindTask(const std::string& id) override {
    return session_->Read([&](session& sql) {
      auto task = SelectTask(sql, id);
      if (task) task->artifacts = SelectArtifacts(sql, id);
      return task;
    });
  }

  Status Want(std::span<const TaskRecord> tasks) override {
    return session_->Write([&](session& sql) {
      for (const TaskRecord& task : tasks) WantOne(sql, task);
    });
  }

  Result<TaskRecord> Start(const std::string& task_id,
                           const std::string& worker) override {
    return session_->Write([&](session& sql) {
      auto task = SelectTask(sql, task_id);
      if (!task) throw SqlAbort{{Code::kConflict, "no task " + task_id}};
      if (task->state == TaskState::kRunning) {
        EndAttempt(sql, task_id, task->fence, AttemptOutcome::kFailed,
                   "its lease ran out", {});
        ++task->failures;
      }
      task->state = OrAbort(Next(task->state, TaskEvent::kStart));
      ++task->fence;
      task->worker = worker;
      task->fraction = 0;
      UpdateTask(sql, *task);
      const Int fence = task->fence;
      sql << "insert into attempts(task_id, service, fence, worker, outcome,"
             " cpu_seconds, wall_seconds, peak_rss_bytes, error)"
             " values(:task, :service, :fence, :worker, 0, 0, 0, 0, '')",
          use(task_id), use(task->service), use(fence), use(worker);
      return *task;
    });
  }

  Status Progress(const std::string& task_id, int64_t fence,
                  double fraction) override {
    return session_->Write([&](session& sql) {
      TaskRecord task = RunningAttempt(sql, task_id, fence);
      task.fraction = fraction;
      UpdateTask(sql, task);
    });
  }

  Status Complete(const std::string& task_id, int64_t fence,
                  const Artifacts& artifacts, std::span<const PartRecord> parts,
                  const Usage& usage) override {
    return session_->Write([&](session& sql) {
      const TaskRecord task = RunningAttempt(sql, task_id, fence);
      EndAttempt(sql, task_id, fence, AttemptOutcome::kDone, "", usage);
      Finish(sql, task, artifacts);
      for (const PartRecord& part : parts) {
        FinishPart(sql, task, part, artifacts);
      }
    });
  }

  Status Fail(const std::string& task_id, int64_t fence, AfterFailure after,
              const Error& error, const Usage& usage) override {
    return session_->Write([&](session& sql) {
      TaskRecord task = RunningAttempt(sql, task_id, fence);
      task.state = OrAbort(Next(task.state, EventOf(after)));
      task.error = error;
      ++task.failures;
      EndAttempt(sql, task_id, fence, AttemptOutcome::kFailed, error.message,
                 usage);
      UpdateTask(sql, task);
    });
  }

  Result<int> Forget(const std::string& digest) override {
    return session_->Write([&](session& sql) {
      const std::vector<std::string> owners = OwnersOf(sql, digest);
      for (const std::string& id : owners) {
        TaskRecord task = *SelectTask(sql, id);
        task.state = OrAbort(Next(task.state, TaskEvent::kForget));
        sql << "delete from artifacts where task_id = :id", use(id);
        UpdateTask(sql, task);
      }
      return static_cast<int>(owners.size());
    });
  }

  Status ReleaseAll() override {
    return session_->Write([&](session& sql) {
      const int queued = static_cast<int>(TaskState::kQueued);
      const int running = static_cast<int>(TaskState::kRunning);
      const int released = static_cast<int>(AttemptOutcome::kReleased);
      sql << "update attempts set outcome = :released where outcome = 0",
          use(released);
      sql << "update tasks set failures = 0 where failures > 0";
      for (TaskRecord& task : SelectTasks(
               sql, "where state in (:queued, :running)", queued, running)) {
        task.state = OrAbort(Next(task.state, TaskEvent::kRelease));
        UpdateTask(sql, task);
      }
    });
  }

  Result<std::optional<TaskRecord>> RunningOn(
      const std::string& worker) override {
    return session_->Read([&](session& sql) -> std::optional<TaskRecord> {
      const int running = static_cast<int>(TaskState::kRunning);
      auto tasks = SelectTasks(
          sql, "where state = :running and worker = :worker", running, worker);
      if (tasks.empty()) return std::nullopt;
      return std::move(tasks.front());
    });
  }

  Result<Mark> Now() override {
    return session_->Read([&](session& sql) {
      Int change = 0, attempt = 0;
      sql << "select " << LastChange(), into(change);
      sql << "select coalesce(max(sequence), 0) from attempts", into(attempt);
      return Mark{change, attempt};
    });
  }

  Result<Changes> ChangedSince(int64_t change) override {
    return session_->Read([&](session& sql) {
      const Int after = change;
      Int last = 0;
      sql << "select " << LastChange(), into(last);
      Changes changes{.tasks = {}, .last = last};
      TaskRow row;
      soci::statement statement = row.Select(
          sql, "where change > :after and change <= :last order by change",
          after, last);
      while (statement.fetch()) changes.tasks.push_back(row.Take());
      for (TaskRecord& task : changes.tasks) {
        if (task.state == TaskState::kDone) {
          task.artifacts = SelectArtifacts(sql, task.id);
        }
      }
      return changes;
    });
  }

  Result<std::vector<Attempt>> AttemptsSince(int64_t sequence) override {
    return session_->Read([&](session& sql) {
      const Int after = sequence;
      std::vector<Attempt> attempts;
      Attempt row;
      Int number = 0, fence = 0, peak_rss_bytes = 0;
      int outcome = 0;
      soci::statement statement =
          (sql.prepare << "select sequence, task_id, service, fence, worker,"
                          " outcome, cpu_seconds, wall_seconds, peak_rss_bytes,"
                          " error from attempts where sequence > :after"
                          " order by sequence",
           use(after), into(number), into(row.task_id), into(row.service),
           into(fence), into(row.worker), into(outcome),
           into(row.usage.cpu_seconds), into(row.usage.wall_seconds),
           into(peak_rss_bytes), into(row.error));
      statement.execute();
      while (statement.fetch()) {
        row.sequence = number;
        row.fence = fence;
        row.outcome = static_cast<AttemptOutcome>(outcome);
        row.usage.peak_rss_bytes = peak_rss_bytes;
        attempts.push_back(row);
      }
      return attempts;
    });
  }

 private:
  // Writes the state machine's part of a task, as the latest change.
  void UpdateTask(session& sql, const TaskRecord& task) const {
    const int state = static_cast<int>(task.state);
    const Int fence = task.fence;
    const std::string code = task.error ? base::CodeName(task.error->code) : "";
    const std::string error = task.error ? task.error->message : "";
    sql << "update tasks set spec = :spec, worker = :worker, state = :state,"
           " fence = :fence, failures = :failures, fraction = :fraction,"
           " error_code = :code, error = :error, change = "
        << NextChange() << " where id = :id",
        use(task.spec), use(task.worker), use(state), use(fence),
        use(task.failures), use(task.fraction), use(code), use(error),
        use(task.id);
  }

  void InsertTask(session& sql, const TaskRecord& task) const {
    const int state = static_cast<int>(task.state);
    sql << "insert into tasks(id, service, kind, spec, worker, state, fence,"
           " failures, fraction, error_code, error, change)"
           " values(:id, :service, :kind, :spec, '', :state, 0, 0, 0, '', '', "
        << NextChange() << ")",
        use(task.id), use(task.service), use(task.kind), use(task.spec),
        use(state);
  }

  const char* NextChange() const { return NextChangeSql(session_->dialect()); }
  const char* LastChange() const { return LastChangeSql(session_->dialect()); }

  static std::optional<JobRecord> SelectJob(session& sql,
                                            const std::string& id) {
    JobRecord job;
    int state = 0;
    std::string code, message;
    sql << "select id, title, state, error_code, error from jobs"
           " where id = :id",
        use(id), into(job.id), into(job.title), into(state), into(code),
        into(message);
    if (!sql.got_data()) return std::nullopt;
    job.state = static_cast<JobState>(state);
    if (!code.empty()) job.error = Error{base::CodeFromName(code), message};
    return job;
  }

  template <typename... Uses>
  static std::vector<TaskRecord> SelectTasks(session& sql,
                                             const std::string& where,
                                             const Uses&... uses) {
    std::vector<TaskRecord> tasks;
    TaskRow row;
    soci::statement statement = row.Select(sql, where, uses...);
    while (statement.fetch()) tasks.push_back(row.Take());
    return tasks;
  }

  static std::vector<std::string> OwnersOf(session& sql,
                                           const std::string& digest) {
    std::vector<std::string> owners;
    std::string id;
    soci::statement statement =
        (sql.prepare << "select distinct task_id from artifacts"
                        " where digest = :digest order by task_id",
         use(digest), into(id));
    statement.execute();
    while (statement.fetch()) owners.push_back(id);
    return owners;
  }

  void WantOne(session& sql, const TaskRecord& wanted) {
    auto task = SelectTask(sql, wanted.id);
    if (!task) {
      TaskRecord fresh = wanted;
      fresh.state = OrAbort(Next(TaskState::kIdle, TaskEvent::kWant));
      InsertTask(sql, fresh);
      return;
    }
    const TaskState next = OrAbort(Next(task->state, TaskEvent::kWant));
    if (next == task->state) return;
    task->state = next;
    task->spec = wanted.spec;
    UpdateTask(sql, *task);
  }

  void Finish(session& sql, TaskRecord task, const Artifacts& artifacts) {
    task.state = OrAbort(Next(task.state, TaskEvent::kComplete));
    task.fraction = 1;
    task.error.reset();
    InsertArtifacts(sql, task.id, artifacts);
    UpdateTask(sql, task);
  }

  void FinishPart(session& sql, const TaskRecord& whole, const PartRecord& part,
                  const Artifacts& artifacts) {
    Artifacts own;
    for (const std::string& name : part.outputs) {
      const auto found = artifacts.find(name);
      if (found == artifacts.end()) {
        throw SqlAbort{
            {Code::kInternal, fmt::format("task {} did not write {} of part {}",
                                          whole.id, name, part.task_id)}};
      }
      own.insert(*found);
    }
    auto task = SelectTask(sql, part.task_id);
    // Equal tasks make equal bytes: the first to finish stays.
    if (task && task->state == TaskState::kDone) return;
    if (!task) {
      task.emplace();
      task->id = part.task_id;
      task->service = whole.service;
      task->kind = whole.kind;
      InsertTask(sql, *task);
    }
    Finish(sql, *std::move(task), own);
  }

  std::unique_ptr<SqlSession> session_;
};

}  // namespace

Result<std::unique_ptr<JobStore>> OpenPostgresJobStore(const std::string& url) {
  REEL_ASSIGN(auto session, SqlSession::OpenPostgres(url));
  return std::make_unique<SqlJobStore>(std::move(session));
}

Result<std::unique_ptr<JobStore>> OpenJobStore(const std::string& url) {
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(url));
  return std::make_unique<SqlJobStore>(std::move(session));
}

Result<std::unique_ptr<JobStore>> OpenSqliteJobStore(const std::string& path) {
  REEL_ASSIGN(auto session, SqlSession::OpenSqlite(path));
  return std::make_unique<SqlJobStore>(std::move(session));
}

}  // namespace reel::platform

#include "platform/sql_job_board.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "platform/sql_dialect.h"
#include "platform/sql_session.h"
#include "platform/webhook_outbox.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using soci::into;
using soci::session;
using soci::use;
using std::chrono::milliseconds;

// SOCI binds long long, which int64_t is not everywhere.
using Int = long long;  // NOLINT(google-runtime-int)

constexpr size_t kLongestKey = 200;
// Any number that no one else takes: events are numbered in the order in which
// their transactions end.
constexpr int kEventLock = 7'733'171;

constexpr char kJobColumns[] =
    "id, title, state, error_code, error, source, recipe, recipe_name,"
    " priority, deadline_ms, webhook, submitted_by, trace, idempotency_key,"
    " created_ms, started_ms, ended_ms, result, leader_fence";
constexpr char kIsOpen[] = "state in (0, 4)";

// Where SOCI puts a row of `jobs`.
struct JobRow {
  FleetJob job;
  int state = 0, priority = 0;
  Int deadline_ms = 0, created_ms = 0, started_ms = 0, ended_ms = 0, fence = 0;
  std::string error_code, error;

  // A statement that fills this row at every fetch.
  template <typename... Uses>
  soci::statement Select(session& sql, const std::string& rest,
                         const Uses&... uses) {
    soci::statement statement(sql);
    (statement.exchange(use(uses)), ...);
    NewJob& spec = job.spec;
    for (std::string* text : {&job.id, &spec.title})
      statement.exchange(into(*text));
    statement.exchange(into(state));
    for (std::string* text :
         {&error_code, &error, &spec.source, &spec.recipe, &spec.recipe_name})
      statement.exchange(into(*text));
    statement.exchange(into(priority));
    statement.exchange(into(deadline_ms));
    for (std::string* text : {&spec.webhook, &spec.submitted_by, &spec.trace,
                              &spec.idempotency_key})
      statement.exchange(into(*text));
    for (Int* number : {&created_ms, &started_ms, &ended_ms})
      statement.exchange(into(*number));
    statement.exchange(into(job.result));
    statement.exchange(into(fence));
    statement.alloc();
    statement.prepare(fmt::format("select {} from jobs {}", kJobColumns, rest));
    statement.define_and_bind();
    statement.execute();
    return statement;
  }
  LedJob Take() const {
    LedJob taken{job, fence};
    FleetJob& out = taken.job;
    out.state = static_cast<JobState>(state);
    out.spec.priority = static_cast<JobPriority>(priority);
    out.spec.deadline_ms = deadline_ms;
    out.created_ms = created_ms;
    out.started_ms = started_ms;
    out.ended_ms = ended_ms;
    if (!error_code.empty())
      out.error = Error{base::CodeFromName(error_code), error};
    return taken;
  }
};

template <typename... Uses>
std::vector<LedJob> SelectJobs(session& sql, const std::string& rest,
                               const Uses&... uses) {
  std::vector<LedJob> jobs;
  JobRow row;
  soci::statement statement = row.Select(sql, rest, uses...);
  while (statement.fetch()) jobs.push_back(row.Take());
  return jobs;
}

std::optional<FleetJob> SelectJob(session& sql, const std::string& id) {
  auto jobs = SelectJobs(sql, "where id = :id and source <> ''", id);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front().job);
}

bool AsksForTheSame(const NewJob& a, const NewJob& b) {
  return a.source == b.source && a.recipe == b.recipe && a.title == b.title &&
         a.priority == b.priority && a.deadline_ms == b.deadline_ms &&
         a.webhook == b.webhook;
}

// "j" and digits: the time, then what nobody else draws.
std::string NewId(int64_t now_ms) {
  std::random_device random;
  return fmt::format("j{:012x}{:08x}", now_ms, random());
}

// In a pattern of LIKE, with "!" as its escape.
std::string AsPattern(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + "%";
}

tl::unexpected<Error> NoJob(const std::string& id) {
  return base::Fail(Code::kNotFound, "there is no job " + id);
}

class SqlJobBoard : public JobBoard {
 public:
  SqlJobBoard(std::unique_ptr<SqlSession> session, ClockMs clock)
      : session_(std::move(session)), clock_(std::move(clock)) {}

  Result<Submitted> Submit(const NewJob& job) override {
    if (job.source.empty() || job.idempotency_key.size() > kLongestKey) {
      return base::Fail(Code::kInvalidArgument,
                        "a job has a source, and a key of 200 characters at "
                        "most");
    }
    const Int now = clock_();
    return session_->Write([&](session& sql) {
      if (!job.idempotency_key.empty()) {
        auto known = SelectJobs(sql, "where idempotency_key = :key",
                                job.idempotency_key);
        if (!known.empty()) return Known(job, std::move(known.front().job));
      }
      FleetJob made{.id = NewId(now),
                    .spec = job,
                    .state = JobState::kQueued,
                    .error = {},
                    .created_ms = now,
                    .result = {},
                    .tasks = {}};
      Insert(sql, made);
      AddEventTo(sql, made.id, "submitted", "{}");
      return Submitted{std::move(made), true};
    });
  }

  Result<std::optional<FleetJob>> Find(const std::string& id) override {
    return session_->Read([&](session& sql) {
      auto job = SelectJob(sql, id);
      if (job) job->tasks = CountTasks(sql, id);
      return job;
    });
  }

  Result<std::vector<FleetJob>> List(const JobFilter& filter) override {
    std::string where = "where source <> ''";
    if (filter.state)
      where += fmt::format(" and state = {}", static_cast<int>(*filter.state));
    if (filter.priority) {
      where +=
          fmt::format(" and priority = {}", static_cast<int>(*filter.priority));
    }
    where += filter.idempotency_key.empty() ? " and :key = ''"
                                            : " and idempotency_key = :key";
    where +=
        " and (:before = '' or id < :before2)"
        " and lower(title) like lower(:title) escape '!'";
    const std::string pattern = AsPattern(filter.title_contains);
    return session_->Read([&](session& sql) {
      std::vector<FleetJob> jobs;
      for (LedJob& found : SelectJobs(
               sql,
               where + fmt::format(" order by id desc limit {}",
                                   std::clamp(filter.limit, 1, 500)),
               filter.idempotency_key, filter.before, filter.before, pattern))
        jobs.push_back(std::move(found.job));
      return jobs;
    });
  }

  Status Cancel(const std::string& id) override {
    const Error error{Code::kCancelled, "cancelled"};
    return session_->Write([&](session& sql) {
      const auto job = SelectJob(sql, id);
      if (!job) throw SqlAbort{NoJob(id).value()};
      EndJob(sql, *job, JobEvent::kCancel, error, job->result);
    });
  }

  Status Retry(const std::string& id) override {
    return session_->Write([&](session& sql) {
      const auto job = SelectJob(sql, id);
      if (!job) throw SqlAbort{NoJob(id).value()};
      const int state =
          static_cast<int>(OrAbort(Next(job->state, JobEvent::kQueue)));
      sql << "update jobs set state = :state, error_code = '', error = '',"
             " ended_ms = 0, leader = '', leader_until_ms = 0 where id = :id",
          use(state), use(id);
      // The next evaluation of its graph wants them.
      sql << fmt::format(
          "update tasks set state = {}, failures = 0, change = {} where"
          " state = {} and id in (select task_id from job_tasks where"
          " job_id = :id)",
          static_cast<int>(TaskState::kIdle),
          NextChangeSql(session_->dialect()),
          static_cast<int>(TaskState::kFailed)),
          use(id);
      AddEventTo(sql, id, "retried", "{}");
    });
  }

  Result<std::vector<JobTask>> TasksOf(const std::string& job_id,
                                       std::optional<TaskState> state,
                                       const std::string& after,
                                       int limit) override {
    const std::string only =
        state ? fmt::format(" and state = {}", static_cast<int>(*state)) : "";
    return session_->Read([&](session& sql) {
      std::vector<JobTask> tasks;
      JobTask row;
      int number = 0;
      std::string code, error;
      soci::statement statement =
          (sql.prepare << "select id, service, kind, label, state, cost,"
                          " fraction, failures, worker, error_code, error"
                          " from tasks join job_tasks on task_id = id"
                          " where job_id = :job and id > :after"
                       << only << " order by id limit "
                       << std::clamp(limit, 1, 1000),
           use(job_id), use(after), into(row.id), into(row.service),
           into(row.kind), into(row.label), into(number),
           into(row.cost_seconds), into(row.fraction), into(row.failures),
           into(row.worker), into(code), into(error));
      statement.execute();
      while (statement.fetch()) {
        row.state = static_cast<TaskState>(number);
        row.error.reset();
        if (!code.empty()) row.error = Error{base::CodeFromName(code), error};
        tasks.push_back(row);
      }
      return tasks;
    });
  }

  Result<std::vector<JobAttempt>> AttemptsOf(
      const std::string& task_id) override {
    return session_->Read([&](session& sql) {
      std::vector<JobAttempt> attempts;
      JobAttempt row;
      Attempt& attempt = row.attempt;
      Int sequence = 0, fence = 0, rss = 0, started = 0, ended = 0;
      int outcome = 0;
      soci::statement statement =
          (sql.prepare
               << "select sequence, task_id, service, fence, worker, outcome,"
                  " cpu_seconds, wall_seconds, peak_rss_bytes, error, host,"
                  " started_ms, ended_ms, signal, exit_code, last_words"
                  " from attempts where task_id = :id order by fence",
           use(task_id), into(sequence), into(attempt.task_id),
           into(attempt.service), into(fence), into(attempt.worker),
           into(outcome), into(attempt.usage.cpu_seconds),
           into(attempt.usage.wall_seconds), into(rss), into(attempt.error),
           into(row.host), into(started), into(ended), into(row.signal),
           into(row.exit_code), into(row.last_words));
      statement.execute();
      while (statement.fetch()) {
        attempt.sequence = sequence;
        attempt.fence = fence;
        attempt.outcome = static_cast<AttemptOutcome>(outcome);
        attempt.usage.peak_rss_bytes = rss;
        row.started_ms = started;
        row.ended_ms = ended;
        attempts.push_back(row);
      }
      return attempts;
    });
  }

  Result<std::map<std::string, ServiceCost>> CostOf(
      const std::string& job_id) override {
    return session_->Read([&](session& sql) {
      std::map<std::string, ServiceCost> costs;
      std::string service;
      ServiceCost row;
      Int done = 0, failed = 0, rss = 0;
      soci::statement statement =
          (sql.prepare << fmt::format(
               "select service, sum(cpu_seconds), sum(wall_seconds),"
               " sum(case outcome when {} then 1 else 0 end),"
               " sum(case outcome when {} then 1 else 0 end),"
               " max(peak_rss_bytes) from attempts join job_tasks on"
               " job_tasks.task_id = attempts.task_id where job_id = :job"
               " group by service",
               static_cast<int>(AttemptOutcome::kDone),
               static_cast<int>(AttemptOutcome::kFailed)),
           use(job_id), into(service), into(row.cpu_seconds),
           into(row.wall_seconds), into(done), into(failed), into(rss));
      statement.execute();
      while (statement.fetch()) {
        row.done = done;
        row.failed = failed;
        row.peak_rss_bytes = rss;
        costs[service] = row;
      }
      return costs;
    });
  }

  Result<BoardStats> Stats() override {
    const Int now = clock_();
    return session_->Read([&](session& sql) {
      BoardStats stats;
      CountJobs(sql, now, stats);
      CountReady(sql, now, stats);
      Int late = 0, dead = 0;
      sql << "select count(*) from jobs where state in (0, 4) and"
             " deadline_ms > 0 and deadline_ms < :now",
          use(now), into(late);
      sql << fmt::format(
          "select count(*) from tasks where state = {} and exists (select 1"
          " from job_tasks join jobs on jobs.id = job_id where task_id ="
          " tasks.id and jobs.state = {})",
          static_cast<int>(TaskState::kFailed),
          static_cast<int>(JobState::kFailed)),
          into(dead);
      stats.late_jobs = late;
      stats.dead_tasks = dead;
      return stats;
    });
  }

  Result<std::vector<JobEventRecord>> EventsAfter(int64_t sequence,
                                                  const std::string& job_id,
                                                  int limit) override {
    return session_->Read([&](session& sql) {
      std::vector<JobEventRecord> events;
      JobEventRecord row;
      const Int after = sequence;
      Int number = 0, at_ms = 0;
      soci::statement statement =
          (sql.prepare << "select sequence, job_id, at_ms, kind, data from"
                          " job_events where sequence > :after and"
                          " (:job = '' or job_id = :job2)"
                          " order by sequence limit "
                       << std::clamp(limit, 1, 1000),
           use(after), use(job_id), use(job_id), into(number), into(row.job_id),
           into(at_ms), into(row.kind), into(row.data));
      statement.execute();
      while (statement.fetch()) {
        row.sequence = number;
        row.at_ms = at_ms;
        events.push_back(row);
      }
      return events;
    });
  }

  Result<std::vector<LedJob>> Lead(const std::string& leader, int limit,
                                   milliseconds lease) override {
    const Int now = clock_(), until = now + lease.count();
    return session_->Write([&](session& sql) {
      sql << "update jobs set leader_until_ms = :until where leader = :leader"
             " and "
          << kIsOpen,
          use(until), use(leader);
      for (const JobPriority priority : kJobPriorities)
        TakeLead(sql, leader, priority, limit, now, until);
      return SelectJobs(
          sql, fmt::format("where leader = :leader and {}", kIsOpen), leader);
    });
  }

  Status Resign(const std::string& leader) override {
    return session_->Write([&](session& sql) {
      sql << "update jobs set leader = '', leader_until_ms = 0"
             " where leader = :leader",
          use(leader);
    });
  }

  Status SetResult(const LedJob& job, const std::string& result) override {
    return session_->Write([&](session& sql) {
      CheckLead(sql, job);
      sql << "update jobs set result = :result where id = :id", use(result),
          use(job.job.id);
    });
  }

  Status End(const LedJob& job, JobEvent how, const std::optional<Error>& error,
             const std::string& result) override {
    return session_->Write([&](session& sql) {
      EndJob(sql, CheckLead(sql, job), how, error, result);
    });
  }

  Status AddEvent(const LedJob& job, const std::string& kind,
                  const std::string& data) override {
    return session_->Write([&](session& sql) {
      CheckLead(sql, job);
      AddEventTo(sql, job.job.id, kind, data);
    });
  }

 private:
  static Submitted Known(const NewJob& asked, FleetJob job) {
    if (AsksForTheSame(asked, job.spec)) return {std::move(job), false};
    throw SqlAbort{
        {Code::kConflict,
         fmt::format("this key has been used for another job, {}", job.id)}};
  }

  static void Insert(session& sql, const FleetJob& job) {
    const NewJob& spec = job.spec;
    const int state = static_cast<int>(job.state);
    const int priority = static_cast<int>(spec.priority);
    const Int deadline_ms = spec.deadline_ms, created_ms = job.created_ms;
    sql << "insert into jobs(id, title, state, error_code, error, source,"
           " recipe, recipe_name, priority, deadline_ms, webhook,"
           " submitted_by, trace, idempotency_key, created_ms)"
           " values(:id, :title, :state, '', '', :source, :recipe,"
           " :recipe_name, :priority, :deadline, :webhook, :by, :trace, :key,"
           " :created)",
        use(job.id), use(spec.title), use(state), use(spec.source),
        use(spec.recipe), use(spec.recipe_name), use(priority),
        use(deadline_ms), use(spec.webhook), use(spec.submitted_by),
        use(spec.trace), use(spec.idempotency_key), use(created_ms);
  }

  static void CountJobs(session& sql, Int now, BoardStats& stats) {
    int state = 0, priority = 0;
    Int number = 0, oldest = 0;
    soci::statement statement =
        (sql.prepare << "select state, priority, count(*), min(created_ms)"
                        " from jobs where source <> '' group by state,"
                        " priority",
         into(state), into(priority), into(number), into(oldest));
    statement.execute();
    while (statement.fetch()) {
      const auto job_state = static_cast<JobState>(state);
      stats.jobs[job_state] += number;
      if (job_state != JobState::kQueued && job_state != JobState::kRunning)
        continue;
      int64_t& age = stats.oldest_open_ms[static_cast<JobPriority>(priority)];
      age = std::max<int64_t>(age, now - oldest);
    }
  }

  static void CountReady(session& sql, Int now, BoardStats& stats) {
    BoardStats::Ready row;
    Int number = 0, oldest = 0;
    soci::statement statement =
        (sql.prepare << fmt::format(
             "select service, priority, count(*), min(ready_ms) from tasks"
             " where state = {} group by service, priority",
             static_cast<int>(TaskState::kQueued)),
         into(row.service), into(row.priority), into(number), into(oldest));
    statement.execute();
    while (statement.fetch()) {
      row.tasks = number;
      row.oldest_ms = std::max<int64_t>(0, now - oldest);
      stats.ready.push_back(row);
    }
  }

  static TaskCounts CountTasks(session& sql, const std::string& job_id) {
    TaskCounts counts;
    int state = 0;
    Int number = 0;
    soci::statement statement =
        (sql.prepare << "select state, count(*) from tasks join job_tasks on"
                        " task_id = id where job_id = :job group by state",
         use(job_id), into(state), into(number));
    statement.execute();
    while (statement.fetch()) {
      switch (static_cast<TaskState>(state)) {
        case TaskState::kIdle:
          break;
        case TaskState::kQueued:
          counts.queued = number;
          break;
        case TaskState::kRunning:
          counts.running = number;
          break;
        case TaskState::kDone:
          counts.done = number;
          break;
        case TaskState::kFailed:
          counts.failed = number;
          break;
      }
    }
    return counts;
  }

  void AddEventTo(session& sql, const std::string& job_id,
                  const std::string& kind, const std::string& data) {
    if (session_->dialect() == SqlDialect::kPostgres)
      sql << "select pg_advisory_xact_lock(" << kEventLock << ")";
    const Int now = clock_();
    sql << "insert into job_events(job_id, at_ms, kind, data)"
           " values(:job, :at, :kind, :data)",
        use(job_id), use(now), use(kind), use(data);
  }

  static FleetJob CheckLead(session& sql, const LedJob& led) {
    auto jobs = SelectJobs(sql, fmt::format("where id = :id and {}", kIsOpen),
                           led.job.id);
    if (!jobs.empty() && jobs.front().fence == led.fence)
      return std::move(jobs.front().job);
    throw SqlAbort{
        {Code::kConflict, fmt::format("job {} has ended, or is led by "
                                      "somebody else",
                                      led.job.id)}};
  }

  void TakeLead(session& sql, const std::string& leader, JobPriority priority,
                int limit, Int now, Int until) {
    const int number = static_cast<int>(priority);
    int led = 0;
    sql << "select count(*) from jobs where leader = :leader and"
           " priority = :priority and "
        << kIsOpen,
        use(leader), use(number), into(led);
    if (led >= limit) return;
    const bool shared = session_->dialect() == SqlDialect::kPostgres;
    const std::string free = fmt::format(
        "where {} and source <> '' and priority = :priority and"
        " leader_until_ms <= :now and leader <> :leader order by"
        " case deadline_ms when 0 then 1 else 0 end, deadline_ms, created_ms,"
        " id limit {}{}",
        kIsOpen, limit - led, shared ? " for update skip locked" : "");
    for (const LedJob& found : SelectJobs(sql, free, number, now, leader)) {
      const FleetJob& job = found.job;
      if (job.state == JobState::kQueued)
        AddEventTo(sql, job.id, "started", "{}");
      const int running = static_cast<int>(JobState::kRunning);
      sql << "update jobs set leader = :leader, leader_until_ms = :until,"
             " leader_fence = leader_fence + 1, state = :state, started_ms ="
             " case started_ms when 0 then :now else started_ms end"
             " where id = :id",
          use(leader), use(until), use(running), use(now), use(job.id);
    }
  }

  void EndJob(session& sql, const FleetJob& job, JobEvent how,
              const std::optional<Error>& error, const std::string& result) {
    const JobState next = OrAbort(Next(job.state, how));
    const int state = static_cast<int>(next);
    const Int now = clock_();
    const std::string code = error ? base::CodeName(error->code) : "";
    const std::string message = error ? error->message : "";
    sql << "update jobs set state = :state, error_code = :code,"
           " error = :error, ended_ms = :now, result = :result, leader = '',"
           " leader_until_ms = 0, leader_fence = leader_fence + 1"
           " where id = :id",
        use(state), use(code), use(message), use(now), use(result), use(job.id);
    ReleaseTasks(sql, job.id);
    AddEventTo(sql, job.id, Name(next), "{}");
    FleetJob ended = job;
    ended.error = error;
    EnqueueWebhook(sql, ended, Name(next), now);
  }

  // What this job alone has wanted is not wanted any more.
  void ReleaseTasks(session& sql, const std::string& job_id) {
    const std::string own = fmt::format(
        "state in ({}) and id in (select task_id from job_tasks where"
        " job_id = :id) and not exists (select 1 from job_tasks as other join"
        " jobs on jobs.id = other.job_id where other.task_id = tasks.id and"
        " jobs.{})",
        StatesChangedBySql(TaskEvent::kRelease, TaskState::kIdle), kIsOpen);
    sql << fmt::format(
        "update attempts set outcome = {} where outcome = {} and task_id in"
        " (select id from tasks where {})",
        static_cast<int>(AttemptOutcome::kReleased),
        static_cast<int>(AttemptOutcome::kRunning), own),
        use(job_id);
    sql << fmt::format("update tasks set state = {}, change = {} where {}",
                       static_cast<int>(TaskState::kIdle),
                       NextChangeSql(session_->dialect()), own),
        use(job_id);
  }

  std::unique_ptr<SqlSession> session_;
  ClockMs clock_;
};

}  // namespace

Result<std::unique_ptr<JobBoard>> OpenJobBoard(const std::string& url,
                                               ClockMs clock) {
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(url));
  return std::make_unique<SqlJobBoard>(std::move(session), std::move(clock));
}

}  // namespace reel::platform

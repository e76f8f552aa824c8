#include "platform/sqlite_queue.h"

#include <fmt/format.h>

#include <chrono>

#include "platform/sql_session.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Result;
using base::Status;
using soci::into;
using soci::use;

// SOCI binds long long, which int64_t is not everywhere.
using Int = long long;  // NOLINT(google-runtime-int)

class SqliteQueue : public TaskQueue {
 public:
  SqliteQueue(std::unique_ptr<SqlSession> session, ClockMs clock)
      : session_(std::move(session)), clock_(std::move(clock)) {}

  Status Publish(std::span<const QueuedTask> tasks) override {
    for (const QueuedTask& task : tasks) REEL_TRY(CheckQueued(task));
    return session_->Write([&](soci::session& sql) {
      for (const QueuedTask& task : tasks) {
        const Int number = NextNumber(sql);
        sql << "insert into queue(task_id, priority, cost, position, held,"
               " due_ms, token, service, payload) values(:id, :priority, :cost,"
               " :position, 0, 0, :token, :service, :payload)"
               " on conflict(task_id) do update set"
               " held = 0, priority = excluded.priority, cost = excluded.cost,"
               " token = excluded.token, service = excluded.service,"
               " payload = excluded.payload, deliveries = 0",
            use(task.task_id), use(task.priority), use(task.cost), use(number),
            use(number), use(task.service), use(task.payload);
      }
    });
  }

  Result<std::optional<Lease>> Pull(
      std::span<const std::string> services,
      std::chrono::milliseconds duration) override {
    REEL_ASSIGN(auto leases, PullSome(services, kLeastPriority, 1, duration));
    if (leases.empty()) return std::nullopt;
    return std::move(leases.front());
  }

  Result<std::vector<Lease>> PullSome(
      std::span<const std::string> services, int least_priority, int limit,
      std::chrono::milliseconds duration) override {
    REEL_ASSIGN(std::string among, Among(services));
    if (least_priority > kLeastPriority)
      among += fmt::format(" and priority >= {}", least_priority);
    const Int now = clock_();
    // Idle workers look often: they must not hold up those who write.
    REEL_ASSIGN(const bool any, session_->Read([&](soci::session& sql) {
      int found = 0;
      sql << "select exists(select 1 from queue where held = 0) or"
             " exists(select 1 from queue where held = 1 and due_ms <= :now"
             " and deliveries < :most)",
          into(found), use(now), use(kMostDeliveries);
      return found != 0;
    }));
    if (!any) return std::vector<Lease>();
    return session_->Write([&](soci::session& sql) {
      sql << "update queue set held = 0 where held = 1 and due_ms <= :now"
             " and deliveries < :most",
          use(now), use(kMostDeliveries);
      std::vector<Lease> leases;
      while (static_cast<int>(leases.size()) < limit) {
        auto lease = Claim(sql, among, now + duration.count());
        if (!lease) break;
        leases.push_back(*std::move(lease));
      }
      return leases;
    });
  }

  Status Extend(const Lease& lease,
                std::chrono::milliseconds duration) override {
    return Hold(lease, lease.token, duration);
  }

  Status Ack(const Lease& lease) override {
    return session_->Write([&](soci::session& sql) {
      const Int token = lease.token;
      soci::statement statement =
          (sql.prepare << "delete from queue"
                          " where task_id = :id and token = :token",
           use(lease.task_id), use(token));
      statement.execute(true);
      CheckOneRow(statement, lease);
    });
  }

  // The token it leaves behind is nobody's: the lease is over.
  Status Nak(const Lease& lease, std::chrono::milliseconds delay) override {
    return Hold(lease, 0, delay);
  }

  Result<QueueDepth> Depth() override {
    QueueDepth sum;
    REEL_ASSIGN(const std::vector<ServiceDepth> depths, Depths());
    for (const ServiceDepth& one : depths) {
      sum.ready += one.depth.ready;
      sum.held += one.depth.held;
    }
    return sum;
  }

  Result<std::vector<ServiceDepth>> Depths() override {
    const Int now = clock_();
    return session_->Read([&](soci::session& sql) {
      std::vector<ServiceDepth> depths;
      ServiceDepth row;
      Int all = 0, ready = 0;
      soci::statement statement =
          (sql.prepare << "select service, priority, count(*),"
                          " sum(held = 0 or due_ms <= :now) from queue"
                          " where held = 0 or due_ms > :now2"
                          " or deliveries < :most"
                          " group by service, priority"
                          " order by service, priority",
           use(now, "now"), use(now, "now2"), use(kMostDeliveries, "most"),
           into(row.service), into(row.priority), into(all), into(ready));
      statement.execute();
      while (statement.fetch()) {
        row.depth = {ready, all - ready};
        depths.push_back(row);
      }
      return depths;
    });
  }

  // A dead letter is a row whose last lease has expired. Its lease stays good
  // until it is discarded, as everybody's does that nobody else has taken.
  Result<std::vector<DeadLetter>> DeadLetters(int limit) override {
    const Int now = clock_();
    return session_->Read([&](soci::session& sql) {
      std::vector<DeadLetter> letters;
      DeadLetter letter;
      Int at = 0, token = 0;
      soci::statement statement =
          (sql.prepare << "select task_id, priority, service, payload,"
                          " deliveries, due_ms, token from queue"
                          " where held = 1 and due_ms <= :now"
                          " and deliveries >= :most"
                          " order by due_ms limit :limit",
           use(now), use(kMostDeliveries), use(limit),
           into(letter.task.task_id), into(letter.task.priority),
           into(letter.task.service), into(letter.task.payload),
           into(letter.deliveries), into(at), into(token));
      statement.execute();
      while (statement.fetch()) {
        letter.at_ms = at;
        letter.token = token;
        letters.push_back(letter);
      }
      return letters;
    });
  }

  Status Discard(const DeadLetter& letter) override {
    return session_->Write([&](soci::session& sql) {
      const Int token = letter.token;
      sql << "delete from queue where task_id = :id and token = :token"
             " and held = 1 and deliveries >= :most",
          use(letter.task.task_id), use(token), use(kMostDeliveries);
    });
  }

 private:
  // Positions and tokens: never the same twice, not even after an Ack.
  static Int NextNumber(soci::session& sql) {
    Int number = 0;
    sql << "update counter set value = value + 1 returning value", into(number);
    return number;
  }

  // A condition on the service. Their names need no quoting.
  static Result<std::string> Among(std::span<const std::string> services) {
    std::string names;
    for (const std::string& service : services) {
      REEL_TRY(CheckService(service));
      names += fmt::format("{}'{}'", names.empty() ? "" : ", ", service);
    }
    return names.empty() ? names : fmt::format(" and service in ({})", names);
  }

  static std::optional<Lease> Claim(soci::session& sql,
                                    const std::string& among, Int due) {
    Lease lease;
    const Int token = NextNumber(sql);
    sql << "update queue set held = 1, due_ms = :due, token = :token,"
           " deliveries = deliveries + 1 where task_id = (select task_id from "
           "queue where held = 0"
        << among
        << " order by priority desc, cost desc, position limit 1)"
           " returning task_id, priority, payload",
        use(due), use(token), into(lease.task_id), into(lease.priority),
        into(lease.payload);
    if (!sql.got_data()) return std::nullopt;
    lease.token = token;
    return lease;
  }

  // Keeps the task from being pulled for so long.
  Status Hold(const Lease& lease, Int new_token,
              std::chrono::milliseconds duration) {
    const Int due = clock_() + duration.count();
    return session_->Write([&](soci::session& sql) {
      const Int token = lease.token;
      soci::statement statement =
          (sql.prepare << "update queue set held = 1, due_ms = :due,"
                          " token = :new where task_id = :id and token = :old",
           use(due), use(new_token), use(lease.task_id), use(token));
      statement.execute(true);
      CheckOneRow(statement, lease);
    });
  }

  static void CheckOneRow(soci::statement& statement, const Lease& lease) {
    if (statement.get_affected_rows() == 1) return;
    throw SqlAbort{{Code::kConflict, fmt::format("lease {} of task {} is stale",
                                                 lease.token, lease.task_id)}};
  }

  std::unique_ptr<SqlSession> session_;
  ClockMs clock_;
};

}  // namespace

int64_t SystemClockMs() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  using std::chrono::system_clock;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
      .count();
}

Result<std::unique_ptr<TaskQueue>> OpenSqliteQueue(const std::string& path,
                                                   ClockMs clock) {
  REEL_ASSIGN(auto session, SqlSession::OpenSqlite(path));
  return std::make_unique<SqliteQueue>(std::move(session), std::move(clock));
}

}  // namespace reel::platform

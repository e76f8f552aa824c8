#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/json.h"
#include "platform/needs.h"
#include "platform/sql_dialect.h"
#include "platform/sql_session.h"

namespace reel::platform {
namespace {

using base::Result;
using soci::into;
using soci::session;
using soci::use;
using Int = long long;  // what SOCI binds

constexpr int kDone = static_cast<int>(TaskState::kDone);

std::string JsonOf(std::span<const std::string> texts) {
  return base::DumpJson(
      base::Json(std::vector<std::string>(texts.begin(), texts.end())));
}

class SqlNeeds : public Needs {
 public:
  explicit SqlNeeds(std::unique_ptr<SqlSession> session)
      : session_(std::move(session)) {}

  // The artifacts of parts are those of their whole, which jobs have wanted.
  Result<std::map<std::string, Need>> OfArtifacts(
      std::span<const std::string> digests, int64_t ended_before_ms) override {
    const std::string json = JsonOf(digests);
    const Int before = ended_before_ms;
    return session_->Read([&](session& sql) {
      std::map<std::string, Need> needs;
      for (const std::string& digest : digests) needs[digest] = Need::kNone;
      std::string digest;
      int is_needed = 0;
      soci::statement statement =
          (sql.prepare << fmt::format(
               "select digest, max(case when exists (select 1 from job_tasks"
               " join jobs on jobs.id = job_id where"
               " job_tasks.task_id = artifacts.task_id and (jobs.state in"
               " (0, 4) or ended_ms >= :before)) then 1 else 0 end)"
               " from artifacts where digest in (select r.value from {})"
               " group by digest",
               JsonTextsSql(session_->dialect(), "digests")),
           use(before, "before"), use(json, "digests"), into(digest),
           into(is_needed));
      statement.execute();
      while (statement.fetch())
        needs[digest] = is_needed ? Need::kNow : Need::kPast;
      return needs;
    });
  }

  Result<std::set<std::string>> OfSources(std::span<const std::string> urls,
                                          int64_t ended_before_ms) override {
    const std::string json = JsonOf(urls);
    const Int before = ended_before_ms;
    const int failed = static_cast<int>(JobState::kFailed);
    return session_->Read([&](session& sql) {
      std::set<std::string> needed;
      std::string source;
      soci::statement statement =
          (sql.prepare << fmt::format(
               "select distinct source from jobs where (state in (0, 4,"
               " :failed) or ended_ms >= :before) and source in (select"
               " r.value from {})",
               JsonTextsSql(session_->dialect(), "urls")),
           use(failed, "failed"), use(before, "before"), use(json, "urls"),
           into(source));
      statement.execute();
      while (statement.fetch()) needed.insert(source);
      return needed;
    });
  }

  Result<int> Forget(std::span<const std::string> digests) override {
    const std::string json = JsonOf(digests);
    return session_->Write([&](session& sql) {
      const std::string makers = fmt::format(
          "(select task_id from artifacts where digest in (select r.value"
          " from {}))",
          JsonTextsSql(session_->dialect(), "digests"));
      soci::statement forget =
          (sql.prepare << fmt::format(
               "update tasks set state = {}, fraction = 0, change = {} where"
               " state = {} and id in {}",
               static_cast<int>(TaskState::kIdle),
               NextChangeSql(session_->dialect()), kDone, makers),
           use(json, "digests"));
      forget.execute(true);
      const auto tasks = static_cast<int>(forget.get_affected_rows());
      sql << "delete from artifacts where task_id in " << makers,
          use(json, "digests");
      return tasks;
    });
  }

 private:
  std::unique_ptr<SqlSession> session_;
};

}  // namespace

Result<std::unique_ptr<Needs>> OpenNeeds(const std::string& url) {
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(url));
  return std::make_unique<SqlNeeds>(std::move(session));
}

}  // namespace reel::platform

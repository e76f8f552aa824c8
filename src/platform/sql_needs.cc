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
constexpr int kIdle = static_cast<int>(TaskState::kIdle);

std::string JsonOf(std::span<const std::string> texts) {
  return base::DumpJson(
      base::Json(std::vector<std::string>(texts.begin(), texts.end())));
}

class SqlNeeds : public Needs {
 public:
  explicit SqlNeeds(std::unique_ptr<SqlSession> session)
      : session_(std::move(session)) {}

  Result<std::map<std::string, Need>> OfArtifacts(
      std::span<const std::string> digests, int64_t ended_before_ms) override {
    const std::string json = JsonOf(digests);
    return session_->Read([&](session& sql) {
      std::map<std::string, Need> needs;
      for (const std::string& digest : digests) needs[digest] = Need::kNone;
      std::string digest;
      int is_needed = 0;
      soci::statement statement =
          (sql.prepare << fmt::format(
               "select digest, max(case when {} then 1 else 0 end) from"
               " artifacts where digest in (select r.value from {}) group by"
               " digest",
               IsNeeded("artifacts.task_id", ended_before_ms),
               JsonTextsSql(session_->dialect(), "digests")),
           use(json), into(digest), into(is_needed));
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

  Result<std::set<std::string>> Forget(std::span<const std::string> digests,
                                       int64_t ended_before_ms) override {
    const std::string json = JsonOf(digests);
    const std::string these = "digest in (select r.value from " +
                              JsonTextsSql(session_->dialect(), "digests") +
                              ")";
    return session_->Write([&](session& sql) {
      sql << fmt::format(
          "update tasks set state = {}, fraction = 0, change = {} where"
          " state = {} and id in (select task_id from artifacts where {}) and"
          " not {}",
          kIdle, NextChangeSql(session_->dialect()), kDone, these,
          IsNeeded("tasks.id", ended_before_ms)),
          use(json);
      sql << fmt::format(
          "delete from artifacts where task_id in (select task_id from"
          " artifacts join tasks on tasks.id = task_id where state = {} and"
          " {})",
          kIdle, these),
          use(json);
      std::set<std::string> named;
      std::string digest;
      soci::statement statement =
          (sql.prepare << "select distinct digest from artifacts where "
                       << these,
           use(json), into(digest));
      statement.execute();
      while (statement.fetch()) named.insert(digest);
      return named;
    });
  }

 private:
  // Whether a job that is open, or has ended since then, has wanted that task,
  // or counts on it. Artifacts of parts are those of their whole, too.
  static std::string IsNeeded(const std::string& task,
                              int64_t ended_before_ms) {
    const auto by = [&](const char* table) {
      return fmt::format(
          "exists (select 1 from {0} join jobs on jobs.id = {0}.job_id where"
          " {0}.task_id = {1} and (jobs.state in (0, 4) or ended_ms >= {2}))",
          table, task, ended_before_ms);
    };
    return fmt::format("({} or {})", by("job_tasks"), by("job_uses"));
  }

  std::unique_ptr<SqlSession> session_;
};

}  // namespace

Result<std::unique_ptr<Needs>> OpenNeeds(const std::string& url) {
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(url));
  return std::make_unique<SqlNeeds>(std::move(session));
}

}  // namespace reel::platform

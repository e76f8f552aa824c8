#include "platform/webhook_outbox.h"

#include <utility>

#include "base/json.h"
#include "platform/secret.h"
#include "platform/sql_session.h"

namespace reel::platform {
namespace {

using base::Json;
using base::Result;
using base::Status;
using soci::into;
using soci::session;
using soci::use;

// SOCI binds long long, which int64_t is not everywhere.
using Int = long long;  // NOLINT(google-runtime-int)

constexpr int kIdBytes = 12;
constexpr int64_t kHiddenMs = 60'000;
// Of a notice. Written into the database: append only.
constexpr int kWaiting = 0, kDelivered = 1, kGivenUp = 2;

}  // namespace

void EnqueueWebhook(session& sql, const FleetJob& job, const std::string& kind,
                    int64_t now_ms) {
  if (job.spec.webhook.empty()) return;
  const std::string id = RandomHex(kIdBytes);
  Json error;
  if (job.error) {
    error = {{"code", base::CodeName(job.error->code)},
             {"message", job.error->message}};
  }
  const std::string body = base::DumpJson({{"id", id},
                                           {"kind", kind},
                                           {"at_ms", now_ms},
                                           {"job", job.id},
                                           {"title", job.spec.title},
                                           {"error", error}});
  const Int now = now_ms;
  sql << "insert into webhooks(id, url, body, created_ms, attempts, next_ms,"
         " state, error) values(:id, :url, :body, :now, 0, :next, 0, '')",
      use(id), use(job.spec.webhook), use(body), use(now), use(now);
}

WebhookOutbox::WebhookOutbox(std::unique_ptr<SqlSession> session, ClockMs clock)
    : session_(std::move(session)), clock_(std::move(clock)) {}

WebhookOutbox::~WebhookOutbox() = default;

Result<std::vector<Webhook>> WebhookOutbox::Take(int limit) {
  return session_->Write([&](session& sql) {
    const Int now = clock_();
    std::vector<Webhook> taken;
    Webhook row;
    Int created_ms = 0;
    soci::statement statement =
        (sql.prepare << "select id, url, body, created_ms, attempts from"
                        " webhooks where state = 0 and next_ms <= :now"
                        " order by next_ms, id limit :most",
         use(now), use(limit), into(row.id), into(row.url), into(row.body),
         into(created_ms), into(row.attempts));
    statement.execute();
    while (statement.fetch()) {
      row.created_ms = created_ms;
      taken.push_back(row);
    }
    const Int next = now + kHiddenMs;
    for (const Webhook& webhook : taken) {
      sql << "update webhooks set next_ms = :next, attempts = attempts + 1"
             " where id = :id",
          use(next), use(webhook.id);
    }
    return taken;
  });
}

void WebhookOutbox::Update(session& sql, const std::string& id, int state,
                           int64_t next_ms, const std::string& error) {
  const Int next = next_ms;
  sql << "update webhooks set state = :state, next_ms = :next, error = :error"
         " where id = :id",
      use(state), use(next), use(error), use(id);
}

Status WebhookOutbox::Delivered(const std::string& id) {
  return session_->Write(
      [&](session& sql) { Update(sql, id, kDelivered, clock_(), ""); });
}

Status WebhookOutbox::Failed(const std::string& id, const std::string& error,
                             std::optional<int64_t> next_ms) {
  return session_->Write([&](session& sql) {
    Update(sql, id, next_ms ? kWaiting : kGivenUp, next_ms.value_or(clock_()),
           error);
  });
}

Result<std::unique_ptr<WebhookOutbox>> OpenWebhookOutbox(const std::string& url,
                                                         ClockMs clock) {
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(url));
  return std::make_unique<WebhookOutbox>(std::move(session), std::move(clock));
}

}  // namespace reel::platform

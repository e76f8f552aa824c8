// Notices of jobs that have ended, on their way to who asked for them. A notice
// is written in the transaction that ends its job: no end goes untold.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/job_board.h"

namespace soci {
class session;
}

namespace reel::platform {

class SqlSession;

// Inside a transaction: the notice that `job`, as it is now, has ended; nothing
// for a job without a webhook. Throws as SOCI does.
//   kind  "done", "failed" or "cancelled"
void EnqueueWebhook(soci::session& sql, const FleetJob& job,
                    const std::string& kind, int64_t now_ms);

struct Webhook {
  std::string id;
  std::string url;
  std::string body;  // JSON
  int64_t created_ms = 0;
  int attempts = 0;  // before this one
};

// Safe from several threads and processes. Errors of every call: those of
// SqlSession.
class WebhookOutbox {
 public:
  explicit WebhookOutbox(std::unique_ptr<SqlSession> session,
                         ClockMs clock = SystemClockMs);
  ~WebhookOutbox();

  // Notices that are due, the oldest first. They are hidden from all others for
  // a minute: a sender that dies leaves them for the next.
  base::Result<std::vector<Webhook>> Take(int limit);
  base::Status Delivered(const std::string& id);
  // It is due again at `next_ms`; nullopt: it is given up.
  base::Status Failed(const std::string& id, const std::string& error,
                      std::optional<int64_t> next_ms);

 private:
  void Update(soci::session& sql, const std::string& id, int state,
              int64_t next_ms, const std::string& error);
  std::unique_ptr<SqlSession> session_;
  ClockMs clock_;
};

// On the tables of a fleet. Errors: those of SqlSession's functions.
base::Result<std::unique_ptr<WebhookOutbox>> OpenWebhookOutbox(
    const std::string& url, ClockMs clock = SystemClockMs);

}  // namespace reel::platform

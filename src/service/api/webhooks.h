// Tells those who asked that their job has ended: a POST of JSON, signed,
// repeated until it is taken, for a day. docs/api/README.md, "Webhooks".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "platform/clock.h"
#include "platform/http_client.h"
#include "platform/webhook_outbox.h"

namespace reel::service::api {

// The header Reel-Signature: "t=SECONDS,v1=HEX", HMAC-SHA-256 of "SECONDS.BODY"
// by the installation's secret. With the time inside, an old notice cannot be
// sent again as a new one. Pure.
std::string WebhookSignature(const std::string& secret, int64_t seconds,
                             const std::string& body);

// When to try again after that many attempts: after 10 s, then each time twice
// as long, up to an hour, more or less a quarter; nullopt a day after it was
// made. Pure.
//   random  0 .. 1
std::optional<int64_t> NextAttemptMs(int attempts, int64_t created_ms,
                                     int64_t now_ms, double random);

struct WebhookOptions {
  std::string secret;          // of the installation; "": not signed
  bool allow_private = false;  // hosts of private networks, too
  std::chrono::milliseconds pause = std::chrono::seconds(2);  // between looks
};

// One thread runs it; any number of processes may.
class WebhookSender {
 public:
  // `outbox` outlives it.
  WebhookSender(platform::WebhookOutbox& outbox, WebhookOptions options,
                platform::ClockMs clock = platform::SystemClockMs);

  // Sends what is due, once. How many were taken from the outbox.
  base::Result<int> SendDue();
  // Sends until a stop is requested. While the database is away, it waits.
  void Run(std::stop_token stop);

 private:
  base::Status Send(const platform::Webhook& webhook);

  platform::WebhookOutbox& outbox_;
  const WebhookOptions options_;
  const platform::ClockMs clock_;
  platform::HttpClient http_;
};

}  // namespace reel::service::api

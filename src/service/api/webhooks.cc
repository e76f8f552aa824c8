#include "service/api/webhooks.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <utility>

#include "base/file.h"
#include "platform/s3_client.h"
#include "platform/secret.h"
#include "service/api/pause.h"

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using platform::Webhook;

constexpr int kAtATime = 5;  // within the minute that they are hidden
constexpr int64_t kFirstDelayMs = 10'000;
constexpr int64_t kLongestDelayMs = 3'600'000;
constexpr int64_t kLifetimeMs = 24 * 3'600'000;
constexpr int kMaxDoublings = 10;

}  // namespace

std::string WebhookSignature(const std::string& secret, int64_t seconds,
                             const std::string& body) {
  const std::string signed_text = fmt::format("{}.{}", seconds, body);
  return fmt::format(
      "t={},v1={}", seconds,
      platform::Hexadecimal(platform::HmacSha256(secret, signed_text)));
}

std::optional<int64_t> NextAttemptMs(int attempts, int64_t created_ms,
                                     int64_t now_ms, double random) {
  const int doublings = std::clamp(attempts - 1, 0, kMaxDoublings);
  const int64_t delay = std::min(kFirstDelayMs << doublings, kLongestDelayMs);
  const auto jitter =
      static_cast<int64_t>(static_cast<double>(delay) * (random - 0.5) / 2);
  const int64_t next = now_ms + delay + jitter;
  if (next > created_ms + kLifetimeMs) return std::nullopt;
  return next;
}

WebhookSender::WebhookSender(platform::WebhookOutbox& outbox,
                             WebhookOptions options, platform::ClockMs clock)
    : outbox_(outbox),
      options_(std::move(options)),
      clock_(std::move(clock)),
      http_({.ca_file = "",
             .connect_timeout = std::chrono::seconds(5),
             .stall_timeout = std::chrono::seconds(5),
             .public_only = !options_.allow_private}) {}

Status WebhookSender::Send(const Webhook& webhook) {
  const platform::HttpBody body = platform::BodyOf(base::AsBytes(webhook.body));
  platform::HttpFields headers = {{"content-type", "application/json"},
                                  {"user-agent", "reelwright"}};
  if (!options_.secret.empty()) {
    headers["reel-signature"] =
        WebhookSignature(options_.secret, clock_() / 1000, webhook.body);
  }
  REEL_ASSIGN(const platform::HttpResponse response,
              http_.Send({.method = "POST",
                          .url = webhook.url,
                          .headers = std::move(headers),
                          .body = &body}));
  if (response.status >= 200 && response.status < 300) return {};
  return Fail(Code::kUnavailable, fmt::format("answers {}", response.status));
}

Result<int> WebhookSender::SendDue() {
  thread_local std::minstd_rand random{std::random_device{}()};
  REEL_ASSIGN(const auto due, outbox_.Take(kAtATime));
  for (const Webhook& webhook : due) {
    const Status sent = Send(webhook);
    if (sent) {
      REEL_TRY(outbox_.Delivered(webhook.id));
      continue;
    }
    const auto next =
        NextAttemptMs(webhook.attempts + 1, webhook.created_ms, clock_(),
                      std::uniform_real_distribution<double>(0, 1)(random));
    // Its URL may hold a secret, and so may what an error says of it.
    spdlog::warn("webhook {}: attempt {} failed{}", webhook.id,
                 webhook.attempts + 1, next ? "" : "; given up");
    REEL_TRY(
        outbox_.Failed(webhook.id, base::CodeName(sent.error().code), next));
  }
  return static_cast<int>(due.size());
}

void WebhookSender::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const auto sent = SendDue();
    if (!sent) spdlog::warn("webhooks: {}", sent.error().message);
    if (!sent || *sent == 0) Pause(stop, options_.pause);
  }
}

}  // namespace reel::service::api

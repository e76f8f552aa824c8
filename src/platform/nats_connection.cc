#include "platform/nats_connection.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <thread>
#include <utility>

#include "base/json.h"
#include "platform/task_queue.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kAnswerWithin = seconds(5);
constexpr milliseconds kLookEvery{250};  // at the connection
// A stream that has lost its leader answers again after some seconds.
constexpr seconds kRetryFor{30};
constexpr milliseconds kFirstPause{100}, kLongestPause{2000};
constexpr milliseconds kReconnectPause{250}, kReconnectJitter{1000};
// A connection that is dead, but not closed, is noticed after two of them.
constexpr milliseconds kPingEvery = seconds(10);
constexpr seconds kDuplicatesWindow{120};
constexpr std::chrono::hours kMonth{30 * 24};
constexpr int64_t kMostHeld = 1'000'000;  // by all who pull together
constexpr size_t kMostInFlight = 500;     // of messages to be stored

using Options =
    std::unique_ptr<natsOptions, NatsFree<natsOptions, natsOptions_Destroy>>;
using Inbox = std::unique_ptr<char, NatsFree<char, natsInbox_Destroy>>;
using Statistics =
    std::unique_ptr<natsStatistics,
                    NatsFree<natsStatistics, natsStatistics_Destroy>>;
using StreamInfo =
    std::unique_ptr<jsStreamInfo, NatsFree<jsStreamInfo, jsStreamInfo_Destroy>>;
using ConsumerInfo =
    std::unique_ptr<jsConsumerInfo,
                    NatsFree<jsConsumerInfo, jsConsumerInfo_Destroy>>;

Code CodeOf(natsStatus status) {
  switch (status) {
    case NATS_INVALID_ARG:
    case NATS_INVALID_SUBJECT:
    case NATS_MAX_PAYLOAD:
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED:
      return Code::kInvalidArgument;
    case NATS_NO_MEMORY:
      return Code::kResourceExhausted;
    default:
      return Code::kUnavailable;
  }
}

// Of JetStream's own errors; most of them pass.
Code CodeOf(int error) {
  switch (error) {
    case JSAccountResourcesExceededErr:
    case JSInsufficientResourcesErr:
    case JSMemoryResourcesExceededErr:
    case JSStorageResourcesExceededErr:
    case JSStreamStoreFailedErr:  // beyond the stream's own limits
      return Code::kResourceExhausted;
    case JSStreamReplicasNotSupportedErr:
    case JSStreamSubjectOverlapErr:
    case JSConsumerWQConsumerNotUniqueErr:
    case JSStreamMessageExceedsMaximumErr:
      return Code::kInvalidArgument;
    default:
      return Code::kUnavailable;
  }
}

Status JetStreamStatus(natsStatus status, jsErrCode error, const char* doing) {
  Status result = NatsStatus(status, doing);
  if (!result && error != 0)
    result.error().code = CodeOf(static_cast<int>(error));
  return result;
}

// As NATS wants it: streams and consumers have no "." in their names.
bool IsName(const std::string& name) {
  return !name.empty() && CheckService(name).has_value();
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// These are called once for each outage. They name no server: its URL may have
// a password in it.
void LogLoss(natsConnection* connection, void*) {
  if (!natsConnection_IsClosed(connection))
    spdlog::warn("NATS: the connection is lost, reconnecting");
}
void LogReturn(natsConnection*, void*) {
  spdlog::info("NATS: connected again");
}
void LogTrouble(natsConnection*, natsSubscription*, natsStatus status, void*) {
  spdlog::warn("NATS: {}", natsStatus_GetText(status));
}

Status SetOptions(const NatsOptions& from, natsOptions* to) {
  const std::vector<std::string> urls = Split(from.url, ',');
  std::vector<const char*> servers;
  for (const std::string& url : urls) servers.push_back(url.c_str());
  natsStatus status = natsOptions_SetServers(to, servers.data(),
                                             static_cast<int>(servers.size()));
  const auto set = [&](natsStatus next) {
    if (status == NATS_OK) status = next;
  };
  set(natsOptions_SetName(to, from.name.c_str()));
  set(natsOptions_SetMaxReconnect(to, -1));
  set(natsOptions_SetReconnectWait(to, kReconnectPause.count()));
  set(natsOptions_SetReconnectJitter(to, kReconnectJitter.count(),
                                     kReconnectJitter.count()));
  set(natsOptions_SetPingInterval(to, kPingEvery.count()));
  set(natsOptions_SetDisconnectedCB(to, LogLoss, nullptr));
  set(natsOptions_SetReconnectedCB(to, LogReturn, nullptr));
  set(natsOptions_SetErrorHandler(to, LogTrouble, nullptr));
  if (!from.credentials_file.empty())
    set(natsOptions_SetUserCredentialsFromFiles(
        to, from.credentials_file.c_str(), nullptr));
  if (!from.user.empty())
    set(natsOptions_SetUserInfo(to, from.user.c_str(), from.password.c_str()));
  if (!from.token.empty()) set(natsOptions_SetToken(to, from.token.c_str()));
  if (!from.ca_file.empty()) {
    set(natsOptions_SetSecure(to, true));
    set(natsOptions_LoadCATrustedCertificates(to, from.ca_file.c_str()));
  }
  Status result = NatsStatus(status, "options");
  if (!result) result.error().code = Code::kInvalidArgument;  // e.g. no file
  return result;
}

// What the server says to a message that was to be stored.
struct StoreAnswer {
  int error = 0;  // one of JetStream's
  std::string description;
};
void from_json(const base::Json& json, StoreAnswer& answer) {
  const auto error = json.find("error");
  if (error == json.end()) return;
  error->at("err_code").get_to(answer.error);
  error->at("description").get_to(answer.description);
}

Status StatusOf(natsMsg* stored) {
  if (natsMsg_IsNoResponders(stored))
    return Fail(Code::kUnavailable, "NATS: no stream takes the message");
  REEL_ASSIGN(const auto answer,
              base::ParseJsonAs<StoreAnswer>(BodyOf(stored)));
  if (answer.error == 0) return {};
  return Fail(CodeOf(answer.error), "NATS: store: " + answer.description);
}

// Subscribed to subjects of its own for the answers to one call.
class Answers {
 public:
  Status Open(natsConnection* connection, const char* below) {
    connection_ = connection;
    REEL_TRY(NatsStatus(FillNats(statistics_, natsStatistics_Create), "count"));
    reconnects_ = Reconnects();
    REEL_TRY(NatsStatus(FillNats(inbox_, natsInbox_Create), "inbox"));
    const std::string subject = inbox() + below;
    return NatsStatus(FillNats(subscription_,
                               [&](natsSubscription** out) {
                                 return natsConnection_SubscribeSync(
                                     out, connection, subject.c_str());
                               }),
                      "subscribe");
  }
  std::string inbox() const { return inbox_.get(); }

  // A connection that was made anew since Open may have lost the question or
  // the answer: it ends the wait.
  natsStatus Next(NatsMessage& message, milliseconds within) {
    const auto end = steady_clock::now() + within;
    for (;;) {
      const auto status = FillNats(message, [&](natsMsg** out) {
        return natsSubscription_NextMsg(out, subscription_.get(),
                                        std::min(within, kLookEvery).count());
      });
      if (status != NATS_TIMEOUT || steady_clock::now() >= end) return status;
      if (Reconnects() != reconnects_) return NATS_CONNECTION_DISCONNECTED;
    }
  }

 private:
  uint64_t Reconnects() {
    uint64_t count = 0;
    natsConnection_GetStats(connection_, statistics_.get());
    natsStatistics_GetCounts(statistics_.get(), nullptr, nullptr, nullptr,
                             nullptr, &count);
    return count;
  }
  natsConnection* connection_ = nullptr;  // outlives this
  Inbox inbox_;
  NatsSubscription subscription_;
  Statistics statistics_;
  uint64_t reconnects_ = 0;
};

}  // namespace

NatsOptions NatsOptionsFromEnvironment(
    const std::function<const char*(const char*)>& getenv) {
  NatsOptions options;
  const auto fill = [&](std::string& field, const char* variable) {
    if (const char* value = getenv(variable)) field = value;
  };
  fill(options.url, "REEL_QUEUE_URL");
  fill(options.credentials_file, "REEL_QUEUE_CREDENTIALS");
  fill(options.user, "REEL_QUEUE_USER");
  fill(options.password, "REEL_QUEUE_PASSWORD");
  fill(options.token, "REEL_QUEUE_TOKEN");
  fill(options.ca_file, "REEL_QUEUE_CA");
  return options;
}

Status NatsStatus(natsStatus status, const char* doing) {
  if (status == NATS_OK) return {};
  const char* detail = nats_GetLastError(nullptr);
  return Fail(CodeOf(status),
              fmt::format("NATS: {}: {}{}{}", doing, natsStatus_GetText(status),
                          detail ? ": " : "", detail ? detail : ""));
}

std::string BodyOf(natsMsg* message) {
  return {natsMsg_GetData(message),
          static_cast<size_t>(natsMsg_GetDataLength(message))};
}

Result<std::shared_ptr<const NatsConnection>> NatsConnection::Open(
    const NatsOptions& options) {
  if (!IsName(options.name))
    return Fail(Code::kInvalidArgument, "not a name: " + options.name);
  Options settings;
  REEL_TRY(NatsStatus(FillNats(settings, natsOptions_Create), "options"));
  REEL_TRY(SetOptions(options, settings.get()));
  Handle connection;
  REEL_TRY(NatsStatus(FillNats(connection,
                               [&](natsConnection** out) {
                                 return natsConnection_Connect(out,
                                                               settings.get());
                               }),
                      "connect"));
  JetStream jetstream;
  REEL_TRY(NatsStatus(FillNats(jetstream,
                               [&](jsCtx** out) {
                                 return natsConnection_JetStream(
                                     out, connection.get(), nullptr);
                               }),
                      "JetStream"));
  return std::make_shared<const NatsConnection>(options.name, options.replicas,
                                                std::move(connection),
                                                std::move(jetstream));
}

Status NatsConnection::Persist(const std::function<Status()>& attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto end = steady_clock::now() + kRetryFor;
  for (milliseconds pause = kFirstPause;;
       pause = std::min(pause * 2, kLongestPause)) {
    Status status = attempt();
    if (status || status.error().code != Code::kUnavailable ||
        steady_clock::now() > end)
      return status;
    std::uniform_int_distribution<int64_t> jitter(pause.count() / 2,
                                                  pause.count());
    std::this_thread::sleep_for(milliseconds(jitter(random)));
  }
}

Status NatsConnection::MakeStream(const std::string& stream,
                                  const std::string& subject, Kept kept) const {
  const char* subjects[] = {subject.c_str()};
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = stream.c_str();
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  config.Discard = js_DiscardNew;
  switch (kept) {
    case Kept::kUntilAcknowledged:
      config.Retention = js_WorkQueuePolicy;
      break;
    case Kept::kForAMonth:
      config.Retention = js_LimitsPolicy;
      config.MaxAge = nanoseconds(kMonth).count();
      config.AllowDirect = true;  // reads by subject
      break;
  }
  config.Replicas = replicas_;
  config.Duplicates = nanoseconds(kDuplicatesWindow).count();
  return Persist([&] {
    StreamInfo info;
    jsErrCode error{};
    const auto status = FillNats(info, [&](jsStreamInfo** out) {
      return js_AddStream(out, jetstream(), &config, nullptr, &error);
    });
    if (error == JSStreamNameExistErr) return Status();  // with other settings
    return JetStreamStatus(status, error, "make a stream");
  });
}

Status NatsConnection::MakeConsumer(const Consumer& consumer) const {
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.Durable = consumer.name.c_str();
  config.FilterSubject = consumer.subject.c_str();
  config.AckPolicy = js_AckExplicit;
  config.AckWait = nanoseconds(consumer.redeliver_after).count();
  config.MaxDeliver = -1;
  config.MaxAckPending = kMostHeld;
  return Persist([&] {
    ConsumerInfo info;
    jsErrCode error{};
    const auto status = FillNats(info, [&](jsConsumerInfo** out) {
      return js_AddConsumer(out, jetstream(), consumer.stream.c_str(), &config,
                            nullptr, &error);
    });
    return JetStreamStatus(status, error, "make a consumer");
  });
}

Status NatsConnection::Store(std::span<const Outgoing> messages) const {
  while (!messages.empty()) {
    const auto some = messages.first(std::min(kMostInFlight, messages.size()));
    messages = messages.subspan(some.size());
    std::vector<const Outgoing*> left;
    for (const Outgoing& message : some) left.push_back(&message);
    REEL_TRY(Persist([&] { return StoreOnce(left); }));
  }
  return {};
}

// Leaves in `left` what is not known to be stored. By the protocol itself:
// libnats' js_Publish waits for each message, and its js_PublishAsync tells a
// context of what has failed, not the caller.
Status NatsConnection::StoreOnce(std::vector<const Outgoing*>& left) const {
  Answers answers;
  REEL_TRY(answers.Open(get(), ".*"));
  const std::string inbox = answers.inbox();
  for (size_t i = 0; i < left.size(); ++i) {
    const Outgoing& outgoing = *left[i];
    NatsMessage message;
    auto status = FillNats(message, [&](natsMsg** out) {
      return natsMsg_Create(
          out, outgoing.subject.c_str(), fmt::format("{}.{}", inbox, i).c_str(),
          outgoing.body.data(), static_cast<int>(outgoing.body.size()));
    });
    if (status == NATS_OK)
      status =
          natsMsgHeader_Set(message.get(), "Nats-Msg-Id", outgoing.id.c_str());
    if (status == NATS_OK)
      status = natsConnection_PublishMsg(get(), message.get());
    REEL_TRY(NatsStatus(status, "publish"));
  }
  Status first_failure;
  for (size_t n = left.size(); n > 0; --n) {
    NatsMessage answer;
    if (const auto status = answers.Next(answer, kAnswerWithin)) {
      first_failure = NatsStatus(status, "publish");
      break;
    }
    const std::string_view subject = natsMsg_GetSubject(answer.get());
    size_t i = 0;
    std::from_chars(subject.data() + inbox.size() + 1,
                    subject.data() + subject.size(), i);
    if (const Status stored = StatusOf(answer.get()); stored) {
      left.at(i) = nullptr;
    } else if (first_failure) {
      first_failure = stored;
    }
  }
  std::erase(left, nullptr);
  return first_failure;
}

Result<std::vector<NatsMessage>> NatsConnection::Fetch(
    const std::string& stream, const std::string& consumer, int limit,
    milliseconds wait) const {
  const std::string subject =
      fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", stream, consumer);
  const auto now = [&](int count) {
    return FetchOnce(subject,
                     fmt::format(R"({{"batch": {}, "no_wait": true}})", count),
                     count, kAnswerWithin);
  };
  REEL_ASSIGN(std::vector<NatsMessage> messages, now(limit));
  if (!messages.empty() || wait <= milliseconds(0)) return messages;
  REEL_ASSIGN(messages,
              FetchOnce(subject,
                        fmt::format(R"({{"batch": 1, "expires": {}}})",
                                    nanoseconds(wait).count()),
                        1, wait + kAnswerWithin));
  if (messages.empty() || limit == 1) return messages;
  REEL_ASSIGN(std::vector<NatsMessage> more, now(limit - 1));
  std::ranges::move(more, std::back_inserter(messages));
  return messages;
}

// By the protocol itself: libnats' own Fetch waits for its timeout where there
// is nothing to get. Subjects and bodies: "JetStream wire API Reference" of the
// NATS documentation.
Result<std::vector<NatsMessage>> NatsConnection::FetchOnce(
    const std::string& subject, const std::string& request, int limit,
    milliseconds within) const {
  Answers answers;
  REEL_TRY(answers.Open(get(), ""));
  REEL_TRY(NatsStatus(
      natsConnection_PublishRequestString(
          get(), subject.c_str(), answers.inbox().c_str(), request.c_str()),
      "pull"));
  std::vector<NatsMessage> messages;
  while (static_cast<int>(messages.size()) < limit) {
    NatsMessage message;
    const auto failed = answers.Next(message, within);
    const char* status = nullptr;
    if (!failed &&
        natsMsgHeader_Get(message.get(), "Status", &status) != NATS_OK) {
      messages.push_back(std::move(message));
      continue;
    }
    // What has come is held by us, whatever follows.
    if (!messages.empty()) break;
    REEL_TRY(NatsStatus(failed, "pull"));
    // 404: nothing there; 408: nothing has come.
    if (status == std::string("404") || status == std::string("408")) break;
    return Fail(Code::kUnavailable,
                fmt::format("NATS: pull: status {}", status));
  }
  return messages;
}

Status NatsConnection::Tell(std::span<const std::string> subjects,
                            const std::string& word) const {
  return Persist([&]() -> Status {
    for (const std::string& subject : subjects) {
      REEL_TRY(NatsStatus(
          natsConnection_PublishString(get(), subject.c_str(), word.c_str()),
          "tell"));
    }
    return NatsStatus(natsConnection_FlushTimeout(get(), kAnswerWithin.count()),
                      "tell");
  });
}

}  // namespace reel::platform

#include "platform/nats_queue.h"

#include <fmt/format.h>
#include <nats/nats.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr milliseconds kAnswerWithin = seconds(5);
// A stream that has lost its leader answers again after some seconds.
constexpr seconds kRetryFor{30};
constexpr milliseconds kRetryPause{200};
constexpr milliseconds kReconnectPause{250};
constexpr seconds kListEvery{1};
constexpr seconds kDuplicatesWindow{120};
constexpr int64_t kMostHeld = 1'000'000;  // by all workers together
constexpr char kNoService[] = "any";      // of tasks without one

template <typename T, void (*Free)(T*)>
struct NatsFree {
  void operator()(T* handle) const { Free(handle); }
};
using Connection =
    std::unique_ptr<natsConnection,
                    NatsFree<natsConnection, natsConnection_Destroy>>;
using Context = std::unique_ptr<jsCtx, NatsFree<jsCtx, jsCtx_Destroy>>;
using Options =
    std::unique_ptr<natsOptions, NatsFree<natsOptions, natsOptions_Destroy>>;
using Message = std::unique_ptr<natsMsg, NatsFree<natsMsg, natsMsg_Destroy>>;
using ConsumerInfo =
    std::unique_ptr<jsConsumerInfo,
                    NatsFree<jsConsumerInfo, jsConsumerInfo_Destroy>>;
using ConsumerList =
    std::unique_ptr<jsConsumerInfoList,
                    NatsFree<jsConsumerInfoList, jsConsumerInfoList_Destroy>>;
using StreamInfo =
    std::unique_ptr<jsStreamInfo, NatsFree<jsStreamInfo, jsStreamInfo_Destroy>>;
using PublishAck =
    std::unique_ptr<jsPubAck, NatsFree<jsPubAck, jsPubAck_Destroy>>;

// Fills an owner through the pointer that a C function wants.
template <typename Owner, typename Call>
natsStatus Fill(Owner& owner, Call call) {
  typename Owner::pointer raw = nullptr;
  const natsStatus status = call(&raw);
  owner.reset(raw);
  return status;
}

Code CodeOf(natsStatus status) {
  switch (status) {
    case NATS_INVALID_ARG:
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED:
      return Code::kInvalidArgument;
    case NATS_NO_MEMORY:
    case NATS_INSUFFICIENT_BUFFER:
      return Code::kResourceExhausted;
    case NATS_NOT_FOUND:
      return Code::kNotFound;
    default:
      return Code::kUnavailable;
  }
}

tl::unexpected<base::Error> FailNats(natsStatus status, const char* doing) {
  const char* detail = nats_GetLastError(nullptr);
  return Fail(CodeOf(status),
              fmt::format("NATS: {}: {}{}{}", doing, natsStatus_GetText(status),
                          detail ? ": " : "", detail ? detail : ""));
}

// As NATS wants it: streams and consumers have no "." in their names.
bool IsName(const std::string& name) {
  return !name.empty() && CheckService(name).has_value();
}

class NatsQueue : public TaskQueue {
 public:
  explicit NatsQueue(NatsOptions options) : options_(std::move(options)) {}

  Status Open() {
    if (!IsName(options_.name))
      return Fail(Code::kInvalidArgument, "not a name: " + options_.name);
    Options options;
    if (const auto status = Fill(options, natsOptions_Create))
      return FailNats(status, "options");
    std::vector<std::string> urls;
    for (size_t at = 0; at <= options_.url.size();) {
      const size_t comma =
          std::min(options_.url.find(',', at), options_.url.size());
      urls.push_back(options_.url.substr(at, comma - at));
      at = comma + 1;
    }
    std::vector<const char*> servers;
    for (const std::string& url : urls) servers.push_back(url.c_str());
    natsOptions_SetServers(options.get(), servers.data(),
                           static_cast<int>(servers.size()));
    natsOptions_SetMaxReconnect(options.get(), -1);
    natsOptions_SetReconnectWait(options.get(), kReconnectPause.count());
    if (const auto status = Fill(connection_, [&](natsConnection** out) {
          return natsConnection_Connect(out, options.get());
        }))
      return FailNats(status, "connect");
    if (const auto status = Fill(context_, [&](jsCtx** out) {
          return natsConnection_JetStream(out, connection_.get(), nullptr);
        }))
      return FailNats(status, "JetStream");
    return MakeStream();
  }

  Status Publish(std::span<const QueuedTask> tasks) override {
    for (const QueuedTask& task : tasks) REEL_TRY(CheckQueued(task));
    std::vector<QueuedTask> ordered(tasks.begin(), tasks.end());
    std::ranges::stable_sort(ordered, std::ranges::greater{},
                             &QueuedTask::cost);
    for (const QueuedTask& task : ordered) REEL_TRY(PublishOne(task));
    return {};
  }

  Result<std::optional<Lease>> Pull(std::span<const std::string> services,
                                    milliseconds duration) override {
    REEL_ASSIGN(auto leases, PullSome(services, kLeastPriority, 1, duration));
    if (leases.empty()) return std::nullopt;
    return std::move(leases.front());
  }

  Result<std::vector<Lease>> PullSome(std::span<const std::string> services,
                                      int least_priority, int limit,
                                      milliseconds duration) override {
    if (duration != options_.lease) {
      return Fail(Code::kInvalidArgument,
                  fmt::format("a lease of {} ms: this queue's are {} ms",
                              duration.count(), options_.lease.count()));
    }
    for (const std::string& service : services) REEL_TRY(CheckService(service));
    REEL_ASSIGN(const std::vector<Waiting> known, KnownConsumers());
    std::vector<Lease> leases;
    for (const Waiting& consumer : known) {
      if (consumer.priority < least_priority) break;
      if (!services.empty() &&
          std::ranges::find(services, consumer.service) == services.end())
        continue;
      while (static_cast<int>(leases.size()) < limit) {
        REEL_ASSIGN(auto lease, PullFrom(consumer.name));
        if (!lease) break;
        leases.push_back(*std::move(lease));
      }
    }
    return leases;
  }

  Result<std::vector<ServiceDepth>> Depths() override {
    REEL_ASSIGN(const std::vector<Waiting> waiting, Consumers());
    std::vector<ServiceDepth> depths;
    for (const Waiting& consumer : waiting) {
      depths.push_back({consumer.service,
                        consumer.priority,
                        {consumer.ready, consumer.held}});
    }
    return depths;
  }

  Status Extend(const Lease& lease, milliseconds duration) override {
    if (duration != options_.lease) {
      return Fail(Code::kInvalidArgument,
                  "a lease of this queue is as long as another");
    }
    std::string reply;
    {
      const std::lock_guard lock(mu_);
      const auto held = held_.find(lease.task_id);
      if (held == held_.end() || held->second.token != lease.token)
        return Stale(lease);
      reply = held->second.reply;
    }
    return Answer(reply, "+WPI", "extend");
  }

  // The server says that it has it: a task that is done should stay so.
  Status Ack(const Lease& lease) override {
    REEL_ASSIGN(const std::string reply, Take(lease));
    return Answer(reply, "+ACK", "acknowledge");
  }

  Status Nak(const Lease& lease, milliseconds delay) override {
    REEL_ASSIGN(const std::string reply, Take(lease));
    return Answer(
        reply,
        fmt::format("-NAK {{\"delay\": {}}}", nanoseconds(delay).count()),
        "hand back");
  }

  Result<QueueDepth> Depth() override {
    QueueDepth depth;
    REEL_ASSIGN(const std::vector<Waiting> waiting, Consumers());
    for (const Waiting& consumer : waiting) {
      depth.ready += consumer.ready;
      depth.held += consumer.held;
    }
    return depth;
  }

 private:
  struct Held {
    int64_t token = 0;
    std::string reply;  // subject for what becomes of it
  };
  struct Waiting {
    std::string name;  // the consumer's
    std::string service;
    int priority = 0;
    int64_t ready = 0, held = 0;
  };

  static tl::unexpected<base::Error> Stale(const Lease& lease) {
    return Fail(Code::kConflict, fmt::format("lease {} of task {} is stale",
                                             lease.token, lease.task_id));
  }

  std::string StreamName() const { return options_.name; }
  std::string SubjectOf(const std::string& service, int priority) const {
    return fmt::format("{}.task.{}.{}", options_.name,
                       service.empty() ? kNoService : service, priority);
  }
  // "reel-9-encode": names tell what they are for.
  std::string ConsumerOf(const std::string& service, int priority) const {
    return fmt::format("{}-{}-{}", options_.name, priority,
                       service.empty() ? kNoService : service);
  }

  Status MakeStream() {
    const std::string subject = options_.name + ".task.*.*";
    const std::string stream = StreamName();
    const char* subjects[] = {subject.c_str()};
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = stream.c_str();
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Retention = js_WorkQueuePolicy;
    config.Storage = js_FileStorage;
    config.Discard = js_DiscardNew;
    config.Replicas = options_.replicas;
    config.Duplicates = nanoseconds(kDuplicatesWindow).count();
    StreamInfo info;
    return Persist("make the stream", [&] {
      jsErrCode error{};
      const auto status = Fill(info, [&](jsStreamInfo** out) {
        return js_AddStream(out, context_.get(), &config, nullptr, &error);
      });
      return error == JSStreamNameExistErr ? NATS_OK : status;
    });
  }

  // Subjects have their consumers before anything is published to them.
  Status EnsureConsumer(const std::string& service, int priority) {
    const std::string name = ConsumerOf(service, priority);
    {
      const std::lock_guard lock(mu_);
      if (made_.contains(name)) return {};
    }
    const std::string subject = SubjectOf(service, priority);
    jsConsumerConfig config;
    jsConsumerConfig_Init(&config);
    config.Durable = name.c_str();
    config.FilterSubject = subject.c_str();
    config.AckPolicy = js_AckExplicit;
    config.AckWait = nanoseconds(options_.lease).count();
    config.MaxDeliver = -1;
    config.MaxAckPending = kMostHeld;
    ConsumerInfo info;
    REEL_TRY(Persist("make a consumer", [&] {
      return Fill(info, [&](jsConsumerInfo** out) {
        return js_AddConsumer(out, context_.get(), StreamName().c_str(),
                              &config, nullptr, nullptr);
      });
    }));
    const std::lock_guard lock(mu_);
    made_.insert(name);
    listed_until_ = {};
    return {};
  }

  Status PublishOne(const QueuedTask& task) {
    REEL_TRY(EnsureConsumer(task.service, task.priority));
    const std::string subject = SubjectOf(task.service, task.priority);
    // One number for all tries of this publication.
    const std::string id = fmt::format("{}/{}/{}", task.task_id, instance_,
                                       publications_.fetch_add(1));
    jsPubOptions options;
    jsPubOptions_Init(&options);
    options.MsgId = id.c_str();
    options.MaxWait = kAnswerWithin.count();
    return Persist("publish", [&] {
      PublishAck ack;
      return Fill(ack, [&](jsPubAck** out) {
        return js_Publish(
            out, context_.get(), subject.c_str(), task.task_id.data(),
            static_cast<int>(task.task_id.size()), &options, nullptr);
      });
    });
  }

  // All of ours, highest priority first.
  Result<std::vector<Waiting>> Consumers() {
    ConsumerList list;
    REEL_TRY(Persist("list the consumers", [&] {
      return Fill(list, [&](jsConsumerInfoList** out) {
        return js_Consumers(out, context_.get(), StreamName().c_str(), nullptr,
                            nullptr);
      });
    }));
    std::vector<Waiting> found;
    for (int i = 0; list && i < list->Count; ++i) {
      const jsConsumerInfo& info = *list->List[i];
      Waiting one{.name = info.Name,
                  .service = {},
                  .ready = static_cast<int64_t>(info.NumPending),
                  .held = info.NumAckPending};
      const size_t at = options_.name.size() + 1;
      if (one.name.size() < at + 3) continue;
      one.priority = one.name[at] - '0';
      one.service = one.name.substr(at + 2);
      found.push_back(std::move(one));
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &Waiting::priority);
    return found;
  }

  // As of no longer ago than kListEvery, for names alone.
  Result<std::vector<Waiting>> KnownConsumers() {
    const auto now = std::chrono::steady_clock::now();
    {
      const std::lock_guard lock(mu_);
      if (now < listed_until_) return known_;
    }
    REEL_ASSIGN(std::vector<Waiting> known, Consumers());
    const std::lock_guard lock(mu_);
    known_ = std::move(known);
    listed_until_ = now + kListEvery;
    return known_;
  }

  // By the protocol itself: libnats' own Fetch waits for its timeout where
  // there is nothing to get. Subjects and bodies: "JetStream wire API
  // Reference" of the NATS documentation.
  Result<std::optional<Lease>> PullFrom(const std::string& consumer) {
    const std::string subject =
        fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", StreamName(), consumer);
    Message message;
    if (const auto status = Fill(message, [&](natsMsg** out) {
          return natsConnection_RequestString(
              out, connection_.get(), subject.c_str(),
              R"({"batch": 1, "no_wait": true})", kAnswerWithin.count());
        }))
      return FailNats(status, "pull");
    const char* status = nullptr;  // 404: nothing there
    if (natsMsgHeader_Get(message.get(), "Status", &status) == NATS_OK)
      return std::nullopt;
    Held held{.token = 0, .reply = natsMsg_GetReply(message.get())};
    REEL_ASSIGN(held.token, TokenOf(held.reply));
    Lease lease{
        .task_id = {natsMsg_GetData(message.get()),
                    static_cast<size_t>(natsMsg_GetDataLength(message.get()))},
        .token = held.token};
    const std::lock_guard lock(mu_);
    held_[lease.task_id] = std::move(held);
    return lease;
  }

  // Of "$JS.ACK.stream.consumer.deliveries.sequence.…", with two names more
  // before the stream where servers have domains. Grows with every delivery of
  // a message, and with every message.
  static Result<int64_t> TokenOf(const std::string& reply) {
    constexpr int64_t kDeliveries = 1 << 16;
    std::vector<std::string> words;
    std::istringstream stream(reply);
    for (std::string word; std::getline(stream, word, '.');)
      words.push_back(word);
    const size_t first = words.size() >= 12 ? 6 : 4;
    int64_t deliveries = 0, sequence = 0;
    const auto read = [&](size_t at, int64_t& number) {
      const std::string& word = words[at];
      return std::from_chars(word.data(), word.data() + word.size(), number)
                 .ec == std::errc();
    };
    if (words.size() < first + 2 || !read(first, deliveries) ||
        !read(first + 1, sequence))
      return Fail(Code::kUnavailable, "NATS: not a delivery: " + reply);
    return sequence * kDeliveries + std::min(deliveries, kDeliveries - 1);
  }

  // Says what becomes of a delivery, and waits until the server has it.
  Status Answer(const std::string& reply, const std::string& what,
                const char* doing) {
    Message message;
    if (const auto status = Fill(message, [&](natsMsg** out) {
          return natsConnection_RequestString(out, connection_.get(),
                                              reply.c_str(), what.c_str(),
                                              kAnswerWithin.count());
        }))
      return FailNats(status, doing);
    return {};
  }

  // Ends a lease; the subject of its delivery.
  Result<std::string> Take(const Lease& lease) {
    const std::lock_guard lock(mu_);
    const auto held = held_.find(lease.task_id);
    if (held == held_.end() || held->second.token != lease.token)
      return Stale(lease);
    std::string reply = std::move(held->second.reply);
    held_.erase(held);
    return reply;
  }

  // While the server restarts or elects a leader.
  template <typename Call>
  Status Persist(const char* doing, Call call) {
    const auto end = std::chrono::steady_clock::now() + kRetryFor;
    for (;;) {
      const natsStatus status = call();
      if (status == NATS_OK) return {};
      if (CodeOf(status) != Code::kUnavailable ||
          std::chrono::steady_clock::now() > end)
        return FailNats(status, doing);
      std::this_thread::sleep_for(kRetryPause);
    }
  }

  static std::string RandomName() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
  }

  NatsOptions options_;
  Connection connection_;
  Context context_;
  const std::string instance_ = RandomName();
  std::atomic<int64_t> publications_ = 0;
  std::mutex mu_;                     // all below
  std::map<std::string, Held> held_;  // by task
  std::set<std::string> made_;        // consumers that there are
  std::vector<Waiting> known_;
  std::chrono::steady_clock::time_point listed_until_;
};

}  // namespace

Result<std::unique_ptr<TaskQueue>> OpenNatsQueue(const NatsOptions& options) {
  auto queue = std::make_unique<NatsQueue>(options);
  REEL_TRY(queue->Open());
  return queue;
}

}  // namespace reel::platform

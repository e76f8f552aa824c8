#include "platform/nats_queue.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "base/json.h"
#include "platform/job_board.h"

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
constexpr seconds kListEvery{5};
constexpr char kNoService[] = "-";  // of tasks without one
constexpr int kVersion = 1;         // of messages

using ConsumerList =
    std::unique_ptr<jsConsumerInfoList,
                    NatsFree<jsConsumerInfoList, jsConsumerInfoList_Destroy>>;
using ConsumerNames =
    std::unique_ptr<jsConsumerNamesList,
                    NatsFree<jsConsumerNamesList, jsConsumerNamesList_Destroy>>;

// What a message of the queue says: docs/formats/nats.md.
struct TaskMessage {
  std::string task_id, payload;
};
void to_json(base::Json& json, const TaskMessage& message) {
  json = {{"version", kVersion},
          {"task_id", message.task_id},
          {"payload", message.payload}};
}
void from_json(const base::Json& json, TaskMessage& message) {
  json.at("task_id").get_to(message.task_id);
  json.at("payload").get_to(message.payload);
}

// What a message of the dead letters says; their tokens are their places.
struct DeadMessage {
  DeadLetter letter;
};
void to_json(base::Json& json, const DeadMessage& message) {
  const DeadLetter& letter = message.letter;
  json = {{"version", kVersion},
          {"task_id", letter.task.task_id},
          {"service", letter.task.service},
          {"priority", letter.task.priority},
          {"payload", letter.task.payload},
          {"deliveries", letter.deliveries}};
}
void from_json(const base::Json& json, DeadMessage& message) {
  DeadLetter& letter = message.letter;
  json.at("task_id").get_to(letter.task.task_id);
  json.at("service").get_to(letter.task.service);
  json.at("priority").get_to(letter.task.priority);
  json.at("payload").get_to(letter.task.payload);
  json.at("deliveries").get_to(letter.deliveries);
}

class NatsQueue : public TaskQueue {
 public:
  NatsQueue(std::shared_ptr<const NatsConnection> connection,
            milliseconds lease)
      : connection_(std::move(connection)), lease_(lease) {}

  Status Open(std::span<const std::string> services) {
    using Kept = NatsConnection::Kept;
    REEL_TRY(connection_->MakeStream(StreamName(), StreamName() + ".task.*.*",
                                     Kept::kUntilAcknowledged));
    REEL_TRY(
        connection_->MakeStream(DeadName(), DeadSubject(), Kept::kForAMonth));
    for (const std::string& service : services) {
      for (const JobPriority priority : kJobPriorities)
        REEL_TRY(EnsureConsumer(service, static_cast<int>(priority)));
    }
    return {};
  }

  Status Publish(std::span<const QueuedTask> tasks) override {
    for (const QueuedTask& task : tasks) REEL_TRY(CheckQueued(task));
    std::vector<const QueuedTask*> ordered;
    for (const QueuedTask& task : tasks) {
      REEL_TRY(EnsureConsumer(task.service, task.priority));
      ordered.push_back(&task);
    }
    std::ranges::stable_sort(ordered, std::ranges::greater{},
                             &QueuedTask::cost);
    std::vector<NatsConnection::Outgoing> messages;
    for (const QueuedTask* task : ordered) {
      messages.push_back(
          {SubjectOf(task->service, task->priority),
           // One number for all tries of this publication.
           fmt::format("{}/{}/{}", task->task_id, instance_,
                       publications_.fetch_add(1)),
           base::DumpJson(TaskMessage{task->task_id, task->payload})});
    }
    return connection_->Store(messages);
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
    if (duration != lease_) {
      return Fail(Code::kInvalidArgument,
                  fmt::format("a lease of {} ms: this queue's are {} ms",
                              duration.count(), lease_.count()));
    }
    for (const std::string& service : services) REEL_TRY(CheckService(service));
    REEL_ASSIGN(const std::vector<Consumer> consumers, ConsumersToAsk());
    std::vector<Lease> leases;
    for (const Consumer& consumer : consumers) {
      const int missing = limit - static_cast<int>(leases.size());
      if (consumer.priority < least_priority || missing <= 0) break;
      if (!services.empty() &&
          std::ranges::find(services, consumer.service) == services.end())
        continue;
      const Status pulled = PullFrom(consumer, missing, leases);
      // What we have is held by us already.
      if (!pulled && leases.empty()) return tl::unexpected(pulled.error());
      if (!pulled) break;
    }
    return leases;
  }

  // Does not wait for the server's answer: a worker says this again long before
  // the lease ends.
  Status Extend(const Lease& lease, milliseconds duration) override {
    if (duration != lease_) {
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
    return NatsStatus(
        natsConnection_PublishString(connection_->get(), reply.c_str(), "+WPI"),
        "extend");
  }

  // The server says that it has it: a task that is done should stay so.
  Status Ack(const Lease& lease) override {
    REEL_ASSIGN(const std::string reply, Take(lease));
    return Answer(reply, "+ACK", "acknowledge");
  }

  Status Nak(const Lease& lease, milliseconds delay) override {
    REEL_ASSIGN(const std::string reply, Take(lease));
    if (delay <= milliseconds(0)) return Answer(reply, "-NAK", "hand back");
    return Answer(
        reply,
        fmt::format("-NAK {{\"delay\": {}}}", nanoseconds(delay).count()),
        "hand back");
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
    ConsumerList list;
    REEL_TRY(NatsConnection::Persist([&] {
      const natsStatus status = FillNats(list, [&](jsConsumerInfoList** out) {
        return js_Consumers(out, connection_->jetstream(), StreamName().c_str(),
                            nullptr, nullptr);
      });
      if (status == NATS_NOT_FOUND) return Status();  // there is none yet
      return NatsStatus(status, "list the consumers");
    }));
    std::vector<ServiceDepth> depths;
    for (int i = 0; list && i < list->Count; ++i) {
      const jsConsumerInfo& info = *list->List[i];
      if (const auto consumer = ConsumerOf(info.Name)) {
        depths.push_back(
            {consumer->service,
             consumer->priority,
             {static_cast<int64_t>(info.NumPending), info.NumAckPending}});
      }
    }
    return depths;
  }

  Result<std::vector<DeadLetter>> DeadLetters(int limit) override {
    std::vector<DeadLetter> letters;
    for (uint64_t next = 1; static_cast<int>(letters.size()) < limit; ++next) {
      REEL_ASSIGN(const NatsMessage message, NextDead(next));
      if (!message) break;
      next = natsMsg_GetSequence(message.get());
      REEL_ASSIGN(DeadMessage dead,
                  base::ParseJsonAs<DeadMessage>(BodyOf(message.get())));
      dead.letter.token = static_cast<int64_t>(next);
      dead.letter.at_ms =
          natsMsg_GetTime(message.get()) / nanoseconds(milliseconds(1)).count();
      letters.push_back(std::move(dead.letter));
    }
    return letters;
  }

  Status Discard(const DeadLetter& letter) override {
    const auto place = static_cast<uint64_t>(letter.token);
    return NatsConnection::Persist([&]() -> Status {
      // The server's error for one that is gone already says nothing of that.
      NatsMessage message;
      const auto found = FillNats(message, [&](natsMsg** out) {
        return js_GetMsg(out, connection_->jetstream(), DeadName().c_str(),
                         place, nullptr, nullptr);
      });
      if (found == NATS_NOT_FOUND) return {};
      return NatsStatus(
          js_DeleteMsg(connection_->jetstream(), DeadName().c_str(), place,
                       nullptr, nullptr),
          "discard a dead letter");
    });
  }

 private:
  struct Delivery {
    std::string reply = {};           // subject for what becomes of it
    int64_t sequence = 0, count = 0;  // of the message; of its deliveries
    // Grows with every delivery of a message, and with every message.
    int64_t Token() const {
      constexpr int64_t kDeliveries = 1 << 16;
      return sequence * kDeliveries + std::min(count, kDeliveries - 1);
    }
  };
  struct Held {
    int64_t token = 0;
    std::string reply;  // subject for what becomes of it
  };
  struct Consumer {
    std::string name, service;
    int priority = 0;
  };

  static tl::unexpected<base::Error> Stale(const Lease& lease) {
    return Fail(Code::kConflict, fmt::format("lease {} of task {} is stale",
                                             lease.token, lease.task_id));
  }

  const std::string& StreamName() const { return connection_->name(); }
  std::string DeadName() const { return StreamName() + "_dead"; }
  std::string DeadSubject() const { return StreamName() + ".dead"; }
  static std::string WordOf(const std::string& service) {
    return service.empty() ? kNoService : service;
  }
  std::string SubjectOf(const std::string& service, int priority) const {
    return fmt::format("{}.task.{}.{}", connection_->name(), WordOf(service),
                       priority);
  }
  // "reel-9-encode": names tell what they are for.
  std::string NameOf(const std::string& service, int priority) const {
    return fmt::format("{}-{}-{}", connection_->name(), priority,
                       WordOf(service));
  }
  // The inverse; nullopt for one that is not ours.
  std::optional<Consumer> ConsumerOf(const std::string& name) const {
    const std::string prefix = connection_->name() + "-";
    if (!name.starts_with(prefix) || name.size() < prefix.size() + 3)
      return std::nullopt;
    const std::string service = name.substr(prefix.size() + 2);
    return Consumer{.name = name,
                    .service = service == kNoService ? "" : service,
                    .priority = name[prefix.size()] - '0'};
  }

  // Subjects have their consumers before anything is published to them.
  Status EnsureConsumer(const std::string& service, int priority) {
    const std::string name = NameOf(service, priority);
    {
      const std::lock_guard lock(mu_);
      if (made_.contains(name)) return {};
    }
    REEL_TRY(connection_->MakeConsumer({
        StreamName(),
        name,
        SubjectOf(service, priority),
        lease_,
    }));
    const std::lock_guard lock(mu_);
    made_.insert(name);
    listed_until_ = {};
    return {};
  }

  // Highest priority first, and within one each comes first in its turn.
  Result<std::vector<Consumer>> ConsumersToAsk() {
    REEL_ASSIGN(std::vector<Consumer> consumers, KnownConsumers());
    if (!consumers.empty()) {
      const auto turn = pulls_.fetch_add(1) % consumers.size();
      std::ranges::rotate(consumers,
                          consumers.begin() + static_cast<ptrdiff_t>(turn));
    }
    std::ranges::stable_sort(consumers, std::ranges::greater{},
                             &Consumer::priority);
    return consumers;
  }

  // As of no longer ago than kListEvery: thousands of workers ask.
  Result<std::vector<Consumer>> KnownConsumers() {
    const auto now = std::chrono::steady_clock::now();
    {
      const std::lock_guard lock(mu_);
      if (now < listed_until_) return known_;
    }
    ConsumerNames names;
    REEL_TRY(NatsStatus(FillNats(names,
                                 [&](jsConsumerNamesList** out) {
                                   return js_ConsumerNames(
                                       out, connection_->jetstream(),
                                       StreamName().c_str(), nullptr, nullptr);
                                 }),
                        "list the consumers"));
    std::vector<Consumer> known;
    for (int i = 0; names && i < names->Count; ++i) {
      if (auto consumer = ConsumerOf(names->List[i]))
        known.push_back(*std::move(consumer));
    }
    const std::lock_guard lock(mu_);
    known_ = std::move(known);
    listed_until_ = now + kListEvery;
    return known_;
  }

  // Of "$JS.ACK.stream.consumer.deliveries.sequence.…", with two names more
  // before the stream where servers have domains.
  static Result<Delivery> DeliveryOf(const std::string& reply) {
    std::vector<std::string> words;
    std::istringstream stream(reply);
    for (std::string word; std::getline(stream, word, '.');)
      words.push_back(word);
    const size_t first = words.size() >= 12 ? 6 : 4;
    Delivery delivery{.reply = reply};
    const auto read = [&](size_t at, int64_t& number) {
      const std::string& word = words[at];
      return std::from_chars(word.data(), word.data() + word.size(), number)
                 .ec == std::errc();
    };
    if (words.size() < first + 2 || !read(first, delivery.count) ||
        !read(first + 1, delivery.sequence))
      return Fail(Code::kUnavailable, "NATS: not a delivery: " + reply);
    return delivery;
  }

  // Appends up to `limit` leases.
  Status PullFrom(const Consumer& consumer, int limit,
                  std::vector<Lease>& leases) {
    for (int missing = limit; missing > 0;) {
      REEL_ASSIGN(const std::vector<NatsMessage> messages,
                  connection_->Fetch(StreamName(), consumer.name, missing,
                                     milliseconds(0)));
      missing = 0;
      for (const NatsMessage& message : messages) {
        REEL_ASSIGN(auto lease, LeaseOf(message.get(), consumer));
        if (lease) {
          leases.push_back(*std::move(lease));
        } else {
          ++missing;
        }
      }
    }
    return {};
  }

  // Nullopt: it has been delivered often enough, or cannot be read.
  Result<std::optional<Lease>> LeaseOf(natsMsg* message,
                                       const Consumer& consumer) {
    REEL_ASSIGN(const Delivery delivery, DeliveryOf(natsMsg_GetReply(message)));
    const std::string body = BodyOf(message);
    auto task = base::ParseJsonAs<TaskMessage>(body);
    if (!task || delivery.count > kMostDeliveries) {
      REEL_TRY(Bury({.task_id = task ? task->task_id : "",
                     .priority = consumer.priority,
                     .service = consumer.service,
                     .payload = task ? task->payload : body},
                    delivery));
      return std::nullopt;
    }
    Lease lease{.task_id = std::move(task->task_id),
                .token = delivery.Token(),
                .payload = std::move(task->payload),
                .priority = consumer.priority};
    const std::lock_guard lock(mu_);
    held_[lease.task_id] = {lease.token, delivery.reply};
    return lease;
  }

  // By who pulls it once too often. The server's own limit would leave the
  // message in the stream for ever, and his request without an answer.
  Status Bury(QueuedTask task, const Delivery& delivery) {
    const DeadMessage dead{
        {.task = std::move(task),
         .deliveries = static_cast<int>(delivery.count - 1)}};
    spdlog::warn("task {} of service \"{}\" is given up after {} deliveries",
                 dead.letter.task.task_id, dead.letter.task.service,
                 dead.letter.deliveries);
    const NatsConnection::Outgoing message{
        DeadSubject(), fmt::format("dead/{}", delivery.sequence),
        base::DumpJson(dead)};
    REEL_TRY(connection_->Store(std::span(&message, 1)));
    return Answer(delivery.reply, "+ACK", "give up a task");
  }

  // The first one from that number on; null: there is none.
  Result<NatsMessage> NextDead(uint64_t from) {
    const std::string subject = DeadSubject();
    jsDirectGetMsgOptions options;
    jsDirectGetMsgOptions_Init(&options);
    options.Sequence = from;
    options.NextBySubject = subject.c_str();
    NatsMessage message;
    const auto status = FillNats(message, [&](natsMsg** out) {
      return js_DirectGetMsg(out, connection_->jetstream(), DeadName().c_str(),
                             nullptr, &options);
    });
    if (status != NATS_NOT_FOUND)
      REEL_TRY(NatsStatus(status, "read a dead letter"));
    return message;
  }

  // Says what becomes of a delivery, and waits until the server has it.
  Status Answer(const std::string& reply, const std::string& what,
                const char* doing) {
    return NatsConnection::Persist([&] {
      NatsMessage message;
      return NatsStatus(FillNats(message,
                                 [&](natsMsg** out) {
                                   return natsConnection_RequestString(
                                       out, connection_->get(), reply.c_str(),
                                       what.c_str(), kAnswerWithin.count());
                                 }),
                        doing);
    });
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

  static std::string RandomName() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
  }

  const std::shared_ptr<const NatsConnection> connection_;
  const milliseconds lease_;
  const std::string instance_ = RandomName();
  std::atomic<int64_t> publications_ = 0;
  std::atomic<size_t> pulls_ = 0;
  std::mutex mu_;                     // all below
  std::map<std::string, Held> held_;  // by task
  std::set<std::string> made_;        // consumers that there are
  std::vector<Consumer> known_;
  std::chrono::steady_clock::time_point listed_until_;
};

}  // namespace

Result<std::unique_ptr<TaskQueue>> OpenNatsQueue(
    std::shared_ptr<const NatsConnection> connection, milliseconds lease,
    std::span<const std::string> services) {
  auto queue = std::make_unique<NatsQueue>(std::move(connection), lease);
  REEL_TRY(queue->Open(services));
  return queue;
}

}  // namespace reel::platform

#include "platform/nats_bus.h"

#include <latch>
#include <map>
#include <mutex>
#include <utility>

namespace reel::platform {
namespace {

using base::Result;
using base::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kAnswerWithin = seconds(5);
constexpr char kRecorder[] = "recorder";  // the consumer of the reports
constexpr char kQueueGroup[] = "answerers";

using Connection = std::shared_ptr<const NatsConnection>;
using OnMessage = std::function<void(natsMsg* message)>;

class Subscribed : public MessageBus::Subscription {
 public:
  explicit Subscribed(Connection connection, OnMessage on_message)
      : connection_(std::move(connection)),
        on_message_(std::move(on_message)) {}
  ~Subscribed() override {
    if (subscription_ == nullptr) return;
    natsSubscription_Unsubscribe(subscription_.get());
    ended_.wait();
  }
  Subscribed(const Subscribed&) = delete;
  Subscribed& operator=(const Subscribed&) = delete;

  //   group  one of all in it gets a message; nullptr: everybody does
  Status Open(const std::string& subject, const char* group) {
    natsConnection* connection = connection_->get();
    auto status = FillNats(subscription_, [&](natsSubscription** out) {
      return group == nullptr
                 ? natsConnection_Subscribe(out, connection, subject.c_str(),
                                            Receive, this)
                 : natsConnection_QueueSubscribe(
                       out, connection, subject.c_str(), group, Receive, this);
    });
    REEL_TRY(NatsStatus(status, "listen"));
    status = natsSubscription_SetOnCompleteCB(subscription_.get(), End, this);
    if (status != NATS_OK) ended_.count_down();  // it has ended already
    // The server knows of it from here on.
    if (status == NATS_OK)
      status = natsConnection_FlushTimeout(connection, kAnswerWithin.count());
    return NatsStatus(status, "listen");
  }

 private:
  static void Receive(natsConnection*, natsSubscription*, natsMsg* message,
                      void* self) {
    const NatsMessage owner(message);
    static_cast<Subscribed*>(self)->on_message_(message);
  }
  static void End(void* self) {
    static_cast<Subscribed*>(self)->ended_.count_down();
  }

  const Connection connection_;
  const OnMessage on_message_;
  std::latch ended_{1};
  NatsSubscription subscription_;
};

class NatsBus : public MessageBus {
 public:
  NatsBus(Connection connection, milliseconds redeliver_after)
      : connection_(std::move(connection)), redeliver_after_(redeliver_after) {}

  Status Open() {
    REEL_TRY(connection_->MakeStream(Reports(), ReportSubject(),
                                     NatsConnection::Kept::kUntilAcknowledged));
    return connection_->MakeConsumer(
        {Reports(), kRecorder, ReportSubject(), redeliver_after_});
  }

  Status Send(const std::string& subject, const std::string& body) override {
    REEL_TRY(CheckMessage(subject, body));
    return NatsStatus(
        natsConnection_Publish(connection_->get(), SubjectOf(subject).c_str(),
                               body.data(), static_cast<int>(body.size())),
        "send");
  }

  Result<std::unique_ptr<Subscription>> Listen(const std::string& subject,
                                               Handler handler) override {
    return Subscribe(subject, nullptr,
                     [handler = std::move(handler)](natsMsg* message) {
                       handler(BodyOf(message));
                     });
  }

  Result<std::string> Ask(const std::string& subject,
                          const std::string& question,
                          milliseconds timeout) override {
    REEL_TRY(CheckMessage(subject, question));
    NatsMessage answer;
    REEL_TRY(NatsStatus(
        FillNats(answer,
                 [&](natsMsg** out) {
                   return natsConnection_Request(
                       out, connection_->get(), SubjectOf(subject).c_str(),
                       question.data(), static_cast<int>(question.size()),
                       timeout.count());
                 }),
        "ask"));
    return BodyOf(answer.get());
  }

  // An answer that is given after the connection has ended goes nowhere.
  Result<std::unique_ptr<Subscription>> Answer(const std::string& subject,
                                               Answerer answerer) override {
    return Subscribe(
        subject, kQueueGroup,
        [weak = std::weak_ptr(connection_),
         answerer = std::move(answerer)](natsMsg* message) {
          const char* to = natsMsg_GetReply(message);
          if (to == nullptr) return;  // sent, not asked
          answerer(BodyOf(message),
                   [weak, to = std::string(to)](const std::string& answer) {
                     if (const auto connection = weak.lock())
                       natsConnection_Publish(connection->get(), to.c_str(),
                                              answer.data(),
                                              static_cast<int>(answer.size()));
                   });
        });
  }

  Status PutReport(const std::string& id, const std::string& body) override {
    REEL_TRY(CheckReport(id, body));
    const NatsConnection::Outgoing report{ReportSubject(), id, body};
    return connection_->Store(std::span(&report, 1));
  }

  Result<std::vector<Report>> TakeReports(int limit,
                                          milliseconds wait) override {
    REEL_ASSIGN(const std::vector<NatsMessage> messages,
                connection_->Fetch(Reports(), kRecorder, limit, wait));
    const auto now = steady_clock::now();
    const std::lock_guard lock(mu_);
    // What is given out again is somebody else's: a late word of it is not
    // worth remembering it for ever.
    std::erase_if(given_, [&](const auto& given) {
      return now - given.second.at > 2 * redeliver_after_;
    });
    std::vector<Report> reports;
    for (const NatsMessage& message : messages) {
      const int64_t token = ++last_token_;
      given_[token] = {natsMsg_GetReply(message.get()), now};
      reports.push_back({BodyOf(message.get()), token});
    }
    return reports;
  }

  Status DoneWith(std::span<const Report> reports) override {
    std::vector<std::string> replies;
    {
      const std::lock_guard lock(mu_);
      for (const Report& report : reports) {
        const auto given = given_.find(report.token);
        if (given == given_.end()) continue;
        replies.push_back(std::move(given->second.reply));
        given_.erase(given);
      }
    }
    return connection_->Tell(replies, "+ACK");
  }

 private:
  struct Given {
    std::string reply;  // subject for what becomes of it
    steady_clock::time_point at;
  };

  Result<std::unique_ptr<Subscription>> Subscribe(const std::string& subject,
                                                  const char* group,
                                                  OnMessage on_message) {
    REEL_TRY(CheckMessage(subject, ""));
    auto subscribed =
        std::make_unique<Subscribed>(connection_, std::move(on_message));
    REEL_TRY(subscribed->Open(SubjectOf(subject), group));
    return subscribed;
  }

  std::string SubjectOf(const std::string& subject) const {
    return connection_->name() + ".bus." + subject;
  }
  std::string Reports() const { return connection_->name() + "_reports"; }
  std::string ReportSubject() const { return connection_->name() + ".report"; }

  const Connection connection_;
  const milliseconds redeliver_after_;
  std::mutex mu_;  // all below
  std::map<int64_t, Given> given_;
  int64_t last_token_ = 0;
};

}  // namespace

Result<std::unique_ptr<MessageBus>> OpenNatsBus(Connection connection,
                                                milliseconds redeliver_after) {
  auto bus = std::make_unique<NatsBus>(std::move(connection), redeliver_after);
  REEL_TRY(bus->Open());
  return bus;
}

}  // namespace reel::platform

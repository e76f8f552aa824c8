// A message bus within a process, for tests of what talks over one.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/message_bus.h"

namespace reel::testing {

// What several buses share; outlives them and all that they made.
class MemoryBusHub {
 public:
  explicit MemoryBusHub(
      std::chrono::milliseconds redeliver_after = std::chrono::seconds(30))
      : redeliver_after_(redeliver_after) {}

 private:
  friend class MemoryBus;
  using Clock = std::chrono::steady_clock;
  struct Message {
    std::string body;
    platform::MessageBus::Reply reply;  // of questions
  };
  // Hands one message after another to its handler, on a thread of its own.
  class Subscriber : public platform::MessageBus::Subscription {
   public:
    using Handler = std::function<void(const Message&)>;
    Subscriber(MemoryBusHub& hub, std::string subject, bool answers,
               Handler handler)
        : hub_(hub),
          subject_(std::move(subject)),
          answers_(answers),
          handler_(std::move(handler)),
          thread_([this](const std::stop_token& stop) { Run(stop); }) {
      const std::lock_guard lock(hub_.mu_);
      hub_.subscribers_.push_back(this);
    }
    ~Subscriber() override {
      const std::lock_guard lock(hub_.mu_);
      hub_.subscribers_.remove(this);
    }

   private:
    friend class MemoryBus;
    void Run(const std::stop_token& stop) {
      for (;;) {
        Message message;
        {
          std::unique_lock lock(hub_.mu_);
          if (!hub_.changed_.wait(lock, stop,
                                  [this] { return !waiting_.empty(); }))
            return;
          message = std::move(waiting_.front());
          waiting_.pop_front();
        }
        if (!stop.stop_requested()) handler_(message);
      }
    }
    MemoryBusHub& hub_;
    const std::string subject_;
    const bool answers_;
    const Handler handler_;
    std::deque<Message> waiting_;
    std::jthread thread_;
  };
  struct Stored {
    std::string body;
    int64_t token = 0;  // of who has it
    Clock::time_point ready_at = {};
  };

  const std::chrono::milliseconds redeliver_after_;
  std::mutex mu_;  // all below, and what waits for subscribers
  std::condition_variable_any changed_;
  std::list<Subscriber*> subscribers_;
  std::set<std::string> report_ids_;
  std::list<Stored> reports_;
  int64_t last_token_ = 0;
};

class MemoryBus : public platform::MessageBus {
 public:
  explicit MemoryBus(MemoryBusHub& hub) : hub_(hub) {}

  base::Status Send(const std::string& subject,
                    const std::string& body) override {
    REEL_TRY(platform::CheckMessage(subject, body));
    const std::lock_guard lock(hub_.mu_);
    for (Subscriber* subscriber : hub_.subscribers_) {
      if (subscriber->subject_ == subject && !subscriber->answers_)
        subscriber->waiting_.push_back({body, {}});
    }
    hub_.changed_.notify_all();
    return {};
  }

  base::Result<std::unique_ptr<Subscription>> Listen(const std::string& subject,
                                                     Handler handler) override {
    REEL_TRY(platform::CheckMessage(subject, ""));
    return std::make_unique<Subscriber>(
        hub_, subject, /*answers=*/false,
        [handler = std::move(handler)](const MemoryBusHub::Message& message) {
          handler(message.body);
        });
  }

  base::Result<std::string> Ask(const std::string& subject,
                                const std::string& question,
                                std::chrono::milliseconds timeout) override {
    REEL_TRY(platform::CheckMessage(subject, question));
    struct Answered {
      std::mutex mu;  // answer
      std::condition_variable changed;
      std::optional<std::string> answer;
    };
    const auto answered = std::make_shared<Answered>();
    const Reply reply = [answered](const std::string& answer) {
      const std::lock_guard lock(answered->mu);
      answered->answer = answer;
      answered->changed.notify_all();
    };
    if (!Question(subject, {question, reply}))
      return base::Fail(base::Code::kUnavailable, "nobody answers " + subject);
    std::unique_lock lock(answered->mu);
    if (!answered->changed.wait_for(
            lock, timeout, [&] { return answered->answer.has_value(); }))
      return base::Fail(base::Code::kUnavailable, "no answer to " + subject);
    return *answered->answer;
  }

  base::Result<std::unique_ptr<Subscription>> Answer(
      const std::string& subject, Answerer answerer) override {
    REEL_TRY(platform::CheckMessage(subject, ""));
    return std::make_unique<Subscriber>(
        hub_, subject, /*answers=*/true,
        [answerer = std::move(answerer)](const MemoryBusHub::Message& message) {
          answerer(message.body, message.reply);
        });
  }

  base::Status PutReport(const std::string& id,
                         const std::string& body) override {
    REEL_TRY(platform::CheckReport(id, body));
    const std::lock_guard lock(hub_.mu_);
    if (hub_.report_ids_.insert(id).second)
      hub_.reports_.push_back({.body = body});
    hub_.changed_.notify_all();
    return {};
  }

  base::Result<std::vector<platform::Report>> TakeReports(
      int limit, std::chrono::milliseconds wait) override {
    const auto end = MemoryBusHub::Clock::now() + wait;
    std::unique_lock lock(hub_.mu_);
    for (;;) {
      std::vector<platform::Report> reports = TakeReady(limit);
      if (!reports.empty() || MemoryBusHub::Clock::now() >= end) return reports;
      auto next = end;
      for (const auto& stored : hub_.reports_)
        next = std::min(next, stored.ready_at);
      hub_.changed_.wait_until(lock, next);
    }
  }

  base::Status DoneWith(std::span<const platform::Report> reports) override {
    const std::lock_guard lock(hub_.mu_);
    for (const platform::Report& report : reports) {
      hub_.reports_.remove_if([&](const MemoryBusHub::Stored& stored) {
        return stored.token == report.token;
      });
    }
    return {};
  }

 private:
  using Subscriber = MemoryBusHub::Subscriber;

  // To the one of all who answer that has the least to do. False: nobody does.
  bool Question(const std::string& subject, MemoryBusHub::Message question) {
    const std::lock_guard lock(hub_.mu_);
    Subscriber* chosen = nullptr;
    for (Subscriber* subscriber : hub_.subscribers_) {
      if (subscriber->subject_ != subject || !subscriber->answers_) continue;
      if (chosen == nullptr ||
          subscriber->waiting_.size() < chosen->waiting_.size())
        chosen = subscriber;
    }
    if (chosen == nullptr) return false;
    chosen->waiting_.push_back(std::move(question));
    hub_.changed_.notify_all();
    return true;
  }

  std::vector<platform::Report> TakeReady(int limit) {
    const auto now = MemoryBusHub::Clock::now();
    std::vector<platform::Report> reports;
    for (MemoryBusHub::Stored& stored : hub_.reports_) {
      if (static_cast<int>(reports.size()) == limit) break;
      if (stored.ready_at > now) continue;
      stored.token = ++hub_.last_token_;
      stored.ready_at = now + hub_.redeliver_after_;
      reports.push_back({stored.body, stored.token});
    }
    return reports;
  }

  MemoryBusHub& hub_;
};

}  // namespace reel::testing

// Queue and bus of a fleet that note what is done with them, and can be away.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/message_bus.h"
#include "platform/task_queue.h"

namespace reel::testing {

// What has happened, in order. Safe from several threads.
class Notes {
 public:
  void Add(std::string note) {
    const std::lock_guard lock(mu_);
    notes_.push_back(std::move(note));
  }
  std::vector<std::string> all() const {
    const std::lock_guard lock(mu_);
    return notes_;
  }
  int Count(const std::string& note) const {
    const auto notes = all();
    return static_cast<int>(std::ranges::count(notes, note));
  }

 private:
  mutable std::mutex mu_;  // notes_
  std::vector<std::string> notes_;
};

// Whether it became so within far more than anything here takes.
inline bool Becomes(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// Notes "ack TASK", "extend TASK" and "nak TASK", also those that fail.
class NotedQueue : public platform::TaskQueue {
 public:
  using Lease = platform::Lease;
  using Duration = std::chrono::milliseconds;
  // Both outlive this.
  NotedQueue(platform::TaskQueue& queue, Notes& notes)
      : queue_(queue), notes_(notes) {}

  base::Status Publish(std::span<const platform::QueuedTask> tasks) override {
    return queue_.Publish(tasks);
  }
  base::Result<std::optional<Lease>> Pull(std::span<const std::string> services,
                                          Duration duration) override {
    return queue_.Pull(services, duration);
  }
  base::Result<std::vector<Lease>> PullSome(
      std::span<const std::string> services, int least_priority, int limit,
      Duration duration) override {
    return queue_.PullSome(services, least_priority, limit, duration);
  }
  base::Status Extend(const Lease& lease, Duration duration) override {
    notes_.Add("extend " + lease.task_id);
    if (const auto refusal = refuses.load())
      return base::Fail(*refusal, "as the test wants");
    return queue_.Extend(lease, duration);
  }
  base::Status Ack(const Lease& lease) override {
    notes_.Add("ack " + lease.task_id);
    return queue_.Ack(lease);
  }
  base::Status Nak(const Lease& lease, Duration delay) override {
    last_delay = delay;
    notes_.Add("nak " + lease.task_id);
    return queue_.Nak(lease, delay);
  }
  base::Result<platform::QueueDepth> Depth() override { return queue_.Depth(); }
  base::Result<std::vector<platform::ServiceDepth>> Depths() override {
    return queue_.Depths();
  }
  base::Result<std::vector<platform::DeadLetter>> DeadLetters(
      int limit) override {
    return queue_.DeadLetters(limit);
  }
  base::Status Discard(const platform::DeadLetter& letter) override {
    return queue_.Discard(letter);
  }

  std::atomic<std::optional<base::Code>> refuses;   // to extend
  std::atomic<Duration> last_delay = Duration(-1);  // of a Nak

 private:
  platform::TaskQueue& queue_;
  Notes& notes_;
};

// Notes "report TASK/FENCE" once it is stored, "refused TASK/FENCE" otherwise.
class NotedBus : public platform::MessageBus {
 public:
  // Both outlive this.
  NotedBus(platform::MessageBus& bus, Notes& notes)
      : bus_(bus), notes_(notes) {}

  base::Status Send(const std::string& subject,
                    const std::string& body) override {
    return bus_.Send(subject, body);
  }
  base::Result<std::unique_ptr<Subscription>> Listen(const std::string& subject,
                                                     Handler handler) override {
    return bus_.Listen(subject, std::move(handler));
  }
  base::Result<std::string> Ask(const std::string& subject,
                                const std::string& question,
                                std::chrono::milliseconds timeout) override {
    notes_.Add("ask");
    return bus_.Ask(subject, question, timeout);
  }
  base::Result<std::unique_ptr<Subscription>> Answer(
      const std::string& subject, Answerer answerer) override {
    return bus_.Answer(subject, std::move(answerer));
  }
  base::Status PutReport(const std::string& id,
                         const std::string& body) override {
    if (const auto refusal = refuses.load()) {
      notes_.Add("refused " + id);
      return base::Fail(*refusal, "as the test wants");
    }
    REEL_TRY(bus_.PutReport(id, body));
    notes_.Add("report " + id);
    return {};
  }
  base::Result<std::vector<platform::Report>> TakeReports(
      int limit, std::chrono::milliseconds wait) override {
    return bus_.TakeReports(limit, wait);
  }
  base::Status DoneWith(std::span<const platform::Report> reports) override {
    return bus_.DoneWith(reports);
  }

  std::atomic<std::optional<base::Code>> refuses;  // reports

 private:
  platform::MessageBus& bus_;
  Notes& notes_;
};

}  // namespace reel::testing

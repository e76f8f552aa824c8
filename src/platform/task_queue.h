// The second seam: which task a worker takes next. A queue only hints: it may
// deliver a task twice, or one that is done. The job store decides (Start).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace reel::platform {

struct QueuedTask {
  std::string task_id;
  int priority = 0;  // higher goes first; kLeastPriority..kMostPriority
  double cost = 0;   // estimated seconds; within a priority, longer goes first,
                     // at least of those that are published together
  std::string service = {};  // lower-case letters, digits and "_"
  std::string payload = {};  // for who pulls it; kMostPayloadBytes at most
};

inline constexpr int kLeastPriority = 0, kMostPriority = 9;
inline constexpr size_t kMostPayloadBytes = 65'536;

// The right to work on a task until it expires. `token` grows with every lease
// of the same task: a later lease makes all earlier ones stale.
struct Lease {
  std::string task_id;
  int64_t token = 0;
  std::string payload = {};
  int priority = 0;
};

struct QueueDepth {
  int64_t ready = 0;
  int64_t held = 0;  // leased, or waiting for their delay to pass
};

// The depth of one service at one priority.
struct ServiceDepth {
  std::string service;
  int priority = 0;
  QueueDepth depth = {};
};

// How often a task is given out without an Ack. Attempts are the job store's to
// count: this ends what dies before it can ask to start.
inline constexpr int kMostDeliveries = 32;

// A task that nobody will be given again, unless it is published again. It is
// kept for a month at least, or until it is discarded.
struct DeadLetter {
  QueuedTask task;  // without its cost
  int deliveries = 0;
  int64_t at_ms = 0;  // since 1970: when it was last given up
  int64_t token = 0;
};

// Safe from several threads and processes.
// Errors of every call: kIo, kResourceExhausted (full), kUnavailable.
class TaskQueue {
 public:
  virtual ~TaskQueue() = default;

  // A task that is queued already is made ready again at once. When this fails,
  // some of the tasks may be queued.
  // Errors besides: kInvalidArgument (priority, service or payload out of
  // bounds).
  virtual base::Status Publish(std::span<const QueuedTask> tasks) = 0;
  // A task of these services; of any, if there are none. Nothing ready: no
  // value. A task whose lease has expired is ready again.
  virtual base::Result<std::optional<Lease>> Pull(
      std::span<const std::string> services,
      std::chrono::milliseconds duration) = 0;
  // Up to `limit` of them, of no less than that priority, the highest first.
  virtual base::Result<std::vector<Lease>> PullSome(
      std::span<const std::string> services, int least_priority, int limit,
      std::chrono::milliseconds duration) = 0;
  // These end with kConflict when the lease is known to be stale: a queue knows
  // of the leases that it has given out itself. One that has expired and that
  // nobody else has taken is still good. Only who pulled a lease may use it.
  virtual base::Status Extend(const Lease& lease,
                              std::chrono::milliseconds duration) = 0;
  virtual base::Status Ack(const Lease& lease) = 0;
  virtual base::Status Nak(const Lease& lease,
                           std::chrono::milliseconds delay) = 0;

  virtual base::Result<QueueDepth> Depth() = 0;
  // By service and priority; those that have never had a task are left out.
  virtual base::Result<std::vector<ServiceDepth>> Depths() = 0;

  // Up to `limit`, the oldest first; they are in no depth.
  virtual base::Result<std::vector<DeadLetter>> DeadLetters(int limit) = 0;
  // Forgets it; the task that it was may be published again before or after.
  virtual base::Status Discard(const DeadLetter& letter) = 0;
};

// kInvalidArgument unless priority and service are within their bounds.
base::Status CheckQueued(const QueuedTask& task);
base::Status CheckService(const std::string& service);

}  // namespace reel::platform

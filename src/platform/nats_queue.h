// The queue on a NATS server's JetStream: one work-queue stream, a subject and
// a durable pull consumer per service and priority.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "platform/task_queue.h"

namespace reel::platform {

struct NatsOptions {
  std::string url;  // "nats://host:4222", several with commas
  // Names of streams, subjects and consumers begin with it: letters, digits
  // and "_".
  std::string name = "reel";
  int replicas = 1;  // of the stream, 3 or 5 in a cluster of servers
  // Of every lease: a consumer has one for all. Pull must ask for this, and
  // Extend goes on for as long.
  std::chrono::milliseconds lease = std::chrono::seconds(30);
};

// What is particular beside the seam's law:
// - Leases are known to the queue that pulled them alone. One that has expired
//   and that another worker holds is not known to be stale: its Ack ends the
//   task for both, and the job store decides whose result counts.
// - The same publication, sent again after its answer was lost, is stored once.
// - Tasks that come back unacknowledged come back for ever; how often a task
// may
//   be tried is the job store's to say.
// Errors: kInvalidArgument (a name; not let in), kUnavailable.
base::Result<std::unique_ptr<TaskQueue>> OpenNatsQueue(
    const NatsOptions& options);

}  // namespace reel::platform

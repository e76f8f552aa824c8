// The queue on a NATS server's JetStream: one work-queue stream, a subject and
// a durable pull consumer per service and priority.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include "platform/nats_connection.h"
#include "platform/task_queue.h"

namespace reel::platform {

// What is particular beside the seam's law:
// - Leases are known to the queue that pulled them alone. One that has expired
//   and that another worker holds is not known to be stale: its Ack ends the
//   task for both, and the job store decides whose result counts.
// - The same publication, sent again after its answer was lost, is stored once.
// - Extend does not wait for the server's answer.
// - A service's first task of a priority is seen by other queues within five
//   seconds.
//
//   lease  of every task: a consumer has one length for all. Pull must ask for
//          it, and Extend goes on for as long
//   services  whose consumers are made now, for all priorities of jobs: what
//             watches the server sees them before their first task
// Errors: kUnavailable.
base::Result<std::unique_ptr<TaskQueue>> OpenNatsQueue(
    std::shared_ptr<const NatsConnection> connection,
    std::chrono::milliseconds lease = std::chrono::seconds(30),
    std::span<const std::string> services = {});

}  // namespace reel::platform

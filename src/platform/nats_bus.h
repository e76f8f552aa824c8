// The message bus on a NATS server: core messages, and a JetStream stream for
// the reports.
#pragma once

#include <chrono>
#include <memory>

#include "platform/message_bus.h"
#include "platform/nats_connection.h"

namespace reel::platform {

// Messages are heard within the installation of the connection's name alone.
//   redeliver_after  when a report that is not done with is given out again
// Errors: kUnavailable.
base::Result<std::unique_ptr<MessageBus>> OpenNatsBus(
    std::shared_ptr<const NatsConnection> connection,
    std::chrono::milliseconds redeliver_after = std::chrono::seconds(30));

}  // namespace reel::platform

// A connection to a NATS server, which the task queue and the message bus of a
// process share, and what both do over it.
#pragma once

#include <nats/nats.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace reel::platform {

struct NatsOptions {
  std::string url;  // "nats://host:4222" or "tls://…", several with commas
  // Names of streams, subjects and consumers begin with it: letters, digits
  // and "_". One server can serve several installations.
  std::string name = "reel";
  int replicas = 1;  // of the streams, 3 or 5 in a cluster of servers
  // Who we are; "" for what the server does not ask.
  std::string credentials_file = {};  // .creds, of a server with accounts
  std::string user = {}, password = {};
  std::string token = {};
  std::string ca_file = {};  // PEM; "": the system's. Asks for TLS
};

// What the variables REEL_QUEUE_… say (docs/fleet.md); the rest is as by
// default. `getenv` is std::getenv, or a test's.
NatsOptions NatsOptionsFromEnvironment(
    const std::function<const char*(const char*)>& getenv);

template <typename T, void (*Free)(T*)>
struct NatsFree {
  void operator()(T* handle) const { Free(handle); }
};
using NatsMessage =
    std::unique_ptr<natsMsg, NatsFree<natsMsg, natsMsg_Destroy>>;
using NatsSubscription =
    std::unique_ptr<natsSubscription,
                    NatsFree<natsSubscription, natsSubscription_Destroy>>;

// Fills an owner through the pointer that a C function wants.
template <typename Owner, typename Call>
natsStatus FillNats(Owner& owner, Call call) {
  typename Owner::pointer raw = nullptr;
  const natsStatus status = call(&raw);
  owner.reset(raw);
  return status;
}

// Of a call that has just been made on this thread.
base::Status NatsStatus(natsStatus status, const char* doing);

// Goes on after every loss of the connection, for ever. Safe from several
// threads. All who use it share it, so that the last one closes it.
class NatsConnection {
 public:
  using Handle =
      std::unique_ptr<natsConnection,
                      NatsFree<natsConnection, natsConnection_Destroy>>;
  using JetStream = std::unique_ptr<jsCtx, NatsFree<jsCtx, jsCtx_Destroy>>;

  // Errors: kInvalidArgument (a name; not let in), kUnavailable.
  static base::Result<std::shared_ptr<const NatsConnection>> Open(
      const NatsOptions& options);

  const std::string& name() const { return name_; }
  natsConnection* get() const { return connection_.get(); }
  jsCtx* jetstream() const { return jetstream_.get(); }

  // Calls again while the answer is kUnavailable, for 30 s: a server restarts,
  // or a cluster of them elects a leader.
  static base::Status Persist(const std::function<base::Status()>& attempt);

  // A stream in files, made unless it is there: of work, whose messages go once
  // they are acknowledged, or of records, which go after a month.
  enum class Kept { kUntilAcknowledged, kForAMonth };
  base::Status MakeStream(const std::string& stream, const std::string& subject,
                          Kept kept) const;
  // A durable pull consumer of it, for a subject of its own.
  struct Consumer {
    std::string stream, name, subject;
    std::chrono::milliseconds redeliver_after;  // of silence
  };
  base::Status MakeConsumer(const Consumer& consumer) const;

  // Returns once all are stored in streams. When it fails, some may be. Sends
  // again for 30 s what was not acknowledged.
  // Errors: kUnavailable, kResourceExhausted (a full server).
  struct Outgoing {
    std::string subject;
    std::string id;  // two with the same within two minutes are one
    std::string body;
  };
  base::Status Store(std::span<const Outgoing> messages) const;

  // Up to `limit` messages of a pull consumer, those that there are; if there
  // are none, waits for the first of them for up to `wait`.
  base::Result<std::vector<NatsMessage>> Fetch(
      const std::string& stream, const std::string& consumer, int limit,
      std::chrono::milliseconds wait) const;

  // Sends a word to each of these subjects; returns once the server has all.
  // For words that may be said twice.
  base::Status Tell(std::span<const std::string> subjects,
                    const std::string& word) const;

  // For Open.
  NatsConnection(std::string name, int replicas, Handle connection,
                 JetStream jetstream)
      : name_(std::move(name)),
        replicas_(replicas),
        connection_(std::move(connection)),
        jetstream_(std::move(jetstream)) {}

 private:
  base::Status StoreOnce(std::vector<const Outgoing*>& left) const;
  base::Result<std::vector<NatsMessage>> FetchOnce(
      const std::string& subject, const std::string& request, int limit,
      std::chrono::milliseconds within) const;

  const std::string name_;
  const int replicas_;
  const Handle connection_;
  const JetStream jetstream_;
};

// What a message carries.
std::string BodyOf(natsMsg* message);

}  // namespace reel::platform

// How the processes of a fleet talk beside the task queue: questions to whoever
// leads, signs of life, and reports that must not be lost.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace reel::platform {

// A message that waits until somebody has taken it for good.
struct Report {
  std::string body;
  int64_t token = 0;  // of the bus that gave it out
};

inline constexpr size_t kMostMessageBytes = 1'000'000;

// Subjects are words of lower-case letters, digits and "_" with dots between.
// Safe from several threads. Handlers run on threads of the bus, one call at a
// time for each subscription, and return soon.
//
// Errors of every call: kInvalidArgument (a subject, a body beyond
// kMostMessageBytes), kUnavailable (no server, nobody answers),
// kResourceExhausted (full).
class MessageBus {
 public:
  virtual ~MessageBus() = default;

  // Ends the subscription when it is destroyed, which waits for a handler that
  // runs: no handler runs after that. Not to be destroyed by its own handler.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };

  // To all who listen now; may be lost. Listen and Answer return once they hear
  // everything that is sent from then on.
  virtual base::Status Send(const std::string& subject,
                            const std::string& body) = 0;
  using Handler = std::function<void(const std::string& body)>;
  virtual base::Result<std::unique_ptr<Subscription>> Listen(
      const std::string& subject, Handler handler) = 0;

  // Asks one of those who answer, and waits. kUnavailable: nobody does, or not
  // within `timeout`; the question may have been read all the same.
  virtual base::Result<std::string> Ask(const std::string& subject,
                                        const std::string& question,
                                        std::chrono::milliseconds timeout) = 0;
  // Each question goes to one of all who answer. The handler may answer later,
  // from any thread.
  using Reply = std::function<void(const std::string& answer)>;
  using Answerer =
      std::function<void(const std::string& question, const Reply& reply)>;
  virtual base::Result<std::unique_ptr<Subscription>> Answer(
      const std::string& subject, Answerer answerer) = 0;

  // Returns once the report is stored. Two with the same id (1 .. 200 letters,
  // digits and "_-./:") within two minutes are one. Retries for 30 s while the
  // server restarts.
  virtual base::Status PutReport(const std::string& id,
                                 const std::string& body) = 0;
  // Up to `limit` reports, in the order in which they were put; waits for the
  // first of them for up to `wait`. Those that are not done with are given out
  // again, to anybody, some time after (30 s), and so are some that are, after
  // a server's crash.
  virtual base::Result<std::vector<Report>> TakeReports(
      int limit, std::chrono::milliseconds wait) = 0;
  // Of those that this bus gave out; says nothing of reports that somebody else
  // has been given since.
  virtual base::Status DoneWith(std::span<const Report> reports) = 0;
};

// kInvalidArgument unless they are within their bounds.
base::Status CheckMessage(const std::string& subject, const std::string& body);
base::Status CheckReport(const std::string& id, const std::string& body);

}  // namespace reel::platform

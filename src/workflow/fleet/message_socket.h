// JSON over a stream socket between a worker and a task process: each message
// after its length, four bytes, the lowest first.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace reel::workflow::fleet {

// Owns the descriptor. One thread reads; writing is one thread's, too.
class MessageSocket {
 public:
  explicit MessageSocket(int descriptor) : descriptor_(descriptor) {}
  ~MessageSocket();
  MessageSocket(const MessageSocket&) = delete;
  MessageSocket& operator=(const MessageSocket&) = delete;

  int descriptor() const { return descriptor_; }
  // Waits while the other end does not read.
  // Errors: kUnavailable (the other end is gone).
  base::Status Send(const base::Json& message);
  // The next message that has come whole; nullopt: none yet.
  // Errors: kUnavailable (the other end is gone, and all it sent is read),
  // kCorruptInput (longer than 256 MiB, or no JSON).
  base::Result<std::optional<base::Json>> Receive();
  // The same, once there is one.
  base::Result<base::Json> Wait();

 private:
  base::Result<std::optional<base::Json>> Take();

  int descriptor_;
  std::vector<char> received_;
};

}  // namespace reel::workflow::fleet

// An object on a server, to be read by ranges.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "platform/http_client.h"

namespace reel::platform {

struct RemoteFacts {
  int64_t size_bytes = 0;
  // Another one when the bytes are others; "" where the server says nothing.
  std::string version;
  bool operator==(const RemoteFacts&) const = default;
};

// Safe from several threads. Errors of both: kNotFound, kInvalidArgument
// (refused), kUnsupported (the server gives no ranges), kUnavailable (no
// answer, however often it was asked).
class RemoteObject {
 public:
  virtual ~RemoteObject() = default;
  virtual base::Result<RemoteFacts> Describe() = 0;
  // `size_bytes` of them from `offset`, in order, all within the object.
  // kNotFound if it is not as `facts` say any more.
  virtual base::Status Fetch(const RemoteFacts& facts, int64_t offset,
                             int64_t size_bytes, const ByteSink& sink) = 0;
};

}  // namespace reel::platform

// A file of a web server, to be read by ranges (RFC 9110, section 14).
#pragma once

#include <memory>
#include <string>

#include "platform/http_client.h"
#include "platform/remote_object.h"
#include "platform/retry.h"

namespace reel::platform {

// Its version is its entity tag, or else the time of its last change. Asks by
// GET alone, for a presigned URL is good for nothing else. Follows a few
// redirections, none of them from https to http.
class HttpObject : public RemoteObject {
 public:
  // The client outlives it. Errors: kInvalidArgument (no URL; one with a
  // password, which would be seen by everybody on the machine).
  static base::Result<std::unique_ptr<HttpObject>> Create(
      HttpClient& client, const std::string& url, RetryLimits retry = {});
  base::Result<RemoteFacts> Describe() override;
  base::Status Fetch(const RemoteFacts& facts, int64_t offset,
                     int64_t size_bytes, const ByteSink& sink) override;

 private:
  HttpObject(HttpClient& client, std::string url, RetryLimits retry);
  // One attempt, through all redirections. An answer of 206, or of 416.
  base::Result<HttpResponse> Get(int64_t first, int64_t last,
                                 const HttpSink& sink);

  HttpClient* client_;
  std::string url_;
  std::string name_;  // for messages
  RetryLimits retry_;
};

}  // namespace reel::platform

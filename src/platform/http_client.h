// Requests over HTTP and HTTPS, through libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "platform/aws_signature.h"

namespace reel::platform {

// Bytes to send. They may be asked for again, from any offset.
struct HttpBody {
  int64_t size_bytes = 0;
  // Bytes read; fewer than there is room for only at the end.
  std::function<base::Result<size_t>(int64_t offset, std::span<uint8_t> into)>
      read;
};

struct HttpRequest {
  std::string method;       // "GET"
  std::string url;          // http:// or https://, encoded
  HttpFields headers = {};  // names in lower case
  const HttpBody* body = nullptr;
};

struct HttpResponse {
  int status = 0;           // 200
  HttpFields headers = {};  // names in lower case
  // What the server says where that is no success, up to 64 KiB; and of a
  // request without a sink, everything up to 16 MiB.
  std::string text;
};

// Takes bytes as they come; an error ends the request with it.
using ByteSink = std::function<base::Status(std::span<const uint8_t>)>;
// The same of what a server sends with a status of 200 to 299; `head` has no
// text.
using HttpSink = std::function<base::Status(const HttpResponse& head,
                                            std::span<const uint8_t>)>;

// What a status that is no success means: kNotFound, kConflict, kUnsupported,
// kUnavailable (another attempt may help), kInvalidArgument.
base::Code CodeOfStatus(int status);

// The URL that `reference`, perhaps a relative one, means in an answer from
// `url`. Errors: kInvalidArgument.
base::Result<std::string> ResolveUrl(const std::string& url,
                                     const std::string& reference);
// Whether a name or a password is written into it. Errors: kInvalidArgument.
base::Result<bool> HasCredentials(const std::string& url);

struct HttpOptions {
  std::string ca_file;  // certificates that are trusted; "": the system's
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  // A transfer of less than 1 kB/s for so long is given up.
  std::chrono::seconds stall_timeout = std::chrono::seconds(30);
  // Connects to public addresses alone (IsPublicAddress): for URLs that
  // somebody outside has given. Judged when it connects, whatever the name was
  // before.
  bool public_only = false;
};

// Connections are kept and used again. Safe from several threads.
class HttpClient {
 public:
  explicit HttpClient(HttpOptions options);
  ~HttpClient();

  // Redirections are not followed: what is signed is signed for one host.
  // Errors: kUnavailable (no connection, or it broke or stalled),
  // kInvalidArgument (not a URL; a certificate that is not trusted),
  // kResourceExhausted (a text beyond its bound), those of sink and body.
  base::Result<HttpResponse> Send(const HttpRequest& request,
                                  const HttpSink& sink = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace reel::platform

// The web server of the API: docs/api/.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "service/api/backend.h"
#include "service/api/rate_limiter.h"

namespace reel::service::api {

struct ApiOptions {
  std::string host = "127.0.0.1";
  int port = 8080;              // 0: any free one
  std::string tls_certificate;  // files in PEM format; "": plain HTTP
  std::string tls_key;
  int max_streams = 64;  // of events, at a time
  int max_uploads = 4;   // parts of uploads at a time: each is held in memory
  RateLimit token_rate = {.per_second = 20, .burst = 100};
  // Behind one address there may be many who have a token.
  RateLimit address_rate = {.per_second = 50, .burst = 200};
};

// Each request has a thread, each connection one request: what a client sends
// after a refused one is never taken for the next (request smuggling), and
// nobody holds a thread by being silent.
class ApiServer {
 public:
  // Binds the port. Errors: kInvalidArgument if the address cannot be bound, or
  // certificate or key cannot be used.
  static base::Result<ApiServer> Open(const ApiOptions& options,
                                      const ApiBackend& backend);
  ApiServer(ApiServer&&) noexcept;
  ~ApiServer();

  const std::string& address() const;  // "https://127.0.0.1:8080"
  // Serves until a stop is requested and what is under way has ended.
  // Errors: kIo if the socket fails.
  base::Status Run(std::stop_token stop);

 private:
  struct State;
  explicit ApiServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::service::api

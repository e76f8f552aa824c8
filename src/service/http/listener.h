// What the web servers of this program have in common: where they listen, and
// when they end.
#pragma once

#include <stop_token>
#include <string>

#include "base/result.h"

namespace httplib {
class Server;
}

namespace reel::service::http {

// Binds `server` to that port, 0 for any free one. Its address, without a
// slash at the end: "http://127.0.0.1:8080".
//   scheme  "http" or "https", as the server is
// Errors: kInvalidArgument if the address cannot be bound.
base::Result<std::string> Bind(httplib::Server& server,
                               const std::string& scheme,
                               const std::string& host, int port);

// Serves until a stop is requested and what is under way has ended.
// Errors: kIo if the socket fails.
base::Status ServeUntil(std::stop_token stop, httplib::Server& server,
                        const std::string& address);

}  // namespace reel::service::http

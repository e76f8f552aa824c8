#include "service/http/listener.h"

#include <fmt/format.h>
#include <httplib.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace reel::service::http {
namespace {

using namespace std::chrono_literals;

// The library's default, SO_REUSEPORT, would let a second server share the
// port unnoticed.
void ReuseAddressOnly(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

}  // namespace

base::Result<std::string> Bind(httplib::Server& server,
                               const std::string& scheme,
                               const std::string& host, int port) {
  server.set_socket_options(ReuseAddressOnly);
  server.set_tcp_nodelay(true);
  int bound = port;
  if (port == 0) {
    bound = server.bind_to_any_port(host);
  } else if (!server.bind_to_port(host, port)) {
    bound = -1;
  }
  if (bound < 0) {
    return base::Fail(
        base::Code::kInvalidArgument,
        fmt::format("cannot listen on {} port {}: taken, or not an address of "
                    "this machine; choose others with --host and --port",
                    host, port));
  }
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}", scheme, is_ipv6 ? "[" + host + "]" : host,
                     bound);
}

base::Status ServeUntil(std::stop_token stop, httplib::Server& server,
                        const std::string& address) {
  if (stop.stop_requested()) return {};
  std::atomic<bool> ended = false;
  // The library forgets a stop that comes before its loop has started.
  std::stop_callback on_stop(stop, [&] {
    while (!server.is_running() && !ended) std::this_thread::sleep_for(1ms);
    server.stop();
  });
  const bool served = server.listen_after_bind();
  ended = true;
  if (served || stop.stop_requested()) return {};
  return base::Fail(base::Code::kIo, address + ": the listening socket failed");
}

}  // namespace reel::service::http

// A connection that a test can cut: a TCP proxy on loopback in front of a
// server.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace reel::testing {

class TcpProxy {
 public:
  //   port  of a server on loopback
  explicit TcpProxy(int port) : server_port_(port), listener_(Socket()) {
    sockaddr_in address = Loopback(0);
    if (::bind(listener_, As(address), sizeof(address)) != 0 ||
        ::listen(listener_, kBacklog) != 0)
      std::abort();
    socklen_t size = sizeof(address);
    ::getsockname(listener_, As(address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) Accept();
    });
  }
  ~TcpProxy() {
    acceptor_ = {};
    Cut();
    links_.clear();
    ::close(listener_);
  }
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }

  // Ends all connections that there are now.
  void Cut() {
    const std::lock_guard lock(mu_);
    for (Link& link : links_) link.End();
  }
  // As Cut, and ends all that come until Restore.
  void Refuse() {
    refuses_ = true;
    Cut();
  }
  void Restore() { refuses_ = false; }
  // Until so many connections have been refused altogether.
  void AwaitRefusals(int count) {
    for (int seen; (seen = refusals_) < count;) refusals_.wait(seen);
  }
  // Cuts everything once that many more bytes have come from clients (server).
  void CutAfterSent(int64_t bytes) { sent_left_ = bytes; }
  void CutAfterReceived(int64_t bytes) { received_left_ = bytes; }
  // Every piece is passed on so much later.
  void Delay(std::chrono::milliseconds delay) { delay_ms_ = delay.count(); }
  // How often a set limit was reached, or Cut or Refuse ended a connection.
  int cuts() const { return cuts_; }

 private:
  static constexpr int kBacklog = 64;
  static constexpr int kLookEveryMs = 20;
  static constexpr int64_t kNoLimit = INT64_MAX;

  static int Socket() {
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  }
  static sockaddr_in Loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
  }
  static sockaddr* As(sockaddr_in& address) {
    return reinterpret_cast<sockaddr*>(&address);
  }

  // One client's connection and the server's, with a thread for each direction.
  class Link {
   public:
    Link(TcpProxy& proxy, int client, int server)
        : proxy_(proxy), client_(client), server_(server) {
      up_ = std::jthread([this] { Pass(client_, server_, proxy_.sent_left_); });
      down_ = std::jthread(
          [this] { Pass(server_, client_, proxy_.received_left_); });
    }
    ~Link() {
      End();
      up_ = {};
      down_ = {};
      ::close(client_);
      ::close(server_);
    }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    void End() {
      if (!ended_.exchange(true)) ++proxy_.cuts_;
      Shut();
    }

   private:
    void Shut() {
      ::shutdown(client_, SHUT_RDWR);
      ::shutdown(server_, SHUT_RDWR);
    }
    void Pass(int from, int to, std::atomic<int64_t>& left) {
      std::array<char, 16384> buffer;
      for (;;) {
        const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
        if (got <= 0) break;
        std::this_thread::sleep_for(
            std::chrono::milliseconds(proxy_.delay_ms_.load()));
        if (left.fetch_sub(got) <= got) {
          left = kNoLimit;
          End();
          break;
        }
        if (::send(to, buffer.data(), static_cast<size_t>(got), MSG_NOSIGNAL) !=
            got)
          break;
      }
      ended_ = true;
      Shut();
    }
    TcpProxy& proxy_;
    const int client_, server_;
    std::atomic<bool> ended_ = false;
    std::jthread up_, down_;
  };

  void Accept() {
    pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kLookEveryMs) != 1) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = Socket();
    sockaddr_in address = Loopback(server_port_);
    if (refuses_ || ::connect(server, As(address), sizeof(address)) != 0) {
      ::close(client);
      ::close(server);
      ++refusals_;
      refusals_.notify_all();
      return;
    }
    const std::lock_guard lock(mu_);
    links_.emplace_back(*this, client, server);
  }

  const int server_port_;
  const int listener_;
  int port_ = 0;
  std::atomic<bool> refuses_ = false;
  std::atomic<int> cuts_ = 0, refusals_ = 0;
  std::atomic<int64_t> delay_ms_ = 0;
  std::atomic<int64_t> sent_left_ = kNoLimit, received_left_ = kNoLimit;
  std::mutex mu_;  // links_
  std::list<Link> links_;
  std::jthread acceptor_;
};

// Of a server that is about to be started.
inline int FreePort() {
  const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(one, any, size) != 0 || ::getsockname(one, any, &size) != 0)
    std::abort();
  ::close(one);
  return ntohs(address.sin_port);
}

// Of "nats://127.0.0.1:4222" and the like.
inline int PortOf(const std::string& url) {
  return std::stoi(url.substr(url.rfind(':') + 1));
}

}  // namespace reel::testing

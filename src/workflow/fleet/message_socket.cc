#include "workflow/fleet/message_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

namespace reel::workflow::fleet {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;

constexpr size_t kHeaderBytes = 4;
constexpr size_t kMostBytes = size_t{256} << 20;

tl::unexpected<base::Error> Gone() {
  return Fail(Code::kUnavailable, "the other process is gone");
}

}  // namespace

MessageSocket::~MessageSocket() { ::close(descriptor_); }

Status MessageSocket::Send(const Json& message) {
  const std::string text = base::DumpJson(message);
  std::string bytes(kHeaderBytes, '\0');
  for (size_t i = 0; i < kHeaderBytes; ++i)
    bytes[i] = static_cast<char>((text.size() >> (8 * i)) & 0xff);
  bytes += text;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t sent =
        ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return Gone();
    rest.remove_prefix(static_cast<size_t>(sent));
  }
  return {};
}

Result<std::optional<Json>> MessageSocket::Take() {
  if (received_.size() < kHeaderBytes) return std::nullopt;
  size_t size = 0;
  for (size_t i = 0; i < kHeaderBytes; ++i)
    size |= size_t{static_cast<unsigned char>(received_[i])} << (8 * i);
  if (size > kMostBytes)
    return Fail(Code::kCorruptInput, "a message that is too long");
  if (received_.size() < kHeaderBytes + size) return std::nullopt;
  const auto begin = received_.begin() + kHeaderBytes;
  const auto end = begin + static_cast<std::ptrdiff_t>(size);
  auto json = base::ParseJson(std::string(begin, end));
  received_.erase(received_.begin(), end);
  if (!json) return tl::unexpected(json.error());
  return *std::move(json);
}

Result<std::optional<Json>> MessageSocket::Receive() {
  std::array<char, 65536> bytes;
  for (;;) {
    REEL_ASSIGN(auto message, Take());
    if (message) return message;
    const ssize_t got =
        ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0) {
      received_.insert(received_.end(), bytes.begin(), bytes.begin() + got);
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return std::nullopt;
    } else {
      return Gone();
    }
  }
}

Result<Json> MessageSocket::Wait() {
  for (;;) {
    REEL_ASSIGN(auto message, Receive());
    if (message) return *std::move(message);
    pollfd wait{descriptor_, POLLIN, 0};
    ::poll(&wait, 1, -1);
  }
}

}  // namespace reel::workflow::fleet

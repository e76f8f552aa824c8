#include "workflow/fleet/message_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace reel::workflow::fleet {
namespace {

using base::Code;
using base::Json;

// Two ends of one connection; the other end is raw.
class MessageSocketTest : public ::testing::Test {
 protected:
  MessageSocketTest() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    socket_ = std::make_unique<MessageSocket>(ends[0]);
    other_ = ends[1];
  }
  ~MessageSocketTest() override { CloseOther(); }
  void CloseOther() {
    if (other_ >= 0) ::close(other_);
    other_ = -1;
  }
  void Write(const std::string& bytes) {
    EXPECT_EQ(::write(other_, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }

  std::unique_ptr<MessageSocket> socket_;
  int other_ = -1;
};

const std::string kTwo(
    "\x01\x00\x00\x00"
    "2",
    5);

TEST_F(MessageSocketTest, ALengthStandsBeforeEachMessage) {
  ASSERT_TRUE(socket_->Send(2));
  std::string bytes(16, '?');
  bytes.resize(static_cast<size_t>(::read(other_, bytes.data(), bytes.size())));
  EXPECT_EQ(bytes, kTwo);
}

TEST_F(MessageSocketTest, AMessageMayComeByteByByte) {
  for (const char byte : kTwo) {
    EXPECT_EQ(socket_->Receive().value(), std::nullopt);
    Write(std::string(1, byte));
  }
  EXPECT_EQ(socket_->Receive().value(), Json(2));
  EXPECT_EQ(socket_->Receive().value(), std::nullopt);
}

TEST_F(MessageSocketTest, SeveralMayComeAtOnce) {
  Write(kTwo + kTwo);
  EXPECT_EQ(socket_->Receive().value(), Json(2));
  EXPECT_EQ(socket_->Wait().value(), Json(2));
}

// More than any socket holds: the sender waits for the reader.
TEST_F(MessageSocketTest, AMessageMayBeLong) {
  const Json longest = std::string(4'000'000, 'x');
  MessageSocket reader(std::exchange(other_, -1));
  const std::jthread sender([&] { EXPECT_TRUE(socket_->Send(longest)); });
  EXPECT_EQ(reader.Wait().value(), longest);
}

TEST_F(MessageSocketTest, WhatCameBeforeTheEndIsStillRead) {
  Write(kTwo);
  CloseOther();
  EXPECT_EQ(socket_->Wait().value(), Json(2));
  EXPECT_EQ(socket_->Wait().error().code, Code::kUnavailable);
  EXPECT_EQ(socket_->Send(2).error().code, Code::kUnavailable);
}

TEST_F(MessageSocketTest, NonsenseIsRefused) {
  Write(std::string("\x01\x00\x00\x00{", 5));
  EXPECT_EQ(socket_->Receive().error().code, Code::kCorruptInput);
}

TEST_F(MessageSocketTest, ALengthBeyondAllMeasureIsRefused) {
  Write("\xff\xff\xff\xff");
  EXPECT_EQ(socket_->Receive().error().code, Code::kCorruptInput);
}

}  // namespace
}  // namespace reel::workflow::fleet

#include "platform/nats_queue.h"

#include <gtest/gtest.h>

#include "testing/temp_dir.h"
#include "testing/test_nats.h"

namespace reel::platform {
namespace {

using base::Code;

class NatsQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto options = testing::TestNats(dir_.path());
    if (!options) GTEST_SKIP() << testing::kNoNats;
    options_ = *options;
  }
  std::unique_ptr<TaskQueue> Open() const {
    return OpenNatsQueue(NatsConnection::Open(options_).value()).value();
  }
  testing::TempDir dir_;
  NatsOptions options_;
};

// A consumer has one length for all its leases.
TEST_F(NatsQueueTest, LeasesAreAsLongAsTheQueuesAre) {
  const auto queue = Open();
  EXPECT_EQ(queue->Pull({}, std::chrono::seconds(1)).error().code,
            Code::kInvalidArgument);
}

// What is published stays on the server.
TEST_F(NatsQueueTest, TasksOutliveTheirPublisher) {
  const QueuedTask task{"a", 3, 1, "encode"};
  ASSERT_TRUE(Open()->Publish(std::span(&task, 1)));
  const auto lease = Open()->Pull({}, std::chrono::seconds(30)).value();
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->task_id, "a");
}

TEST_F(NatsQueueTest, ServicesAreSeenBeforeTheirFirstTask) {
  const std::vector<std::string> services = {"encode", "quality"};
  const auto queue =
      OpenNatsQueue(NatsConnection::Open(options_).value(),
                    std::chrono::seconds(30), services)
          .value();
  EXPECT_EQ(queue->Depths().value().size(), 2u * 3u);
}

}  // namespace
}  // namespace reel::platform

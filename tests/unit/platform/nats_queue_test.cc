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
  testing::TempDir dir_;
  NatsOptions options_;
};

TEST_F(NatsQueueTest, SaysWhatIsWrong) {
  NatsOptions wrong = options_;
  wrong.name = "a.b";
  EXPECT_EQ(OpenNatsQueue(wrong).error().code, Code::kInvalidArgument);
  wrong = options_;
  wrong.url = "nats://127.0.0.1:1";
  EXPECT_EQ(OpenNatsQueue(wrong).error().code, Code::kUnavailable);
}

// A consumer has one length for all its leases.
TEST_F(NatsQueueTest, LeasesAreAsLongAsTheQueuesAre) {
  const auto queue = OpenNatsQueue(options_).value();
  EXPECT_EQ(queue->Pull({}, std::chrono::seconds(1)).error().code,
            Code::kInvalidArgument);
}

// What is published stays on the server.
TEST_F(NatsQueueTest, TasksOutliveTheirPublisher) {
  const QueuedTask task{"a", 3, 1, "encode"};
  ASSERT_TRUE(OpenNatsQueue(options_).value()->Publish(std::span(&task, 1)));
  const auto lease =
      OpenNatsQueue(options_).value()->Pull({}, options_.lease).value();
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->task_id, "a");
}

}  // namespace
}  // namespace reel::platform

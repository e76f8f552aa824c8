#include "service/api/webhooks.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <map>
#include <mutex>
#include <thread>

#include "base/json.h"
#include "platform/secret.h"
#include "platform/sql_job_board.h"
#include "testing/temp_dir.h"

namespace reel::service::api {
namespace {

using base::Json;

TEST(WebhookSignatureTest, ProvesTimeAndBody) {
  // Of: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
  EXPECT_EQ(WebhookSignature("secret", 1'700'000'000, "{\"a\":1}"),
            "t=1700000000,v1="
            "49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686");
}

TEST(NextAttemptTest, WaitsLongerEachTime) {
  EXPECT_EQ(NextAttemptMs(1, 0, 0, 0.5), 10'000);
  EXPECT_EQ(NextAttemptMs(2, 0, 0, 0.5), 20'000);
  EXPECT_EQ(NextAttemptMs(5, 0, 0, 0.5), 160'000);
  EXPECT_EQ(NextAttemptMs(30, 0, 0, 0.5), 3'600'000);
}

TEST(NextAttemptTest, VariesByAQuarter) {
  EXPECT_EQ(NextAttemptMs(1, 0, 0, 0), 7'500);
  EXPECT_EQ(NextAttemptMs(1, 0, 0, 1), 12'500);
}

TEST(NextAttemptTest, EndsAfterADay) {
  constexpr int64_t kDayMs = 24 * 3'600'000;
  EXPECT_EQ(NextAttemptMs(30, 0, kDayMs - 3'600'000, 0.5), kDayMs);
  EXPECT_EQ(NextAttemptMs(30, 0, kDayMs - 3'599'999, 0.5), std::nullopt);
}

// Somebody who has asked to be told.
class Receiver {
 public:
  Receiver() {
    server_.Post("/hook", [this](const httplib::Request& request,
                                 httplib::Response& response) {
      const std::lock_guard lock(mu_);
      requests_.push_back(request);
      response.status = status_;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Receiver() {
    while (!server_.is_running()) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/hook";
  }
  void Answer(int status) {
    const std::lock_guard lock(mu_);
    status_ = status;
  }
  std::vector<httplib::Request> requests() {
    const std::lock_guard lock(mu_);
    return requests_;
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::mutex mu_;  // status_, requests_
  int status_ = 200;
  std::vector<httplib::Request> requests_;
  std::thread thread_;
};

class WebhooksTest : public ::testing::Test {
 protected:
  WebhooksTest()
      : board_(platform::OpenJobBoard(Database(), Clock()).value()),
        outbox_(platform::OpenWebhookOutbox(Database(), Clock()).value()) {}
  std::string Database() const { return dir_.path() + "/state.db"; }
  platform::ClockMs Clock() {
    return [this] { return now_ms_; };
  }
  WebhookSender Sender() {
    return WebhookSender(*outbox_,
                         {.secret = "secret", .allow_private = allow_private_},
                         Clock());
  }
  std::string EndAJob() {
    platform::NewJob job;
    job.title = "A Film";
    job.source = "s3://masters/film.mov";
    job.webhook = receiver_.url();
    const std::string id = board_->Submit(job)->job.id;
    EXPECT_TRUE(board_->Cancel(id));
    return id;
  }

  testing::TempDir dir_;
  int64_t now_ms_ = 1'700'000'000'000;
  bool allow_private_ = true;
  Receiver receiver_;
  std::unique_ptr<platform::JobBoard> board_;
  std::unique_ptr<platform::WebhookOutbox> outbox_;
};

TEST_F(WebhooksTest, AnEndedJobIsToldOnce) {
  const std::string id = EndAJob();
  WebhookSender sender = Sender();
  EXPECT_EQ(sender.SendDue().value(), 1);
  EXPECT_EQ(sender.SendDue().value(), 0);
  now_ms_ += 3'600'000;
  EXPECT_EQ(sender.SendDue().value(), 0);
  const auto requests = receiver_.requests();
  ASSERT_EQ(requests.size(), 1U);
  const Json body = base::ParseJson(requests[0].body).value();
  EXPECT_EQ(body.at("job"), id);
  EXPECT_EQ(body.at("title"), "A Film");
  EXPECT_EQ(body.at("kind"), "cancelled");
  EXPECT_EQ(requests[0].get_header_value("Reel-Signature"),
            WebhookSignature("secret", 1'700'000'000, requests[0].body));
}

TEST_F(WebhooksTest, ARefusedNoticeIsSentAgain) {
  EndAJob();
  receiver_.Answer(500);
  WebhookSender sender = Sender();
  EXPECT_EQ(sender.SendDue().value(), 1);
  now_ms_ += 5'000;
  EXPECT_EQ(sender.SendDue().value(), 0);
  receiver_.Answer(204);
  now_ms_ += 10'000;
  EXPECT_EQ(sender.SendDue().value(), 1);
  now_ms_ += 3'600'000;
  EXPECT_EQ(sender.SendDue().value(), 0);
  const auto requests = receiver_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].body, requests[1].body);
}

TEST_F(WebhooksTest, AfterADayItIsGivenUp) {
  EndAJob();
  receiver_.Answer(500);
  WebhookSender sender = Sender();
  const int64_t end = now_ms_ + 3 * 24 * 3'600'000LL;
  int attempts = 0;
  for (; now_ms_ < end; now_ms_ += 600'000)
    attempts += sender.SendDue().value();
  EXPECT_GT(attempts, 20);
  EXPECT_LT(attempts, 60);
}

TEST_F(WebhooksTest, ASenderThatDiesLeavesItForTheNext) {
  EndAJob();
  ASSERT_EQ(outbox_->Take(10).value().size(), 1U);
  WebhookSender sender = Sender();
  EXPECT_EQ(sender.SendDue().value(), 0);
  now_ms_ += 60'000;
  EXPECT_EQ(sender.SendDue().value(), 1);
}

// The name may have been a public one when the job was submitted.
TEST_F(WebhooksTest, PrivateAddressesAreRefusedWhenItConnects) {
  allow_private_ = false;
  EndAJob();
  WebhookSender sender = Sender();
  EXPECT_EQ(sender.SendDue().value(), 1);
  EXPECT_EQ(receiver_.requests().size(), 0U);
}

TEST_F(WebhooksTest, AJobWithoutAWebhookTellsNobody) {
  platform::NewJob job;
  job.source = "s3://masters/film.mov";
  ASSERT_TRUE(board_->Cancel(board_->Submit(job)->job.id));
  EXPECT_EQ(Sender().SendDue().value(), 0);
}

}  // namespace
}  // namespace reel::service::api

// Connections that break, servers that die: what is begun ends well or with an
// error, nothing is lost, and nothing is there by half.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/digest.h"
#include "platform/nats_bus.h"
#include "platform/nats_queue.h"
#include "platform/s3_client.h"
#include "platform/sql_job_store.h"
#include "platform/sql_session.h"
#include "testing/nats_process.h"
#include "testing/tcp_proxy.h"
#include "testing/temp_dir.h"
#include "testing/test_nats.h"
#include "testing/test_postgres.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Status;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr auto kLease = 30s;

std::vector<QueuedTask> Tasks(int first, int end) {
  std::vector<QueuedTask> tasks;
  for (int i = first; i < end; ++i)
    tasks.push_back({std::to_string(i), 5, 1, "encode"});
  return tasks;
}

// Pulls and acknowledges until there is nothing: how often each task came.
std::multiset<std::string> Drain(TaskQueue& queue) {
  std::multiset<std::string> ids;
  for (;;) {
    const auto leases = queue.PullSome({}, 0, 100, kLease);
    if (!leases || leases->empty()) {
      EXPECT_TRUE(leases) << leases.error().message;
      return ids;
    }
    for (const Lease& lease : *leases) {
      const Status acked = queue.Ack(lease);
      EXPECT_TRUE(acked) << acked.error().message;
      ids.insert(lease.task_id);
    }
  }
}

std::vector<std::string> TakeAll(MessageBus& bus) {
  std::vector<std::string> bodies;
  const auto reports = bus.TakeReports(100, 0ms);
  EXPECT_TRUE(reports) << reports.error().message;
  if (!reports) return bodies;
  for (const Report& report : *reports) bodies.push_back(report.body);
  EXPECT_TRUE(bus.DoneWith(*reports));
  return bodies;
}

// A queue and a bus whose connection runs through the proxy, and others whose
// connection does not.
class NatsFaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto options = testing::TestNats(dir_.path());
    if (!options) GTEST_SKIP() << testing::kNoNats;
    proxy_ = std::make_unique<testing::TcpProxy>(testing::PortOf(options->url));
    NatsOptions through = *options;
    through.url = fmt::format("nats://127.0.0.1:{}", proxy_->port());
    const auto proxied = NatsConnection::Open(through).value();
    queue_ = OpenNatsQueue(proxied, kLease).value();
    bus_ = OpenNatsBus(proxied).value();
    const auto direct = NatsConnection::Open(*options).value();
    direct_queue_ = OpenNatsQueue(direct, kLease).value();
    direct_bus_ = OpenNatsBus(direct).value();
  }
  testing::TempDir dir_;
  std::unique_ptr<testing::TcpProxy> proxy_;
  std::unique_ptr<TaskQueue> queue_, direct_queue_;
  std::unique_ptr<MessageBus> bus_, direct_bus_;
};

TEST_F(NatsFaultsTest, LeasesAndReportsOutliveACut) {
  ASSERT_TRUE(queue_->Publish(Tasks(0, 20)));
  const auto leases = queue_->PullSome({}, 0, 10, kLease).value();
  ASSERT_EQ(leases.size(), 10u);
  ASSERT_TRUE(bus_->PutReport("1", "a"));
  const auto reports = bus_->TakeReports(10, 0ms).value();
  proxy_->Cut();
  for (const Lease& lease : leases) {
    ASSERT_TRUE(queue_->Extend(lease, kLease));
    ASSERT_TRUE(queue_->Ack(lease));
  }
  EXPECT_TRUE(bus_->DoneWith(reports));
  EXPECT_EQ(Drain(*queue_).size(), 10u);
  EXPECT_EQ(direct_queue_->Depth()->held, 0);
  EXPECT_THAT(TakeAll(*direct_bus_), ElementsAre());
}

TEST_F(NatsFaultsTest, WhatIsCutOnItsWayThereIsStoredOnce) {
  proxy_->CutAfterSent(10'000);
  ASSERT_TRUE(bus_->PutReport("1", std::string(50'000, 'a')));
  proxy_->CutAfterSent(100'000);
  ASSERT_TRUE(queue_->Publish(Tasks(0, 1000)));
  EXPECT_EQ(proxy_->cuts(), 2);
  EXPECT_EQ(TakeAll(*direct_bus_).size(), 1u);
  EXPECT_EQ(direct_queue_->Depth()->ready, 1000);
}

TEST_F(NatsFaultsTest, WhatWasStoredBeforeItsAnswerWasCutIsStoredOnce) {
  proxy_->CutAfterReceived(1);
  ASSERT_TRUE(bus_->PutReport("1", "a"));
  // The answers to 1000 tasks are longer.
  ASSERT_TRUE(queue_->Publish(Tasks(0, 1)));
  proxy_->CutAfterReceived(10'000);
  ASSERT_TRUE(queue_->Publish(Tasks(1, 1000)));
  EXPECT_EQ(proxy_->cuts(), 2);
  EXPECT_EQ(TakeAll(*direct_bus_).size(), 1u);
  EXPECT_EQ(direct_queue_->Depth()->ready, 1000);
}

TEST_F(NatsFaultsTest, WaitsForAServerThatRefuses) {
  ASSERT_TRUE(queue_->Publish(Tasks(0, 1)));
  const auto lease = queue_->Pull({}, kLease).value();
  proxy_->Refuse();
  auto put = std::async([&] { return bus_->PutReport("1", "a"); });
  auto acked = std::async([&] { return queue_->Ack(*lease); });
  proxy_->AwaitRefusals(2);
  proxy_->Restore();
  EXPECT_TRUE(put.get());
  EXPECT_TRUE(acked.get());
  EXPECT_THAT(TakeAll(*direct_bus_), ElementsAre("a"));
  EXPECT_EQ(direct_queue_->Depth()->held, 0);
}

TEST_F(NatsFaultsTest, SlowWaysAreWays) {
  proxy_->Delay(100ms);
  ASSERT_TRUE(queue_->Publish(Tasks(0, 300)));
  EXPECT_EQ(queue_->PullSome({}, 0, 300, kLease)->size(), 300u);
  ASSERT_TRUE(bus_->PutReport("1", "a"));
  EXPECT_THAT(TakeAll(*bus_), ElementsAre("a"));
}

TEST_F(NatsFaultsTest, WhoListensAndAnswersDoesSoAfterACut) {
  std::atomic<int> heard = 0;
  const auto listener =
      bus_->Listen("news", [&](const std::string&) { ++heard; });
  const auto answerer = bus_->Answer(
      "start", [](const std::string& question, const MessageBus::Reply& reply) {
        reply(question);
      });
  proxy_->Cut();
  // From the first answer on, the way is there again.
  ASSERT_TRUE(NatsConnection::Persist([&]() -> Status {
    REEL_TRY(direct_bus_->Ask("start", "?", 1s));
    return {};
  }));
  std::promise<void> end;
  const auto last =
      bus_->Listen("end", [&](const std::string&) { end.set_value(); });
  ASSERT_TRUE(direct_bus_->Send("news", ""));
  ASSERT_TRUE(NatsConnection::Persist([&]() -> Status {
    if (heard > 0) return {};
    return base::Fail(Code::kUnavailable, "not yet");
  }));
  EXPECT_EQ(heard, 1);
}

TEST(NatsServerFaultsTest, NothingIsLostWhenTheServerIsKilled) {
  if (!testing::NatsProcess::Program()) GTEST_SKIP() << testing::kNoNats;
  const testing::TempDir dir;
  testing::NatsProcess server(dir.path());
  server.Start();
  std::shared_ptr<const NatsConnection> connection;
  ASSERT_TRUE(NatsConnection::Persist([&]() -> Status {
    REEL_ASSIGN(connection, NatsConnection::Open(server.options()));
    return {};
  }));
  const auto queue = OpenNatsQueue(connection, kLease).value();
  const auto bus = OpenNatsBus(connection).value();
  ASSERT_TRUE(queue->Publish(Tasks(0, 500)));
  const auto held = queue->PullSome({}, 0, 10, kLease).value();
  ASSERT_TRUE(bus->PutReport("1", "a"));

  server.Kill();
  auto published = std::async([&] { return queue->Publish(Tasks(500, 1000)); });
  auto put = std::async([&] { return bus->PutReport("2", "b"); });
  server.Start();
  ASSERT_TRUE(published.get());
  ASSERT_TRUE(put.get());
  for (const Lease& lease : held) EXPECT_TRUE(queue->Ack(lease));
  const auto ids = Drain(*queue);
  // Acknowledged or pulled tasks may come again.
  EXPECT_GE(std::set(ids.begin(), ids.end()).size(), 990u);
  for (const QueuedTask& task : Tasks(500, 1000))
    EXPECT_EQ(ids.count(task.task_id), 1u);
  EXPECT_THAT(TakeAll(*bus), ElementsAre("a", "b"));
}

class S3FaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto options = testing::TestS3();
    if (!options) GTEST_SKIP() << testing::kNoS3;
    options->bucket = testing::UniqueName("faults");
    direct_ = std::make_unique<S3Client>(*options);
    ASSERT_TRUE(direct_->MakeBucket());
    proxy_ =
        std::make_unique<testing::TcpProxy>(testing::PortOf(options->endpoint));
    options->endpoint = fmt::format("http://127.0.0.1:{}", proxy_->port());
    client_ = std::make_unique<S3Client>(*options);
    options->retry.max_attempts = 1;
    impatient_ = std::make_unique<S3Client>(*options);
    for (size_t i = 0; i < bytes_.size(); ++i)
      bytes_[i] = static_cast<char>(i * i >> 7);
    digest_ = base::Sha256(bytes_);
  }
  HttpBody Body() const {
    return {.size_bytes = static_cast<int64_t>(bytes_.size()),
            .read = [this](int64_t offset,
                           std::span<uint8_t> into) -> base::Result<size_t> {
              const std::string piece =
                  bytes_.substr(static_cast<size_t>(offset), into.size());
              std::ranges::copy(piece, into.begin());
              return piece.size();
            }};
  }
  static std::string Read(S3Client& client, const std::string& key) {
    std::string got;
    const auto count =
        client.Get(key, 0, -1, [&](std::span<const uint8_t> bytes) -> Status {
          got.append(bytes.begin(), bytes.end());
          return {};
        });
    EXPECT_TRUE(count) << count.error().message;
    return got;
  }

  std::string bytes_ = std::string(4 << 20, ' ');
  std::string digest_;
  std::unique_ptr<testing::TcpProxy> proxy_;
  std::unique_ptr<S3Client> direct_, client_, impatient_;
};

TEST_F(S3FaultsTest, AnUploadThatIsCutIsMadeAgain) {
  proxy_->CutAfterSent(1 << 20);
  const Status put = client_->Put("a", Body(), digest_);
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_GT(proxy_->cuts(), 0);
  EXPECT_TRUE(Read(*direct_, "a") == bytes_);
}

TEST_F(S3FaultsTest, AnUploadThatIsGivenUpLeavesNothing) {
  proxy_->CutAfterSent(1 << 20);
  EXPECT_EQ(impatient_->Put("a", Body(), digest_).error().code,
            Code::kUnavailable);
  EXPECT_FALSE(direct_->Head("a").value());
}

TEST_F(S3FaultsTest, ADownloadThatIsCutGoesOn) {
  ASSERT_TRUE(direct_->Put("a", Body(), digest_));
  proxy_->CutAfterReceived(1 << 20);
  EXPECT_TRUE(Read(*client_, "a") == bytes_);
  EXPECT_GT(proxy_->cuts(), 0);
}

TEST_F(S3FaultsTest, APartThatIsCutIsSentAgain) {
  const std::string upload = client_->BeginUpload("a").value();
  proxy_->CutAfterSent(1 << 20);
  const auto part = client_->UploadPart("a", upload, 1, Body(), digest_);
  ASSERT_TRUE(part) << part.error().message;
  EXPECT_GT(proxy_->cuts(), 0);
  ASSERT_TRUE(client_->CompleteUpload("a", upload, std::span(&*part, 1)));
  EXPECT_TRUE(Read(*direct_, "a") == bytes_);
}

class PostgresFaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto url = testing::TestDatabase(dir_.path());
    if (!url) GTEST_SKIP() << testing::kNoPostgres;
    direct_ = SqlSession::OpenPostgres(*url).value();
    const size_t port = url->rfind(':') + 1, name = url->rfind('/');
    proxy_ = std::make_unique<testing::TcpProxy>(
        std::stoi(url->substr(port, name - port)));
    through_ = fmt::format("{}{}{}", url->substr(0, port), proxy_->port(),
                           url->substr(name));
  }
  // Through the direct connection.
  int Jobs() {
    return direct_
        ->Read([](soci::session& sql) {
          int count = 0;
          sql << "select count(*) from jobs", soci::into(count);
          return count;
        })
        .value();
  }
  testing::TempDir dir_;
  std::unique_ptr<SqlSession> direct_;
  std::unique_ptr<testing::TcpProxy> proxy_;
  std::string through_;
};

TEST_F(PostgresFaultsTest, CallsAfterACutSucceed) {
  const auto jobs = OpenPostgresJobStore(through_).value();
  ASSERT_TRUE(jobs->OpenJob("a", "A"));
  proxy_->Cut();
  const Status opened = jobs->OpenJob("b", "B");
  EXPECT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(Jobs(), 2);
}

TEST_F(PostgresFaultsTest, ATransactionThatIsCutIsNotThereByHalf) {
  const auto jobs = OpenPostgresJobStore(through_).value();
  const auto session = SqlSession::OpenPostgres(through_).value();
  ASSERT_TRUE(jobs->OpenJob("a", "A"));
  const auto rename = [&](bool cut) {
    return session->Write([&](soci::session& sql) {
      sql << "delete from jobs where id = 'a'";
      if (cut) proxy_->Cut();
      sql << "update jobs set title = 'B'";
    });
  };
  EXPECT_EQ(rename(true).error().code, Code::kUnavailable);
  EXPECT_EQ(Jobs(), 1);
  EXPECT_TRUE(rename(false)) << "and the session goes on";
  EXPECT_EQ(Jobs(), 0);
}

}  // namespace
}  // namespace reel::platform

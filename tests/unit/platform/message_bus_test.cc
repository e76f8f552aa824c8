// The law of the bus's seam, for every implementation of it.
#include "platform/message_bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "platform/nats_bus.h"
#include "testing/memory_bus.h"
#include "testing/temp_dir.h"
#include "testing/test_nats.h"

namespace reel::platform {
namespace {

using base::Code;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Long enough for whatever comes; nothing waits so long when all is well.
constexpr auto kSoon = 20s;
constexpr auto kRedeliverAfter = 1s;

// The buses of one installation.
class Installation {
 public:
  virtual ~Installation() = default;
  virtual std::unique_ptr<MessageBus> Open() = 0;
};
struct Kind {
  std::string name;
  // Named by a key; nullptr: no server runs.
  std::function<std::unique_ptr<Installation>(const std::string& key)> make;
  friend void PrintTo(const Kind& kind, std::ostream* out) {
    *out << kind.name;
  }
};

class MessageBusTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (!installation_) GTEST_SKIP() << testing::kNoNats;
    bus_ = installation_->Open();
    other_ = installation_->Open();
  }
  static std::vector<std::string> Bodies(const std::vector<Report>& reports) {
    std::vector<std::string> bodies;
    for (const Report& report : reports) bodies.push_back(report.body);
    return bodies;
  }
  static std::vector<Report> Take(MessageBus& bus, int limit,
                                  std::chrono::milliseconds wait = 0ms) {
    auto reports = bus.TakeReports(limit, wait);
    EXPECT_TRUE(reports) << reports.error().message;
    return reports ? *std::move(reports) : std::vector<Report>();
  }

  testing::TempDir dir_;
  std::unique_ptr<Installation> installation_ = GetParam().make(dir_.path());
  std::unique_ptr<MessageBus> bus_, other_;
};

TEST_P(MessageBusTest, AllWhoListenHear) {
  std::promise<std::string> here, there;
  const auto one = bus_->Listen(
      "news", [&](const std::string& body) { here.set_value(body); });
  const auto two = other_->Listen(
      "news", [&](const std::string& body) { there.set_value(body); });
  ASSERT_TRUE(one && two);
  ASSERT_TRUE(other_->Send("news", "hello"));
  EXPECT_EQ(here.get_future().get(), "hello");
  EXPECT_EQ(there.get_future().get(), "hello");
}

TEST_P(MessageBusTest, MessagesOfASenderComeInOrderToTheirSubjectAlone) {
  std::vector<std::string> heard;
  std::promise<void> end;
  const auto subscription = bus_->Listen("a.b", [&](const std::string& body) {
    heard.push_back(body);
    if (body == "end") end.set_value();
  });
  ASSERT_TRUE(subscription);
  ASSERT_TRUE(other_->Send("a", "wrong"));
  for (const char* body : {"1", "2", "", "end"})
    ASSERT_TRUE(other_->Send("a.b", body));
  end.get_future().get();
  EXPECT_THAT(heard, ElementsAre("1", "2", "", "end"));
}

TEST_P(MessageBusTest, NothingIsHeardAfterTheEnd) {
  std::atomic<int> heard = 0;
  auto ended = bus_->Listen("news", [&](const std::string&) { ++heard; });
  std::promise<void> end;
  const auto marker =
      bus_->Listen("news", [&](const std::string&) { end.set_value(); });
  ended->reset();
  ASSERT_TRUE(other_->Send("news", "late"));
  end.get_future().get();
  EXPECT_EQ(heard, 0);
}

TEST_P(MessageBusTest, TheEndWaitsForAHandlerThatRuns) {
  std::promise<void> begun, may_end;
  std::atomic<bool> done = false;
  auto subscription = bus_->Listen("news", [&](const std::string&) {
    begun.set_value();
    may_end.get_future().get();
    done = true;
  });
  ASSERT_TRUE(other_->Send("news", "x"));
  begun.get_future().get();
  std::jthread ender([&] { subscription->reset(); });
  may_end.set_value();
  ender.join();
  EXPECT_TRUE(done);
}

TEST_P(MessageBusTest, EachQuestionIsAnsweredByOne) {
  std::atomic<int> asked = 0;
  const auto answer = [&](const std::string& question,
                          const MessageBus::Reply& reply) {
    ++asked;
    reply("re: " + question);
  };
  const auto one = bus_->Answer("start", answer);
  const auto two = other_->Answer("start", answer);
  ASSERT_TRUE(one && two);
  const auto asker = installation_->Open();
  for (int i = 0; i < 20; ++i) {
    const auto reply = asker->Ask("start", std::to_string(i), kSoon);
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(*reply, "re: " + std::to_string(i));
  }
  EXPECT_EQ(asked, 20);
}

TEST_P(MessageBusTest, AnAnswerMayComeLaterFromAnyThread) {
  std::promise<MessageBus::Reply> asked;
  const auto subscription = bus_->Answer(
      "start", [&](const std::string&, const MessageBus::Reply& reply) {
        asked.set_value(reply);
      });
  const std::jthread answerer([&] { asked.get_future().get()("later"); });
  EXPECT_EQ(other_->Ask("start", "?", kSoon).value(), "later");
}

TEST_P(MessageBusTest, NobodyAnswersOrNotInTime) {
  EXPECT_EQ(bus_->Ask("start", "?", kSoon).error().code, Code::kUnavailable);
  const auto mute = other_->Answer(
      "start", [](const std::string&, const MessageBus::Reply&) {});
  EXPECT_EQ(bus_->Ask("start", "?", 50ms).error().code, Code::kUnavailable);
}

TEST_P(MessageBusTest, ReportsAreKeptInOrderUntilTheyAreDoneWith) {
  for (const char* body : {"a", "b", "c"})
    ASSERT_TRUE(bus_->PutReport(body, body));
  const auto two = Take(*other_, 2);
  EXPECT_THAT(Bodies(two), ElementsAre("a", "b"));
  const auto rest = Take(*bus_, 10);
  EXPECT_THAT(Bodies(rest), ElementsAre("c"));
  ASSERT_TRUE(other_->DoneWith(two));
  ASSERT_TRUE(bus_->DoneWith(rest));
  EXPECT_THAT(Take(*bus_, 10, kRedeliverAfter + 200ms), IsEmpty());
}

TEST_P(MessageBusTest, ReportsThatAreNotDoneWithComeAgain) {
  ASSERT_TRUE(bus_->PutReport("1", "a"));
  ASSERT_TRUE(bus_->PutReport("2", "b"));
  const auto taken = Take(*bus_, 10);
  ASSERT_EQ(taken.size(), 2u);
  ASSERT_TRUE(bus_->DoneWith(std::span(taken).first(1)));
  const auto again = Take(*other_, 10, kSoon);
  EXPECT_THAT(Bodies(again), ElementsAre("b"));
  EXPECT_TRUE(other_->DoneWith(again));
}

TEST_P(MessageBusTest, TheSameReportPutTwiceIsOne) {
  ASSERT_TRUE(bus_->PutReport("task-1/2", "a"));
  ASSERT_TRUE(other_->PutReport("task-1/2", "a"));
  const auto taken = Take(*bus_, 10);
  EXPECT_THAT(Bodies(taken), ElementsAre("a"));
  ASSERT_TRUE(bus_->DoneWith(taken));
  ASSERT_TRUE(other_->PutReport("task-1/2", "a")) << "done with, but recent";
  EXPECT_THAT(Take(*bus_, 10), IsEmpty());
}

TEST_P(MessageBusTest, WaitsForTheFirstReport) {
  auto taken = std::async([&] { return Take(*bus_, 10, kSoon); });
  ASSERT_TRUE(other_->PutReport("1", "a"));
  EXPECT_THAT(Bodies(taken.get()), ElementsAre("a"));
}

TEST_P(MessageBusTest, WhatIsOutOfBoundsIsRefused) {
  const std::string large(kMostMessageBytes + 1, 'x');
  const auto ignore = [](const std::string&) {};
  for (const char* wrong : {"", "A", "a b", ".a", "a.", "a..b", "a.*", ">"}) {
    EXPECT_EQ(bus_->Send(wrong, "").error().code, Code::kInvalidArgument);
    EXPECT_EQ(bus_->Listen(wrong, ignore).error().code, Code::kInvalidArgument);
    EXPECT_EQ(bus_->Ask(wrong, "", 1s).error().code, Code::kInvalidArgument);
  }
  for (const char* wrong : {"", "a b", "a\r\nb"})
    EXPECT_EQ(bus_->PutReport(wrong, "").error().code, Code::kInvalidArgument);
  EXPECT_EQ(bus_->Send("a", large).error().code, Code::kInvalidArgument);
  EXPECT_EQ(bus_->Ask("a", large, 1s).error().code, Code::kInvalidArgument);
  EXPECT_EQ(bus_->PutReport("a", large).error().code, Code::kInvalidArgument);
}

TEST_P(MessageBusTest, TheLargestMessagesPass) {
  const std::string large(kMostMessageBytes, 'x');
  const auto echo = other_->Answer(
      "echo", [](const std::string& question, const MessageBus::Reply& reply) {
        reply(question);
      });
  EXPECT_TRUE(bus_->Ask("echo", large, kSoon).value() == large);
  ASSERT_TRUE(bus_->PutReport("1", large));
  const auto taken = Take(*other_, 1);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_TRUE(taken.front().body == large);
  EXPECT_TRUE(other_->DoneWith(taken));
}

class InMemory : public Installation {
 public:
  std::unique_ptr<MessageBus> Open() override {
    return std::make_unique<testing::MemoryBus>(hub_);
  }

 private:
  testing::MemoryBusHub hub_{kRedeliverAfter};
};

class OnNats : public Installation {
 public:
  explicit OnNats(NatsOptions options) : options_(std::move(options)) {}
  std::unique_ptr<MessageBus> Open() override {
    return OpenNatsBus(NatsConnection::Open(options_).value(), kRedeliverAfter)
        .value();
  }

 private:
  const NatsOptions options_;
};

INSTANTIATE_TEST_SUITE_P(
    Kinds, MessageBusTest,
    ::testing::Values(
        Kind{"Memory",
             [](const std::string&) { return std::make_unique<InMemory>(); }},
        Kind{"Nats",
             [](const std::string& key) -> std::unique_ptr<Installation> {
               const auto options = testing::TestNats(key);
               if (!options) return nullptr;
               return std::make_unique<OnNats>(*options);
             }}),
    [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace reel::platform

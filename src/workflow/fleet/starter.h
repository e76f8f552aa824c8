// Answers workers that ask whether they may begin.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/message_bus.h"
#include "platform/task_ledger.h"
#include "workflow/fleet/messages.h"

namespace reel::workflow::fleet {

// Questions that come while the ledger is being asked are answered together by
// one transaction.
class Starter {
 public:
  // Both outlive this. Errors: those of the bus.
  static base::Result<std::unique_ptr<Starter>> Open(
      platform::MessageBus& bus, platform::TaskLedger& ledger);

  // Answers until stop is requested.
  void Run(const std::stop_token& stop);

 private:
  struct Question {
    StartRequest request;
    platform::MessageBus::Reply reply;
  };
  explicit Starter(platform::TaskLedger& ledger) : ledger_(ledger) {}
  void Ask(const std::string& text, const platform::MessageBus::Reply& reply);
  void AnswerAll(const std::vector<Question>& questions);

  platform::TaskLedger& ledger_;
  std::mutex mu_;  // asked_
  std::condition_variable_any news_;
  std::vector<Question> asked_;
  // Last: its handler uses those above.
  std::unique_ptr<platform::MessageBus::Subscription> subscription_;
};

}  // namespace reel::workflow::fleet

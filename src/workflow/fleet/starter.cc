#include "workflow/fleet/starter.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace reel::workflow::fleet {
namespace {

using base::Result;
using platform::StartCall;

// Whoever asks beyond this asks again later.
constexpr size_t kMostWaiting = 10'000;
// Tasks that one transaction begins.
constexpr size_t kMostAtOnce = 1'000;

StartedTask Later(const std::string& task_id) {
  return {.task_id = task_id,
          .verdict = StartVerdict::kLater,
          .fence = 0,
          .failures = 0,
          .spec = std::nullopt};
}

StartedTask Started(const std::string& task_id,
                    const std::optional<platform::TaskRecord>& record) {
  StartedTask started = Later(task_id);
  started.verdict = StartVerdict::kDrop;
  if (!record) return started;
  auto spec = base::ParseJsonAs<TaskSpec>(record->spec);
  if (!spec) {
    spdlog::error("task {}: its spec: {}", task_id, spec.error().message);
    return started;
  }
  started.verdict = StartVerdict::kStart;
  started.fence = record->fence;
  started.failures = record->failures;
  started.spec = *std::move(spec);
  return started;
}

}  // namespace

Result<std::unique_ptr<Starter>> Starter::Open(platform::MessageBus& bus,
                                               platform::TaskLedger& ledger) {
  std::unique_ptr<Starter> starter(new Starter(ledger));
  REEL_ASSIGN(
      starter->subscription_,
      bus.Answer(kStartSubject, [self = starter.get()](const std::string& text,
                                                       const auto& reply) {
        self->Ask(text, reply);
      }));
  return starter;
}

void Starter::Ask(const std::string& text,
                  const platform::MessageBus::Reply& reply) {
  auto request = base::ParseJsonAs<StartRequest>(text);
  if (!request) {
    spdlog::warn("a question that is none: {}", request.error().message);
    return;
  }
  {
    const std::lock_guard lock(mu_);
    if (asked_.size() >= kMostWaiting) return;
    asked_.push_back({*std::move(request), reply});
  }
  news_.notify_one();
}

void Starter::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<Question> questions;
    {
      std::unique_lock lock(mu_);
      news_.wait(lock, stop, [&] { return !asked_.empty(); });
      size_t tasks = 0;
      auto end = asked_.begin();
      while (end != asked_.end() && tasks < kMostAtOnce)
        tasks += (end++)->request.task_ids.size();
      questions.assign(std::make_move_iterator(asked_.begin()),
                       std::make_move_iterator(end));
      asked_.erase(asked_.begin(), end);
    }
    if (!questions.empty()) AnswerAll(questions);
  }
  // Nobody is left waiting for an answer.
  subscription_.reset();
  AnswerAll(asked_);
}

void Starter::AnswerAll(const std::vector<Question>& questions) {
  std::vector<StartCall> calls;
  for (const Question& question : questions) {
    for (const std::string& id : question.request.task_ids)
      calls.push_back({id, question.request.worker, question.request.host});
  }
  const auto records = ledger_.Start(calls);
  if (!records) spdlog::warn("start tasks: {}", records.error().message);
  size_t at = 0;
  for (const Question& question : questions) {
    StartAnswer answer;
    for (const std::string& id : question.request.task_ids) {
      answer.tasks.push_back(records ? Started(id, (*records)[at]) : Later(id));
      ++at;
    }
    question.reply(base::DumpJson(answer));
  }
}

}  // namespace reel::workflow::fleet

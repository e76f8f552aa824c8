#include "cli/job_watch.h"

#include <fmt/format.h>

#include <utility>

#include "cli/progress_display.h"

namespace reel::cli {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Status;

// A line for what somebody who waits wants to know; "" for nothing.
std::string NoteOf(const ApiEvent& event) {
  const Json data = event.data.value("data", Json::object());
  const std::string message = data.value("message", "");
  if (event.kind == "task_failed")
    return fmt::format("a task failed: {}", message);
  if (event.kind == "started" || event.kind == "retried") return event.kind;
  return "";
}

Status ShowProgress(ApiClient& client, const std::string& path) {
  ProgressDisplay display(StandardError());
  return client.Follow(path + "/events", [&](const ApiEvent& event) {
    if (event.kind == "progress") {
      display.Show("tasks", event.data.value("progress", 0.0));
      const std::string state = event.data.value("state", "");
      const bool is_open = state == "queued" || state == "running";
      return is_open ? AfterEvent::kGoOn : AfterEvent::kEnd;
    }
    if (const std::string note = NoteOf(event); !note.empty())
      display.Note(note);
    return AfterEvent::kGoOn;
  });
}

}  // namespace

Status StatusOfJob(const Json& job) {
  const std::string id = job.value("id", ""), state = job.value("state", "");
  if (state == "cancelled")
    return Fail(Code::kCancelled, fmt::format("job {} was cancelled", id));
  if (state != "failed") return {};
  const Json error = job.contains("error") && job.at("error").is_object()
                         ? job.at("error")
                         : Json::object();
  return Fail(base::CodeFromName(error.value("code", "")),
              fmt::format("job {} failed: {}", id, error.value("message", "")));
}

Outcome WatchJob(ApiClient& client, const std::string& id) {
  const std::string path = "/v1/jobs/" + Encoded(id);
  if (auto shown = ShowProgress(client, path); !shown)
    return {std::move(shown)};
  auto job = client.Get(path);
  if (!job) return {tl::unexpected(job.error())};
  return {StatusOfJob(*job), *std::move(job)};
}

}  // namespace reel::cli

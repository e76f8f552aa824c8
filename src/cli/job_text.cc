#include "cli/job_text.h"

#include <fmt/format.h>

namespace reel::cli {
namespace {

using base::Json;

// "" where there is none, or null.
std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : "";
}

// To the minute: "2026-11-23 10:05".
std::string TimeOf(const Json& json, const char* name) {
  std::string text = TextOf(json, name).substr(0, 16);
  if (const size_t at = text.find('T'); at != std::string::npos) text[at] = ' ';
  return text;
}

void AddLine(std::string& text, const char* name, const std::string& value) {
  if (!value.empty()) text += fmt::format("{:<10} {}\n", name, value);
}

std::string TasksOf(const Json& job) {
  const Json tasks = job.value("tasks", Json::object());
  return fmt::format("{:.0f} %: {} done, {} running, {} queued, {} failed",
                     100 * job.value("progress", 0.0), tasks.value("done", 0),
                     tasks.value("running", 0), tasks.value("queued", 0),
                     tasks.value("failed", 0));
}

}  // namespace

std::string JobTable(const Json& jobs) {
  std::string text = fmt::format("{:<22} {:<10} {:<9} {:<17} {}\n", "JOB",
                                 "STATE", "PRIORITY", "SUBMITTED", "TITLE");
  for (const Json& job : jobs.value("jobs", Json::array())) {
    text += fmt::format("{:<22} {:<10} {:<9} {:<17} {}\n", TextOf(job, "id"),
                        TextOf(job, "state"), TextOf(job, "priority"),
                        TimeOf(job, "created"), TextOf(job, "title"));
  }
  return text;
}

std::string JobText(const Json& job) {
  std::string text;
  AddLine(text, "job", TextOf(job, "id"));
  AddLine(text, "title", TextOf(job, "title"));
  AddLine(text, "state", TextOf(job, "state"));
  if (const auto error = job.find("error");
      error != job.end() && error->is_object())
    AddLine(text, "error", TextOf(*error, "message"));
  AddLine(text, "tasks", TasksOf(job));
  AddLine(text, "priority", TextOf(job, "priority"));
  AddLine(text, "deadline", TimeOf(job, "deadline"));
  AddLine(text, "source", TextOf(job, "source"));
  AddLine(text, "recipe", TextOf(job, "recipe"));
  AddLine(text, "submitted",
          fmt::format("{} by {}", TimeOf(job, "created"),
                      TextOf(job, "submitted_by")));
  AddLine(text, "started", TimeOf(job, "started"));
  AddLine(text, "ended", TimeOf(job, "ended"));
  if (const auto result = job.find("result");
      result != job.end() && result->is_object())
    AddLine(text, "page", TextOf(*result, "page"));
  return text;
}

}  // namespace reel::cli

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "service/api/job_json.h"
#include "service/api/pause.h"
#include "service/api/routes.h"

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using platform::JobState;

constexpr int kEventsAtATime = 100;
// Shorter than the patience of proxies; a client that is gone is noticed then.
constexpr std::chrono::seconds kHeartbeat{15};

// "Server-sent events" of the HTML standard.
std::string Render(const platform::JobEventRecord& event) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.sequence,
                     event.kind, base::DumpJson(EventJson(event)));
}

Result<int64_t> LastEventId(const ApiRequest& request) {
  const std::string text = request.Header("last-event-id");
  if (text.empty()) return request.QueryNumber("after", 0, 0, INT64_MAX);
  int64_t id = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 0)
    return Fail(Code::kInvalidArgument, "Last-Event-ID is no event's");
  return id;
}

// Of the stream of one job: how far it is. It is no event, and has no id.
std::string RenderProgress(const platform::FleetJob& job) {
  return fmt::format("event: progress\ndata: {}\n\n",
                     base::DumpJson(ProgressJson(job)));
}

Result<platform::FleetJob> FindJob(platform::JobBoard& board,
                                   const std::string& id) {
  REEL_ASSIGN(auto job, board.Find(id));
  if (!job) return Fail(Code::kNotFound, "no job " + id);
  return *std::move(job);
}

bool HasEnded(const platform::FleetJob& job) {
  return job.state != JobState::kQueued && job.state != JobState::kRunning;
}

// Tells events after `last` as they come, until the job has ended; those of all
// jobs ("") until nobody listens.
class Teller {
 public:
  Teller(const ApiBackend& backend, std::string job_id, int64_t last)
      : backend_(backend), job_id_(std::move(job_id)), last_(last) {}

  void Tell(const std::stop_token& stop, const PieceSink& sink) {
    while (!stop.stop_requested()) {
      // A client that is told no more comes back, and goes on.
      const auto news = Look();
      if (!news) return;
      std::string text = news->text;
      const auto now = std::chrono::steady_clock::now();
      if (text.empty() && now - heard_ >= kHeartbeat) text = ":\n\n";
      if (!text.empty()) {
        heard_ = now;
        if (!sink(text)) return;
      }
      if (news->has_more) continue;
      if (news->is_last) return;
      Pause(stop, backend_.event_pause);
    }
  }

 private:
  struct News {
    std::string text;
    bool has_more = false;  // look again at once
    bool is_last = false;
  };
  Result<News> Look() {
    News news;
    // Asked first: what happened before the end is then among the events.
    if (!job_id_.empty()) {
      REEL_ASSIGN(const auto job, FindJob(*backend_.board, job_id_));
      news.is_last = HasEnded(job);
      const std::string progress = RenderProgress(job);
      if (progress != progress_) news.text = progress_ = progress;
    }
    REEL_ASSIGN(const auto events,
                backend_.board->EventsAfter(last_, job_id_, kEventsAtATime));
    for (const auto& event : events) {
      news.text += Render(event);
      last_ = event.sequence;
    }
    news.has_more = !events.empty();
    return news;
  }

  const ApiBackend& backend_;
  const std::string job_id_;
  int64_t last_;
  std::string progress_;  // told last
  std::chrono::steady_clock::time_point heard_ =
      std::chrono::steady_clock::now();
};

Result<Answer> Follow(const ApiBackend& backend, const ApiRequest& request,
                      const std::string& job_id) {
  constexpr const char* kNames[] = {"after"};
  REEL_TRY(request.OnlyQuery(kNames));
  REEL_ASSIGN(const int64_t last, LastEventId(request));
  if (!job_id.empty()) {
    REEL_ASSIGN(const auto job, FindJob(*backend.board, job_id));
    REEL_ASSIGN(const auto left, backend.board->EventsAfter(last, job_id, 1));
    // All is told: 204 keeps a browser from asking again.
    if (HasEnded(job) && left.empty()) return Answer{.status = 204};
  }
  return Answer{.content_type = "text/event-stream",
                .stream = [&backend, job_id, last,
                           stop = request.stop](const PieceSink& sink) {
                  if (sink(": events\n\n"))
                    Teller(backend, job_id, last).Tell(stop, sink);
                }};
}

Result<Answer> JobEvents(const ApiBackend& backend, const ApiRequest& request) {
  return Follow(backend, request, request.ids[0]);
}

Result<Answer> AllEvents(const ApiBackend& backend, const ApiRequest& request) {
  return Follow(backend, request, "");
}

constexpr Route kRoutes[] = {
    {"GET", "/v1/jobs/{job}/events", Access::kViewer, JobEvents},
    {"GET", "/v1/events", Access::kViewer, AllEvents},
};

}  // namespace

std::span<const Route> EventRoutes() { return kRoutes; }

}  // namespace reel::service::api

#include "service/metrics.h"

#include "platform/job_board.h"
#include "platform/task_state.h"
#include "service/prometheus_text.h"

namespace reel::service {
namespace {

using workflow::fleet::FleetMetrics;
using enum MetricType;

double Number(int64_t count) { return static_cast<double>(count); }

void AddQueues(const FleetMetrics& metrics, PrometheusText& text) {
  const auto labels = [](const FleetMetrics::Queue& queue) {
    return MetricLabels{{"service", queue.service},
                        {"priority", platform::Name(queue.priority)}};
  };
  text.Begin("reel_queue_ready_tasks", kGauge, "Tasks that a worker may take.");
  for (const auto& [queue, now] : metrics.queues)
    text.Sample(labels(queue), Number(now.depth.ready));
  text.Begin("reel_queue_held_tasks", kGauge,
             "Tasks that a worker has, or that wait for their next attempt.");
  for (const auto& [queue, now] : metrics.queues)
    text.Sample(labels(queue), Number(now.depth.held));
  text.Begin("reel_queue_oldest_ready_seconds", kGauge,
             "Age of the task that has been ready for longest.");
  for (const auto& [queue, now] : metrics.queues)
    text.Sample(labels(queue), now.oldest_ready_seconds);
}

void AddTasks(const FleetMetrics& metrics, PrometheusText& text) {
  text.Begin("reel_task_attempts_total", kCounter,
             "Attempts at tasks that have ended, by how.");
  for (const auto& [service, tasks] : metrics.tasks) {
    const auto sample = [&](const char* outcome, int64_t count) {
      text.Sample({{"service", service}, {"outcome", outcome}}, Number(count));
    };
    sample("done", tasks.done);
    sample("failed", tasks.failed);
    sample("timed_out", tasks.timed_out);
    sample("released", tasks.released);
  }
  text.Begin("reel_task_retries_total", kCounter,
             "Attempts that follow a failed one.");
  for (const auto& [service, tasks] : metrics.tasks)
    text.Sample({{"service", service}}, Number(tasks.retries));
  text.Begin("reel_task_seconds", kHistogram,
             "Time that finished tasks took, from start to report.");
  for (const auto& [service, tasks] : metrics.tasks)
    text.Sample({{"service", service}}, tasks.seconds);
  text.Begin("reel_dead_tasks", kGauge,
             "Tasks whose attempts are used up and that a failed job wants.");
  text.Sample({}, Number(metrics.dead_tasks));
}

void AddJobs(const FleetMetrics& metrics, PrometheusText& text) {
  text.Begin("reel_jobs", kGauge, "Jobs by state.");
  for (const auto& [state, count] : metrics.jobs)
    text.Sample({{"state", platform::Name(state)}}, Number(count));
  text.Begin("reel_oldest_open_job_seconds", kGauge,
             "Time since the oldest open job was submitted.");
  for (const auto& [priority, seconds] : metrics.oldest_job_seconds)
    text.Sample({{"priority", platform::Name(priority)}}, seconds);
  text.Begin("reel_late_jobs", kGauge, "Open jobs past their deadline.");
  text.Sample({}, Number(metrics.late_jobs));
  text.Begin("reel_rendition_vmaf", kHistogram,
             "VMAF of finished renditions, by height in lines.");
  for (const auto& [height, vmaf] : metrics.vmaf)
    text.Sample({{"height", std::to_string(height)}}, vmaf);
}

void AddWorkers(const FleetMetrics& metrics, PrometheusText& text) {
  text.Begin("reel_workers", kGauge, "Living workers.");
  text.Sample({{"state", "working"}}, Number(metrics.workers.working));
  text.Sample({{"state", "draining"}}, Number(metrics.workers.draining));
  text.Begin("reel_worker_slots", kGauge,
             "Tasks that workers can have at once.");
  text.Sample({{"state", "busy"}}, Number(metrics.workers.busy_slots));
  text.Sample({{"state", "free"}}, Number(metrics.workers.free_slots));
}

void AddServers(const FleetMetrics& metrics, PrometheusText& text) {
  text.Begin("reel_store_read_bytes_total", kCounter,
             "Bytes of artifacts that tasks have read.");
  text.Sample({}, Number(metrics.store_read_bytes));
  text.Begin("reel_store_written_bytes_total", kCounter,
             "Bytes of artifacts that tasks have written.");
  text.Sample({}, Number(metrics.store_written_bytes));
  text.Begin("reel_task_errors_total", kCounter,
             "Attempts that failed, by the code of their error.");
  for (const auto& [code, errors] : metrics.task_errors)
    text.Sample({{"code", code}}, Number(errors));
  text.Begin("reel_round_errors_total", kCounter,
             "Rounds of the orchestrator's parts that failed.");
  for (const auto& [part, errors] : metrics.round_errors)
    text.Sample({{"part", part}}, Number(errors));
  text.Begin("reel_dispatch_seconds", kHistogram,
             "From when a task could have been published until it was.");
  text.Sample({}, metrics.dispatch_seconds);
}

}  // namespace

std::string MetricsText(const FleetMetrics& metrics) {
  PrometheusText text;
  text.Begin("reel_build_info", kGauge, "1, and the version of the program.");
  text.Sample({{"version", metrics.version}}, 1);
  AddQueues(metrics, text);
  AddTasks(metrics, text);
  AddJobs(metrics, text);
  AddWorkers(metrics, text);
  AddServers(metrics, text);
  return text.text();
}

}  // namespace reel::service

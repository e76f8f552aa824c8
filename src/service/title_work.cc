#include "service/title_work.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/byte_source.h"
#include "base/file.h"
#include "model/recipe.h"
#include "platform/clock.h"
#include "service/report_html.h"
#include "service/served_file.h"
#include "workflow/tasks/hash_source.h"
#include "workflow/tasks/title_graph.h"
#include "workflow/tasks/title_report.h"

namespace reel::service {
namespace {

using base::Json;
using base::Result;
using base::Status;
using workflow::ExternalFile;
using workflow::tasks::Goal;
using workflow::tasks::TitleGraph;
using workflow::tasks::TitleResults;

// The graph of a title whose digest a worker has to take first.
class SourceGraph : public workflow::Graph {
 public:
  SourceGraph(ExternalFile source, model::Recipe recipe)
      : source_(std::move(source)), recipe_(std::move(recipe)) {}

  Status Expand(workflow::Plan& plan) override {
    if (!title_) {
      auto spec = workflow::MakeSpec(
          workflow::tasks::kHashSource,
          {source_.path, source_.size_bytes, source_.version});
      const auto* hashed = plan.Want(spec);
      if (!hashed) return {};
      REEL_ASSIGN(const auto* source, plan.Read<workflow::tasks::HashedSource>(
                                          hashed->at("source.json")));
      title_.emplace(workflow::Input(source->digest, source_), recipe_,
                     Goal::kEncode);
    }
    return title_->Expand(plan);
  }

  // Of what is known so far.
  const TitleResults* results() const {
    return title_ ? &title_->results() : nullptr;
  }

 private:
  ExternalFile source_;
  model::Recipe recipe_;
  std::optional<TitleGraph> title_;
};

class TitleWork : public workflow::fleet::Work {
 public:
  TitleWork(platform::FleetJob job, ExternalFile source, model::Recipe recipe,
            const TitleStores& stores)
      : job_(std::move(job)),
        source_(source),
        recipe_(recipe),
        graph_(std::move(source), std::move(recipe)),
        stores_(stores) {}

  workflow::Graph& graph() override { return graph_; }

  Json Summary() override {
    Json summary = Json::object();
    const TitleResults* results = graph_.results();
    if (results && results->inspection)
      summary["inspection"] = *results->inspection;
    if (results && results->timeline)
      summary["frames"] = results->timeline->frames;
    if (!report_.is_null()) {
      summary["report"] = report_;
      summary["files"] = files_;
      summary["title"] = job_.id;
    }
    return summary;
  }

  // Manifests come last: there never is one without its media.
  Status Publish() override {
    const TitleResults& results = *graph_.results();
    for (const bool manifests : {false, true}) {
      for (const auto& [path, object] : results.files) {
        if (IsManifest(path) == manifests) REEL_TRY(PutObject(path, object));
      }
      if (!manifests) REEL_TRY(PutReports(results));
    }
    for (const auto& [path, object] : results.files) {
      files_[path] = {{"digest", object.digest},
                      {"size_bytes", object.size_bytes}};
    }
    return {};
  }

 private:
  static bool IsManifest(std::string_view path) {
    return path.ends_with(".m3u8") || path.ends_with(".mpd");
  }

  // An artifact that is gone is made again, like any other that is needed; then
  // the title is published once more.
  Status PutObject(const std::string& path, const platform::Object& object) {
    const Status put =
        stores_.titles.PutObject(job_.id, path, object, MimeType(path));
    if (put || put.error().code != base::Code::kNotFound) return put;
    REEL_ASSIGN(const int makers, stores_.jobs.Forget(object.digest));
    if (makers == 0) return put;
    return base::Fail(base::Code::kUnavailable,
                      path + ": its artifact is missing, and is made again");
  }

  Status PutReports(const TitleResults& results) {
    REEL_ASSIGN(const workflow::RunCost cost, Cost());
    model::Report report =
        workflow::tasks::MakeReport(job_.spec.title, results, recipe_, cost);
    report.source.path = base::SourceLabel(source_.path);
    report_ = report;
    stores_.metrics.Note(report);
    std::vector<model::VideoTrackFile> tracks;
    for (const auto& rendition : results.video)
      tracks.push_back(rendition.track);
    REEL_TRY(Put("report.json", base::DumpPrettyJson(report_) + "\n"));
    return Put("report.html", RenderReportHtml(report, tracks));
  }

  Status Put(const std::string& path, const std::string& text) {
    return stores_.titles.PutBytes(job_.id, path, base::AsBytes(text),
                                   MimeType(path));
  }

  Result<workflow::RunCost> Cost() {
    REEL_ASSIGN(const auto services, stores_.board.CostOf(job_.id));
    workflow::RunCost cost;
    for (const auto& [service, one] : services) {
      cost.cpu_seconds += one.cpu_seconds;
      cost.cpu_seconds_by_stage[service] = one.cpu_seconds;
      cost.tasks_run += one.done;
      cost.peak_rss_bytes = std::max(cost.peak_rss_bytes, one.peak_rss_bytes);
    }
    cost.wall_seconds =
        static_cast<double>(platform::SystemClockMs() - job_.created_ms) / 1e3;
    return cost;
  }

  platform::FleetJob job_;
  ExternalFile source_;
  model::Recipe recipe_;
  SourceGraph graph_;
  TitleStores stores_;
  Json report_, files_ = Json::object();
};

}  // namespace

workflow::fleet::MakeWork TitleWorks(const TitleStores& stores) {
  return [stores](const platform::FleetJob& job)
             -> Result<std::unique_ptr<workflow::fleet::Work>> {
    REEL_ASSIGN(model::Recipe recipe,
                model::ParseRecipe(job.spec.recipe, job.spec.recipe_name));
    REEL_ASSIGN(ExternalFile source,
                workflow::DescribeExternal(job.spec.source));
    return std::make_unique<TitleWork>(job, std::move(source),
                                       std::move(recipe), stores);
  };
}

}  // namespace reel::service

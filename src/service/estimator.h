// What a job would take, before it is submitted: by its source's header, its
// recipe, and what such jobs took here before.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/report.h"
#include "platform/job_board.h"
#include "workflow/tasks/title_estimate.h"

namespace reel::service {

// A title that is done, held against what is foreseen of its kind.
struct PastTitle {
  model::Report report;
  std::string recipe;  // TOML
};
// Of jobs that are done and have a report; others are left out.
std::vector<PastTitle> PastTitles(std::span<const platform::FleetJob> jobs);

// CPU seconds and bytes times what those titles of the same recipe have taken
// more (or less) than is foreseen for them: the geometric mean, with one title
// that took just that added, so that few titles tell little. Pure.
workflow::tasks::TitleEstimate Calibrate(
    const workflow::tasks::TitleEstimate& estimate, const std::string& recipe,
    std::span<const PastTitle> past);

// Asks a process of its own, `reel estimate`: a hostile file that brings down a
// demuxer brings down nothing else. Safe from several threads.
class Estimator {
 public:
  struct Options {
    std::string program;  // reel
    bool public_only = true;
    std::chrono::milliseconds patience = std::chrono::seconds(30);
  };
  explicit Estimator(Options options) : options_(std::move(options)) {}

  // Errors: those of `reel estimate`, but kRejected for a damaged source;
  // kTimeout.
  //   recipe       TOML
  //   recipe_name  for messages
  base::Result<workflow::tasks::TitleEstimate> Foresee(
      const std::string& source, const std::string& recipe,
      const std::string& recipe_name) const;

 private:
  Options options_;
};

}  // namespace reel::service

#include "service/estimator.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "base/scratch_directory.h"
#include "base/subprocess.h"
#include "model/recipe.h"

namespace reel::service {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using workflow::tasks::TitleEstimate;

constexpr std::chrono::milliseconds kLook{10};
constexpr int64_t kLongestAnswer = int64_t{1} << 20;

int64_t BytesOf(const model::Report& report) {
  int64_t bytes = 0;
  for (const auto& rendition : report.renditions) bytes += rendition.bytes;
  for (const auto& track : report.audio) bytes += track.bytes;
  return bytes;
}

Result<TitleEstimate> ReadAnswer(const std::string& path) {
  REEL_ASSIGN(const std::string text, base::ReadTextFile(path, kLongestAnswer));
  REEL_ASSIGN(const Json answer, base::ParseJson(text));
  if (answer.contains("error")) {
    const Json& error = answer.at("error");
    const Code code = base::CodeFromName(error.value("code", ""));
    return Fail(code == Code::kCorruptInput ? Code::kRejected : code,
                error.value("message", ""));
  }
  return base::FromJson<TitleEstimate>(answer);
}

}  // namespace

std::vector<PastTitle> PastTitles(std::span<const platform::FleetJob> jobs) {
  std::vector<PastTitle> past;
  for (const platform::FleetJob& job : jobs) {
    if (job.state != platform::JobState::kDone) continue;
    const auto result = base::ParseJson(job.result);
    if (!result || !result->is_object() || !result->contains("report"))
      continue;
    auto report = base::FromJson<model::Report>(result->at("report"));
    if (report) past.push_back({*std::move(report), job.spec.recipe});
  }
  return past;
}

TitleEstimate Calibrate(const TitleEstimate& estimate,
                        const std::string& recipe,
                        std::span<const PastTitle> past) {
  const auto parsed = model::ParseRecipe(recipe, "");
  double cpu = 0, bytes = 0, titles = 1;  // logarithms, and how many
  for (const PastTitle& title : past) {
    if (!parsed || title.recipe != recipe) continue;
    const auto foreseen =
        workflow::tasks::EstimateTitle(title.report.source, *parsed);
    const auto made = static_cast<double>(BytesOf(title.report));
    // What other jobs had done for it before is missing in what it took.
    if (!foreseen || title.report.cost.tasks_reused > 0 || made <= 0 ||
        title.report.cost.cpu_seconds <= 0) {
      continue;
    }
    cpu += std::log(title.report.cost.cpu_seconds / foreseen->cpu_seconds);
    bytes += std::log(made / static_cast<double>(foreseen->size_bytes));
    titles += 1;
  }
  TitleEstimate calibrated = estimate;
  calibrated.cpu_seconds *= std::exp(cpu / titles);
  calibrated.chain_seconds *= std::exp(cpu / titles);
  calibrated.size_bytes = std::llround(
      static_cast<double>(estimate.size_bytes) * std::exp(bytes / titles));
  return calibrated;
}

Result<TitleEstimate> Estimator::Foresee(const std::string& source,
                                         const std::string& recipe,
                                         const std::string& recipe_name) const {
  // Said here, by its own name.
  REEL_TRY(model::ParseRecipe(recipe, recipe_name));
  REEL_ASSIGN(const auto directory,
              base::ScratchDirectory::Make("reel-estimate"));
  const std::string file = directory.path() + "/recipe.toml";
  const std::string answer = directory.path() + "/answer.json";
  REEL_TRY(base::WriteFileAtomically(file, base::AsBytes(recipe)));
  std::vector<std::string> arguments = {options_.program, "estimate",
                                        "--recipe", file, "--json"};
  if (options_.public_only) arguments.push_back("--public-only");
  arguments.insert(arguments.end(), {"--", source});
  REEL_ASSIGN(auto process, base::Subprocess::Start({.arguments = arguments,
                                                     .error_path = "/dev/null",
                                                     .output_path = answer}));
  const auto until = std::chrono::steady_clock::now() + options_.patience;
  std::optional<base::Exit> exit;
  while (!(exit = process.Poll())) {
    if (std::chrono::steady_clock::now() >= until) {
      return Fail(Code::kTimeout,
                  fmt::format("the source's header was not read within {} s",
                              options_.patience / std::chrono::seconds(1)));
    }
    std::this_thread::sleep_for(kLook);
  }
  if (exit->signal != 0) {
    return Fail(Code::kRejected, "the process that read its header was " +
                                     base::Describe(*exit));
  }
  return ReadAnswer(answer);
}

}  // namespace reel::service

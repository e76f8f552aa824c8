#include "cli/vmaf.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cli/frame_range.h"
#include "cli/interrupt.h"
#include "cli/job_options.h"
#include "cli/progress_display.h"
#include "cli/source_argument.h"
#include "cli/vmaf_text.h"
#include "quality/quality.h"

namespace reel::cli {
namespace {

namespace fs = std::filesystem;

// How far --align looks, and how much more it reads to be sure.
constexpr double kAlignSeconds = 10;
constexpr int64_t kMostAlignFrames = 1200;

struct VmafOptions {
  std::string reference;
  std::vector<std::string> distorted;
  std::vector<std::string> models;
  bool phone = false;
  std::vector<std::string> metrics;
  int width = 0;
  int height = 0;
  int64_t subsample = 1;
  int threads = 0;  // 0: one per core
  std::string range;
  bool align = false;
  std::vector<std::string> outputs;
  std::string plot;
  bool json = false;
};

base::Error Usage(std::string message) {
  return {base::Code::kInvalidArgument, std::move(message)};
}

std::vector<std::string> AllFiles(const VmafOptions& options) {
  std::vector<std::string> files = {options.reference};
  files.insert(files.end(), options.distorted.begin(), options.distorted.end());
  return files;
}

base::Status CheckFiles(const VmafOptions& options) {
  const std::vector<std::string> files = AllFiles(options);
  if (std::count(files.begin(), files.end(), "-") > 1)
    return tl::unexpected(Usage("only one of the files can be standard input"));
  for (const std::string& file : files) {
    if (file != "-") REEL_TRY(CheckFile(file));
    if (options.align && !quality::CanReadTwice(file))
      return tl::unexpected(
          Usage(file + ": --align reads files twice, which a pipe does not "
                       "allow; write it to a file first"));
  }
  return {};
}

bool IsCsv(const std::string& path) { return path.ends_with(".csv"); }

base::Status CheckOutputs(const VmafOptions& options) {
  if (!options.outputs.empty() &&
      options.outputs.size() != options.distorted.size())
    return tl::unexpected(
        Usage(fmt::format("--output is given {} times for {} distorted files; "
                          "it must be given once for each",
                          options.outputs.size(), options.distorted.size())));
  for (const std::string& path : options.outputs) {
    if (!IsCsv(path) && !path.ends_with(".json"))
      return tl::unexpected(
          Usage("--output " + path + ": must end in .json or .csv"));
  }
  if ((options.width > 0) != (options.height > 0))
    return tl::unexpected(Usage("--width and --height go together"));
  return {};
}

// libvmaf calls the score of the only model "vmaf", whichever it is.
std::string MetricName(const std::string& model, bool is_only) {
  constexpr std::pair<std::string_view, const char*> kNames[] = {
      {"v0.6.1", "vmaf"},  {"vmaf_v0.6.1", "vmaf"},
      {"neg", "vmaf_neg"}, {"vmaf_v0.6.1neg", "vmaf_neg"},
      {"4k", "vmaf_4k"},   {"vmaf_4k_v0.6.1", "vmaf_4k"}};
  if (is_only) return "vmaf";
  for (const auto& [name, metric] : kNames)
    if (model == name) return metric;
  const fs::path file = fs::path(model).filename();
  return "vmaf_" + (file.extension() == ".json" ? file.stem() : file).string();
}

base::Result<std::vector<quality::NamedModel>> LoadModels(
    const VmafOptions& options) {
  std::vector<std::string> names = options.models;
  if (names.empty()) names = {"v0.6.1"};
  std::vector<quality::NamedModel> models;
  for (const std::string& name : names) {
    auto model = fs::is_regular_file(name)
                     ? quality::FusionModel::Read(name)
                     : quality::FusionModel::BuiltIn(name);
    if (!model) return base::Prefix(model.error(), "--model " + name);
    if (options.phone) REEL_TRY_DOING("--phone", model->EnableTransform());
    const std::string metric = MetricName(name, names.size() == 1);
    for (const quality::NamedModel& other : models) {
      if (other.metric == metric)
        return tl::unexpected(
            Usage("--model " + name + ": another one is called the same"));
    }
    models.push_back({metric, *std::move(model)});
  }
  return models;
}

std::vector<std::string> MetricsOf(
    const std::vector<quality::NamedModel>& models) {
  std::vector<std::string> metrics;
  for (const quality::NamedModel& model : models)
    metrics.push_back(model.metric);
  return metrics;
}

base::Result<std::vector<quality::Metric>> OtherMetrics(
    const VmafOptions& options) {
  std::vector<quality::Metric> metrics;
  for (const std::string& name : options.metrics) {
    const auto metric = quality::MetricNamed(name);
    if (!metric) return base::Prefix(metric.error(), "--metrics");
    if (std::count(metrics.begin(), metrics.end(), *metric) == 0)
      metrics.push_back(*metric);
  }
  return metrics;
}

// Those of VMAF's models, then the others that all files have.
std::vector<std::string> ShownMetrics(
    const std::vector<quality::NamedModel>& models,
    const std::vector<quality::Metric>& others) {
  std::vector<std::string> shown = MetricsOf(models);
  for (std::string& name : quality::MetricColumns(others, /*colour=*/false))
    shown.push_back(std::move(name));
  return shown;
}

// The files of one run, opened.
struct Videos {
  std::unique_ptr<quality::PictureFile> reference;
  std::vector<std::unique_ptr<quality::PictureFile>> distorted;

  std::vector<quality::PictureStream*> streams() const {
    std::vector<quality::PictureStream*> all;
    for (const auto& file : distorted) all.push_back(file.get());
    return all;
  }
  // All files are read at the same pace; pipes cannot tell.
  double fraction() const {
    double most = reference->fraction();
    for (const auto& file : distorted) most = std::max(most, file->fraction());
    return most;
  }
};

base::Result<Videos> OpenVideos(const VmafOptions& options) {
  Videos videos;
  REEL_ASSIGN(videos.reference, quality::PictureFile::Open(options.reference));
  for (const std::string& path : options.distorted) {
    REEL_ASSIGN(auto file, quality::PictureFile::Open(path));
    videos.distorted.push_back(std::move(file));
  }
  return videos;
}

// The reference's frame that each distorted file's first one shows.
base::Result<std::vector<int64_t>> FindOffsets(const VmafOptions& options,
                                               base::Rational frame_rate,
                                               const std::stop_token& stop) {
  const double rate = frame_rate.num > 0 ? base::ToDouble(frame_rate) : 25;
  const auto most = static_cast<int64_t>(
      std::clamp(rate * kAlignSeconds, 24.0, double{kMostAlignFrames / 2}));
  REEL_ASSIGN(const auto reference,
              quality::FingerprintBeginning(options.reference, 2 * most, stop));
  std::vector<int64_t> offsets;
  for (const std::string& path : options.distorted) {
    REEL_ASSIGN(const auto distorted,
                quality::FingerprintBeginning(path, 2 * most, stop));
    const auto offset = quality::FindOffset(reference, distorted, most);
    if (!offset)
      return base::Prefix(offset.error(),
                          path + ": --align against " + options.reference);
    offsets.push_back(*offset);
  }
  return offsets;
}

base::Result<quality::FrameSelection> Select(
    const VmafOptions& options, const std::vector<int64_t>& offsets) {
  quality::FrameSelection selection;
  if (!options.range.empty()) {
    REEL_ASSIGN(FramePlaces places, ParseFrameRange(options.range));
    selection.first = places.first;
    selection.end = places.end;
  }
  if (!options.align) return selection;
  selection.ends_agree = false;
  for (const int64_t offset : offsets)
    selection.reference_skip = std::max(selection.reference_skip, offset);
  for (const int64_t offset : offsets)
    selection.distorted_skip.push_back(selection.reference_skip - offset);
  return selection;
}

// Files that appear whole when all went well; made early, so that a place that
// cannot be written to is known before the work is done.
struct Outputs {
  std::vector<base::AtomicFile> scores;
  std::optional<base::AtomicFile> plot;
};

base::Result<Outputs> CreateOutputs(const VmafOptions& options) {
  Outputs outputs;
  for (const std::string& path : options.outputs) {
    auto file = base::AtomicFile::Create(path);
    if (!file) return base::Prefix(file.error(), "--output " + path);
    outputs.scores.push_back(*std::move(file));
  }
  if (!options.plot.empty()) {
    auto file = base::AtomicFile::Create(options.plot);
    if (!file) return base::Prefix(file.error(), "--plot " + options.plot);
    outputs.plot.emplace(*std::move(file));
  }
  return outputs;
}

std::string Plot(const VmafOptions& options,
                 const std::vector<ScoredFile>& files,
                 const std::vector<std::string>& metrics) {
  std::vector<quality::PlotLine> lines;
  for (const ScoredFile& file : files) {
    for (const std::string& metric : metrics) {
      const quality::ScoreColumn& column = *file.scores.Find(metric);
      const auto pooled = quality::Pool(column.values);
      if (!pooled) continue;
      lines.push_back(
          {fmt::format("{}: {} mean {:.2f}, harmonic mean {:.2f}, 5 % {:.2f}, "
                       "min {:.2f}",
                       file.name, metric, pooled->mean, pooled->harmonic_mean,
                       pooled->percentile_5, pooled->min),
           file.scores.frames, column.values});
    }
  }
  return quality::PlotScores("VMAF of each frame, against " + options.reference,
                             lines);
}

base::Status Write(const VmafOptions& options, Outputs outputs,
                   const std::vector<ScoredFile>& files,
                   const std::vector<std::string>& metrics,
                   double frames_per_second) {
  for (size_t i = 0; i < outputs.scores.size(); ++i) {
    std::string text;
    if (IsCsv(options.outputs[i])) {
      text = quality::ScoresAsCsv(files[i].scores);
    } else {
      REEL_ASSIGN(text,
                  quality::ScoresAsJson(files[i].scores, "reel " REEL_VERSION,
                                        frames_per_second));
    }
    REEL_TRY(outputs.scores[i].Write(base::AsBytes(text)));
  }
  if (outputs.plot)
    REEL_TRY(outputs.plot->Write(base::AsBytes(Plot(options, files, metrics))));
  for (base::AtomicFile& file : outputs.scores) REEL_TRY(file.Commit());
  if (outputs.plot) REEL_TRY(outputs.plot->Commit());
  return {};
}

void TellDamage(const quality::PictureFile& file,
                std::vector<std::string>& notes) {
  if (file.damaged() == 0) return;
  notes.push_back(fmt::format(
      "{}: {} frames are damaged, the first is frame {}; what the decoder made "
      "of them was scored",
      file.facts().name, file.damaged(), file.first_damaged()));
}

// One run: what it computed, and how.
struct Scored {
  quality::SequenceFeatures features;
  double seconds = 0;
};

base::Result<Scored> Score(const VmafOptions& options, Videos& videos,
                           quality::SequenceOptions settings) {
  DisplayOptions terminal = StandardError();
  const Seconds start = terminal.clock();
  int64_t sets_read = 0;
  terminal.frames = [&]() -> int64_t {
    const double fraction = videos.fraction();
    return fraction > 0.01
               ? std::llround(static_cast<double>(sets_read) / fraction)
               : 0;
  };
  const auto clock = terminal.clock;
  ProgressDisplay display(std::move(terminal));
  settings.progress = [&](int64_t sets) {
    sets_read = sets;
    display.Show("vmaf", std::min(0.999, videos.fraction()));
  };
  settings.threads =
      options.threads > 0
          ? options.threads
          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  REEL_ASSIGN(
      quality::SequenceFeatures features,
      quality::ScoreSequences(*videos.reference, videos.streams(), settings));
  display.Show("vmaf", 1);
  return Scored{std::move(features), clock() - start};
}

base::Result<base::Json> Compare(const VmafOptions& options,
                                 const std::stop_token& stop) {
  REEL_TRY(CheckOutputs(options));
  REEL_ASSIGN(const auto models, LoadModels(options));
  const std::vector<std::string> metrics = MetricsOf(models);
  REEL_ASSIGN(const auto others, OtherMetrics(options));
  const std::vector<std::string> shown = ShownMetrics(models, others);
  quality::SequenceOptions settings{.limits = quality::LimitsOf(models),
                                    .metrics = others,
                                    .width = options.width,
                                    .height = options.height,
                                    .subsample = options.subsample,
                                    .stop = stop};
  REEL_ASSIGN(settings.selection, Select(options, {}));  // is the range good?
  REEL_TRY(CheckFiles(options));
  REEL_ASSIGN(Outputs outputs, CreateOutputs(options));
  REEL_ASSIGN(Videos videos, OpenVideos(options));
  std::vector<int64_t> offsets(options.distorted.size(), 0);
  if (options.align) {
    REEL_ASSIGN(
        offsets,
        FindOffsets(options, videos.reference->track().frame_rate, stop));
  }
  REEL_ASSIGN(settings.selection, Select(options, offsets));
  REEL_ASSIGN(Scored scored, Score(options, videos, std::move(settings)));
  std::vector<std::string> notes = scored.features.notes;
  TellDamage(*videos.reference, notes);
  std::vector<ScoredFile> files;
  for (size_t i = 0; i < videos.distorted.size(); ++i) {
    TellDamage(*videos.distorted[i], notes);
    if (offsets[i] != 0)
      notes.push_back(fmt::format("{}: its frame 0 is frame {} of {}",
                                  options.distorted[i], offsets[i],
                                  options.reference));
    files.push_back({options.distorted[i], offsets[i],
                     quality::MakeScoreTable(scored.features, i, models)});
  }
  for (const std::string& note : notes)
    fmt::print(stderr, "reel: note: {}\n", note);
  REEL_ASSIGN(const std::string text, FormatScores(files, shown));
  REEL_ASSIGN(base::Json programs, ScoresForPrograms(files, shown));
  const auto frames = static_cast<double>(scored.features.frames.size());
  REEL_TRY(Write(options, std::move(outputs), files, metrics,
                 frames / std::max(1e-6, scored.seconds)));
  if (!options.json) fmt::print("{}", text);
  const media::LumaFormat& format = scored.features.format;
  return base::Json{{"reference", options.reference},
                    {"width", format.width},
                    {"height", format.height},
                    {"bit_depth", format.bit_depth},
                    {"subsample", options.subsample},
                    {"distorted", std::move(programs)},
                    {"notes", notes}};
}

// Pictures are mapped one by one and given back at once: left to itself, glibc
// keeps those of earlier frames in pieces, twice as much as are in use.
void MapPictures() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

Outcome RunVmaf(const VmafOptions& options) {
  MapPictures();
  const std::stop_token stop = StopOnInterrupt();
  auto compared = Compare(options, stop);
  if (!compared) return {tl::unexpected(compared.error())};
  return {{}, *std::move(compared)};
}

void AddOptions(CLI::App& command, VmafOptions& options) {
  command
      .add_option("REF", options.reference, "The source; - is standard input")
      ->type_name("")
      ->required();
  command
      .add_option("DIST", options.distorted,
                  "What was made of it: one file or more")
      ->type_name("")
      ->required();
  command
      .add_option("--model", options.models,
                  "v0.6.1 (default), neg, 4k, or a model file of libvmaf's or "
                  "ours; may be repeated")
      ->type_name("NAME|FILE")
      ->expected(1)
      ->take_all();
  command.add_flag("--phone", options.phone, "Score for a phone's screen");
  command
      .add_option("--metrics", options.metrics,
                  "Others beside VMAF: psnr, ssim, ms-ssim, ciede")
      ->type_name("NAME,…")
      ->delimiter(',')
      ->expected(1)
      ->take_all();
  command
      .add_option("--width", options.width,
                  "Scale all pictures, bicubically (default: to REF's)")
      ->type_name("W")
      ->check(CLI::Range(32, 16384));
  command.add_option("--height", options.height, "")
      ->type_name("H")
      ->check(CLI::Range(32, 16384));
  command
      .add_option("--subsample", options.subsample, "Score every N-th frame")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  command
      .add_option("--range", options.range,
                  "Part of REF: frames (24:48) or seconds (1s:2.5s)")
      ->type_name("A:B");
  command.add_flag("--align", options.align,
                   "Find the frames that belong together, if the files do not "
                   "begin or end at the same one");
  command
      .add_option("--threads", options.threads,
                  "Threads (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command
      .add_option("-o,--output", options.outputs,
                  "Scores of each frame, as libvmaf writes them: FILE.json or "
                  "FILE.csv; once for each DIST")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  command.add_option("--plot", options.plot, "A drawing of all scores")
      ->type_name("FILE.svg");
  AddJsonFlag(command, options.json);
}

}  // namespace

void AddVmaf(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<VmafOptions>();
  CLI::App* command =
      app.add_subcommand("vmaf", "Score videos against their source");
  AddOptions(*command, *options);
  command->footer(
      "Examples:\n"
      "  reel vmaf master.mov 1080p.mp4 720p.mp4 480p.mp4 --plot ladder.svg\n"
      "  reel vmaf master.mov 1080p.mp4 --model v0.6.1 --model neg -o v.json\n"
      "  ffmpeg -i 1080p.mp4 -f yuv4mpegpipe - | reel vmaf master.mov -\n"
      "Pictures of another size, depth or range than REF's are brought to "
      "it.\nExit code 2 when the files do not show the same frames.");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunVmaf(*options); };
  });
}

}  // namespace reel::cli

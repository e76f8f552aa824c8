#include "cli/source_argument.h"

#include <filesystem>
#include <utility>

#include "base/byte_source.h"
#include "base/file.h"
#include "workflow/ingest.h"
#include "workflow/tasks/ingest_package.h"

namespace reel::cli {
namespace {

namespace fs = std::filesystem;

base::Result<OpenedSource> OpenPackage(
    const SourceArgument& source, imf::PackageRequest::Several several,
    const std::string& state_directory,
    const std::function<bool(double)>& progress) {
  REEL_ASSIGN(workflow::tasks::IngestedPackage ingested,
              workflow::tasks::IngestPackage({.directory = source.path,
                                              .originals = source.originals,
                                              .composition = source.composition,
                                              .several = several},
                                             state_directory, progress));
  OpenedSource opened;
  opened.input = std::move(ingested.source);
  opened.title = ingested.package.title;
  if (opened.title.empty()) opened.title = SourceName(source.path);
  opened.findings = std::move(ingested.package.findings);
  opened.package = std::move(ingested.package.listing);
  return opened;
}

}  // namespace

void AddSourceArgument(CLI::App& command, const std::string& description,
                       SourceArgument& source) {
  command
      .add_option("SRC", source.path,
                  description +
                      ": a file, the directory of an IMF package, "
                      "s3://BUCKET/KEY or https://…")
      ->type_name("")
      ->required();
  command
      .add_option("--cpl", source.composition,
                  "Composition of the package to take, by its id")
      ->type_name("ID");
  command
      .add_option("--ov", source.originals,
                  "Original version that a supplemental package builds on")
      ->type_name("DIR")
      ->expected(1);
}

bool IsPackage(const SourceArgument& source) {
  std::error_code ignored;
  return fs::is_directory(source.path, ignored);
}

base::Status CheckSource(const SourceArgument& source) {
  if (IsPackage(source)) return {};
  if (!source.composition.empty() || !source.originals.empty())
    return base::Fail(base::Code::kInvalidArgument,
                      base::SourceLabel(source.path) +
                          ": --cpl and --ov are for IMF packages, and this is "
                          "no directory");
  return base::IsRemote(source.path)
             ? base::OpenByteSource(source.path).map([](const auto&) {})
             : CheckFile(source.path);
}

base::Status CheckFile(const std::string& path) {
  std::error_code error;
  const auto kind = fs::status(path, error).type();
  if (kind == fs::file_type::not_found)
    return base::Fail(base::Code::kNotFound, path + ": no such file");
  if (kind == fs::file_type::directory)
    return base::Fail(base::Code::kInvalidArgument, path + ": is a directory");
  return base::File::OpenForReading(path).map([](const base::File&) {});
}

std::string SourceName(const std::string& path) {
  const fs::path normal = fs::path(base::SourceLabel(path)).lexically_normal();
  return (normal.has_filename() ? normal : normal.parent_path())
      .stem()
      .string();
}

std::string SourcePlace(const std::string& path) {
  return base::IsRemote(path) ? base::SourceLabel(path)
                              : fs::absolute(path).string();
}

base::Result<OpenedSource> OpenSource(
    const SourceArgument& source, imf::PackageRequest::Several several,
    const std::string& state_directory,
    const std::function<bool(double)>& progress) {
  if (IsPackage(source))
    return OpenPackage(source, several, state_directory, progress);
  OpenedSource opened;
  opened.title = SourceName(source.path);
  REEL_ASSIGN(opened.input,
              workflow::IngestFile(source.path, state_directory, progress));
  return opened;
}

model::InspectionReport WithFindings(
    const model::InspectionReport& report,
    const std::vector<model::Finding>& findings) {
  std::vector<model::Finding> all = findings;
  all.insert(all.end(), report.findings.begin(), report.findings.end());
  return model::MakeInspectionReport(std::move(all));
}

}  // namespace reel::cli

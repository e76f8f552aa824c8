// SRC, as the user typed it: a file, a directory that holds an IMF package, or
// the URL of a file.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "imf/imf.h"
#include "model/finding.h"
#include "workflow/task_io.h"

namespace reel::cli {

struct SourceArgument {
  std::string path{};
  std::string composition{};             // --cpl
  std::vector<std::string> originals{};  // --ov
};

// SRC, --cpl and --ov.
void AddSourceArgument(CLI::App& command, const std::string& description,
                       SourceArgument& source);

// Whether there is a file, a directory or a remote source that we may read.
// Errors: kNotFound, kInvalidArgument (not readable; --cpl or --ov for a file);
// of a remote one those of base::OpenByteSource.
base::Status CheckSource(const SourceArgument& source);
// Whether there is a file that we may read. Errors: kNotFound,
// kInvalidArgument (not readable, a directory).
base::Status CheckFile(const std::string& path);
// The name without directory and extension: of "/a/film.mov" and of
// "https://host/film.mov?key" "film".
std::string SourceName(const std::string& path);
// Where it is, for reports: an absolute path, or the URL without its query.
std::string SourcePlace(const std::string& path);
bool IsPackage(const SourceArgument& source);

struct OpenedSource {
  // Nullopt if the findings reject the package.
  std::optional<workflow::Input> input;
  std::string title;
  // Of a package only:
  std::vector<model::Finding> findings;
  std::optional<imf::PackageListing> package;
};

// Takes the source in: see workflow::IngestFile and tasks::IngestPackage.
base::Result<OpenedSource> OpenSource(
    const SourceArgument& source, imf::PackageRequest::Several several,
    const std::string& state_directory,
    const std::function<bool(double)>& progress);

// The report with the package's findings in it.
model::InspectionReport WithFindings(
    const model::InspectionReport& report,
    const std::vector<model::Finding>& findings);

}  // namespace reel::cli

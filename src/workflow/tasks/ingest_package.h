// Taking in an IMF package: its identity is the digest of what its composition
// plays.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "imf/imf.h"
#include "workflow/task_io.h"

namespace reel::workflow::tasks {

struct IngestedPackage {
  imf::Package package;
  // The composition; nullopt if a finding rejects the package.
  std::optional<Input> source;
};

// Opens the package and writes its composition to `state_directory`
// (DIGEST.composition), where digests of its files are remembered too
// (imf-assets.json).
//   progress  see imf::OpenPackage
// Errors: those of imf::OpenPackage; kIo, kResourceExhausted.
base::Result<IngestedPackage> IngestPackage(
    const imf::PackageRequest& request, const std::string& state_directory,
    const std::function<bool(double)>& progress);

}  // namespace reel::workflow::tasks

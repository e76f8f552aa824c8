#include "workflow/tasks/ingest_package.h"

#include <utility>
#include <vector>

#include "base/file.h"
#include "base/json.h"

namespace reel::workflow::tasks {
namespace {

// A memory that cannot be read is an empty one.
std::vector<imf::KnownDigest> ReadMemory(const std::string& path) {
  const auto text = base::ReadTextFile(path);
  if (!text) return {};
  return base::ParseJsonAs<std::vector<imf::KnownDigest>>(*text).value_or(
      std::vector<imf::KnownDigest>{});
}

// Left alone if it is there already: tasks that are queued know it by the time
// of its last change.
base::Status WriteUnlessEqual(const std::string& path,
                              const std::string& text) {
  if (const auto old = base::ReadTextFile(path); old && *old == text) return {};
  return base::WriteFileAtomically(path, base::AsBytes(text));
}

base::Result<Input> WriteComposition(const model::Composition& composition,
                                     const std::string& state_directory) {
  const std::string digest = model::Digest(composition);
  const std::string path = state_directory + "/" + digest + ".composition";
  REEL_TRY(WriteUnlessEqual(path, model::Serialize(composition)));
  REEL_ASSIGN(const ExternalFile file, DescribeExternal(path));
  Input input(digest, file);
  for (const model::CompositionFile& part : composition.files) {
    input.parts.push_back({part.path, part.size_bytes, part.modified_ns});
    REEL_TRY(CheckUnchanged(input.parts.back()));  // since it was read
  }
  return input;
}

}  // namespace

base::Result<IngestedPackage> IngestPackage(
    const imf::PackageRequest& request, const std::string& state_directory,
    const std::function<bool(double)>& progress) {
  const std::string memory_path = state_directory + "/imf-assets.json";
  std::vector<imf::KnownDigest> memory = ReadMemory(memory_path);
  REEL_ASSIGN(imf::Package package,
              imf::OpenPackage(request, memory, progress));
  REEL_TRY(base::WriteFileAtomically(
      memory_path, base::AsBytes(base::DumpPrettyJson(memory))));
  IngestedPackage ingested{std::move(package), {}};
  if (ingested.package.composition) {
    REEL_ASSIGN(ingested.source, WriteComposition(*ingested.package.composition,
                                                  state_directory));
  }
  return ingested;
}

}  // namespace reel::workflow::tasks

#include "workflow/ingest.h"

#include <algorithm>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"

namespace reel::workflow {
namespace {

struct KnownSource {
  ExternalFile file;
  std::string sha256;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KnownSource, file, sha256)

// A memory that cannot be read is an empty one.
std::vector<KnownSource> ReadKnown(const std::string& path) {
  const auto text = base::ReadTextFile(path);
  if (!text) return {};
  return base::ParseJsonAs<std::vector<KnownSource>>(*text).value_or(
      std::vector<KnownSource>{});
}

base::Result<std::string> Hash(const ExternalFile& file,
                               const std::function<bool(double)>& progress) {
  REEL_ASSIGN(base::File input, base::File::OpenForReading(file.path));
  base::Sha256Stream stream;
  std::vector<uint8_t> buffer(size_t{4} << 20);
  for (int64_t done = 0;;) {
    REEL_ASSIGN(const size_t got, input.Read(buffer));
    if (got == 0) return stream.Finish();
    stream.Update(std::span(buffer).first(got));
    done += static_cast<int64_t>(got);
    const double part = static_cast<double>(done) /
                        static_cast<double>(std::max(file.size_bytes, done));
    if (progress && !progress(part)) {
      return base::Fail(base::Code::kCancelled, "stopped");
    }
  }
}

}  // namespace

base::Result<Input> IngestFile(const std::string& path,
                               const std::string& state_directory,
                               const std::function<bool(double)>& progress) {
  REEL_ASSIGN(const ExternalFile file, DescribeExternal(path));
  const std::string memory = state_directory + "/sources.json";
  std::vector<KnownSource> known = ReadKnown(memory);
  for (const KnownSource& source : known) {
    if (source.file == file) return Input(source.sha256, file);
  }
  REEL_ASSIGN(const std::string sha256, Hash(file, progress));
  REEL_TRY(CheckUnchanged(file));  // nobody wrote to it meanwhile
  std::erase_if(known, [&](const KnownSource& source) {
    return source.file.path == file.path;
  });
  known.push_back({file, sha256});
  REEL_TRY(base::WriteFileAtomically(
      memory, base::AsBytes(base::DumpPrettyJson(known))));
  return Input(sha256, file);
}

}  // namespace reel::workflow

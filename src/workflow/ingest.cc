#include "workflow/ingest.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/byte_source.h"
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

// As it is remembered: a presigned URL is another one each time, and a secret.
// Nullopt where nothing would tell a changed source from the one it was.
std::optional<ExternalFile> MemoryOf(ExternalFile file) {
  if (base::IsRemote(file.path) && file.version.empty()) return std::nullopt;
  file.path = base::SourceLabel(file.path);
  return file;
}

base::Status Remember(const ExternalFile& file, const std::string& sha256,
                      std::vector<KnownSource> known,
                      const std::string& memory) {
  std::erase_if(known, [&](const KnownSource& source) {
    return source.file.path == file.path;
  });
  known.push_back({file, sha256});
  return base::WriteFileAtomically(memory,
                                   base::AsBytes(base::DumpPrettyJson(known)));
}

}  // namespace

base::Result<std::string> HashSource(
    const ExternalFile& file, const std::function<bool(double)>& progress) {
  REEL_ASSIGN(const auto source, base::OpenByteSource(file.path));
  base::Sha256Stream stream;
  std::vector<uint8_t> buffer(size_t{4} << 20);
  for (int64_t done = 0;;) {
    REEL_ASSIGN(const size_t got, source->ReadAt(done, buffer));
    if (got == 0) break;
    stream.Update(std::span(buffer).first(got));
    done += static_cast<int64_t>(got);
    const double part = static_cast<double>(done) /
                        static_cast<double>(std::max(file.size_bytes, done));
    if (progress && !progress(part)) {
      return base::Fail(base::Code::kCancelled, "stopped");
    }
  }
  REEL_TRY(CheckUnchanged(file));  // nobody wrote to it meanwhile
  return stream.Finish();
}

base::Result<Input> IngestFile(const std::string& path,
                               const std::string& state_directory,
                               const std::function<bool(double)>& progress) {
  REEL_ASSIGN(const ExternalFile file, DescribeExternal(path));
  const std::string memory = state_directory + "/sources.json";
  const std::optional<ExternalFile> remembered = MemoryOf(file);
  std::vector<KnownSource> known = ReadKnown(memory);
  for (const KnownSource& source : known) {
    if (source.file == remembered) return Input(source.sha256, file);
  }
  REEL_ASSIGN(std::string sha256, HashSource(file, progress));
  if (remembered)
    REEL_TRY(Remember(*remembered, sha256, std::move(known), memory));
  return Input(std::move(sha256), file);
}

}  // namespace reel::workflow

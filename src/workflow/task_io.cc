#include "workflow/task_io.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/byte_source.h"
#include "base/file.h"
#include "model/composition.h"

namespace reel::workflow {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;

namespace {

// Object not there, or not what its name says: its producer runs again.
bool IsLost(Code code) {
  return code == Code::kNotFound || code == Code::kCorruptInput;
}

// Names become paths below the scratch directory.
Status CheckName(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '/' ||
           c == '-';
  };
  if (!name.empty() && name.front() != '/' && name.back() != '/' &&
      name.find("..") == std::string::npos &&
      std::ranges::all_of(name, allowed)) {
    return {};
  }
  return Fail(Code::kInvalidArgument,
              "not a name of an output: \"" + name + '"');
}

Result<std::string> PathBelow(const std::string& directory,
                              const std::string& name) {
  REEL_TRY(CheckName(name));
  const std::filesystem::path path = std::filesystem::path(directory) / name;
  REEL_TRY(base::MakeDirectories(path.parent_path().string()));
  return path.string();
}

Result<ExternalFile> DescribeRemote(const std::string& url) {
  REEL_ASSIGN(const auto source, base::OpenByteSource(url));
  REEL_ASSIGN(const int64_t size_bytes, source->Size());
  return ExternalFile{url, size_bytes, 0, source->version()};
}

}  // namespace

void to_json(Json& json, const ExternalFile& file) {
  json = {{"path", file.path},
          {"size_bytes", file.size_bytes},
          {"modified_ns", file.modified_ns}};
  if (!file.version.empty()) json["version"] = file.version;
}

void from_json(const Json& json, ExternalFile& file) {
  json.at("path").get_to(file.path);
  json.at("size_bytes").get_to(file.size_bytes);
  json.at("modified_ns").get_to(file.modified_ns);
  file.version = json.value("version", "");
}

Result<ExternalFile> DescribeExternal(const std::string& path) {
  if (base::IsRemote(path)) return DescribeRemote(path);
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) return tl::unexpected(base::FromErrno(error.value(), path));
  struct stat facts {};
  if (::stat(absolute.c_str(), &facts) != 0) {
    return tl::unexpected(base::FromErrno(errno, "open " + path));
  }
  if (!S_ISREG(facts.st_mode)) {
    return Fail(Code::kInvalidArgument, path + " is not a file");
  }
  if (::access(absolute.c_str(), R_OK) != 0) {
    return tl::unexpected(base::FromErrno(errno, "open " + path));
  }
  return ExternalFile{
      absolute.lexically_normal().string(), int64_t{facts.st_size},
      facts.st_mtim.tv_sec * int64_t{1'000'000'000} + facts.st_mtim.tv_nsec};
}

Status CheckUnchanged(const ExternalFile& file) {
  const auto now = DescribeExternal(file.path);
  if (now && *now == file) return {};
  // A server that refuses or is away says no such thing.
  if (!now && base::IsRemote(file.path)) return tl::unexpected(now.error());
  return tl::unexpected(base::SourceChanged(file.path));
}

void to_json(Json& json, const Input& input) {
  json = {{"digest", input.digest}};
  if (input.external) json["external"] = *input.external;
  if (!input.parts.empty()) json["parts"] = input.parts;
}

void from_json(const Json& json, Input& input) {
  json.at("digest").get_to(input.digest);
  input.external.reset();
  if (json.contains("external")) {
    input.external = json.at("external").get<ExternalFile>();
  }
  input.parts.clear();
  if (json.contains("parts")) json.at("parts").get_to(input.parts);
}

Inputs::Inputs(platform::ObjectStore& store,
               const std::map<std::string, Input>& inputs)
    : store_(&store), inputs_(&inputs) {}

bool Inputs::Has(const std::string& name) const {
  return inputs_->contains(name);
}

std::vector<std::string> Inputs::NamesWithPrefix(
    const std::string& prefix) const {
  std::vector<std::string> names;
  for (auto at = inputs_->lower_bound(prefix);
       at != inputs_->end() && at->first.starts_with(prefix); ++at) {
    names.push_back(at->first);
  }
  return names;
}

Result<const Input*> Inputs::Find(const std::string& name) const {
  const auto found = inputs_->find(name);
  if (found != inputs_->end()) return &found->second;
  return Fail(Code::kInvalidArgument, "no input named " + name);
}

Result<std::string> Inputs::Digest(const std::string& name) const {
  REEL_ASSIGN(const Input* input, Find(name));
  return input->digest;
}

Result<std::string> Inputs::Path(const std::string& name) const {
  REEL_ASSIGN(const Input* input, Find(name));
  if (input->external) {
    REEL_TRY(CheckUnchanged(*input->external));
    for (const ExternalFile& part : input->parts)
      REEL_TRY(CheckUnchanged(part));
    return input->parts.empty()
               ? input->external->path
               : std::string(model::kCompositionScheme) + input->external->path;
  }
  auto local = store_->Fetch(input->digest);
  if (local) {
    held_.push_back(*local);
    std::error_code unknown;
    const auto size = std::filesystem::file_size(local->path, unknown);
    if (!unknown) read_bytes_ += static_cast<int64_t>(size);
    return local->path;
  }
  if (IsLost(local.error().code)) lost_.push_back(input->digest);
  return base::Prefix(local.error(), "input " + name);
}

Result<std::vector<uint8_t>> Inputs::Bytes(const std::string& name) const {
  REEL_ASSIGN(const std::string path, Path(name));
  return base::ReadFile(path);
}

Result<Json> Inputs::Json(const std::string& name) const {
  REEL_ASSIGN(const std::string path, Path(name));
  REEL_ASSIGN(const std::string text,
              base::ReadTextFile(path, int64_t{1} << 30));
  return base::ParseJson(text);
}

std::vector<std::string> Inputs::Lost() const {
  if (lost_.empty()) return {};
  for (const auto& [name, input] : *inputs_) {
    if (!input.external) (void)Path(name);
  }
  std::ranges::sort(lost_);
  const auto repeated = std::ranges::unique(lost_);
  lost_.erase(repeated.begin(), repeated.end());
  return lost_;
}

Outputs::Outputs(platform::ObjectStore& store, std::string scratch)
    : store_(&store), scratch_(std::move(scratch)) {}

Outputs::~Outputs() {
  std::error_code ignored;  // what stays is swept at the next start
  std::filesystem::remove_all(scratch_, ignored);
}

Result<std::string> Outputs::NewFile(const std::string& name) {
  REEL_ASSIGN(std::string path, PathBelow(scratch_ + "/outputs", name));
  if (!files_.emplace(name, path).second) {
    return Fail(Code::kInvalidArgument, "output " + name + " exists already");
  }
  return path;
}

Status Outputs::PutBytes(const std::string& name,
                         std::span<const uint8_t> bytes) {
  REEL_ASSIGN(const std::string path, NewFile(name));
  REEL_ASSIGN(base::File file, base::File::Create(path));
  return file.Write(bytes);
}

Status Outputs::PutJson(const std::string& name, const base::Json& json) {
  return PutBytes(name, base::AsBytes(base::DumpJson(json)));
}

Result<std::string> Outputs::NewTemporary(const std::string& name) {
  return PathBelow(scratch_ + "/temporary", name);
}

Result<platform::Artifacts> Outputs::Commit() {
  platform::Artifacts artifacts;
  for (const auto& [name, path] : files_) {
    auto object = store_->PutFile(path, platform::PutFrom::kMove);
    if (!object) return base::Prefix(object.error(), "output " + name);
    artifacts[name] = *std::move(object);
  }
  return artifacts;
}

}  // namespace reel::workflow

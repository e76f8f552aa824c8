#include "platform/title_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/digest.h"
#include "base/file.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

std::string Join(const std::string& prefix, const std::string& rest) {
  return prefix.empty() ? rest : prefix + "/" + rest;
}

// What a title is called and where its files are comes from ourselves; that it
// stays below its folder is checked all the same.
Status CheckPath(const std::string& title, const std::string& path) {
  for (const std::filesystem::path name : {title, path}) {
    if (!name.empty() && name.is_relative() &&
        name == name.lexically_normal() && *name.begin() != "..")
      continue;
    return Fail(Code::kInvalidArgument,
                fmt::format("not a file of a title: {}/{}", title, path));
  }
  return {};
}

class S3TitleStore : public TitleStore {
 public:
  S3TitleStore(const S3Options& options, std::string prefix)
      : s3_(options), prefix_(std::move(prefix)) {}

  Status PutObject(const std::string& title, const std::string& path,
                   const Object& object, const std::string& type) override {
    REEL_TRY(CheckPath(title, path));
    return s3_.CopyTyped(KeyOf(title, path),
                         Join(prefix_, "objects/" + object.digest),
                         object.size_bytes, type);
  }

  Status PutBytes(const std::string& title, const std::string& path,
                  std::span<const uint8_t> bytes,
                  const std::string& type) override {
    REEL_TRY(CheckPath(title, path));
    return s3_.PutTyped(KeyOf(title, path), BodyOf(bytes), base::Sha256(bytes),
                        type);
  }

  Result<std::vector<uint8_t>> GetRange(const std::string& title,
                                        const std::string& path, int64_t offset,
                                        int64_t size_bytes) override {
    REEL_TRY(CheckPath(title, path));
    std::vector<uint8_t> bytes;
    const auto got =
        s3_.Get(KeyOf(title, path), offset, size_bytes,
                [&](std::span<const uint8_t> some) -> Status {
                  bytes.insert(bytes.end(), some.begin(), some.end());
                  return {};
                });
    if (!got) return tl::unexpected(got.error());
    return bytes;
  }

  Result<int64_t> Size(const std::string& title,
                       const std::string& path) override {
    REEL_TRY(CheckPath(title, path));
    REEL_ASSIGN(const auto head, s3_.Head(KeyOf(title, path)));
    if (head) return head->size_bytes;
    return Fail(Code::kNotFound, fmt::format("no file {}/{}", title, path));
  }

  std::string Url(const std::string& title, const std::string& path,
                  std::chrono::seconds lifetime) override {
    return s3_.PresignGet(KeyOf(title, path), lifetime);
  }

 private:
  std::string KeyOf(const std::string& title, const std::string& path) const {
    return Join(prefix_, fmt::format("titles/{}/{}", title, path));
  }

  S3Client s3_;
  std::string prefix_;
};

class DirectoryTitleStore : public TitleStore {
 public:
  DirectoryTitleStore(const std::string& directory, ObjectStore& objects)
      : directory_(directory + "/titles"), objects_(objects) {}

  Status PutObject(const std::string& title, const std::string& path,
                   const Object& object, const std::string&) override {
    REEL_ASSIGN(const std::string to, Prepare(title, path));
    REEL_ASSIGN(const LocalObject from, objects_.Fetch(object.digest));
    return base::LinkOrCopy(from.path, to);
  }

  Status PutBytes(const std::string& title, const std::string& path,
                  std::span<const uint8_t> bytes, const std::string&) override {
    REEL_ASSIGN(const std::string to, Prepare(title, path));
    return base::WriteFileAtomically(to, bytes);
  }

  Result<std::vector<uint8_t>> GetRange(const std::string& title,
                                        const std::string& path, int64_t offset,
                                        int64_t size_bytes) override {
    REEL_ASSIGN(const base::File file, Open(title, path));
    REEL_ASSIGN(const int64_t size, file.Size());
    const int64_t rest = std::max<int64_t>(0, size - offset);
    std::vector<uint8_t> bytes(static_cast<size_t>(std::min(rest, size_bytes)));
    REEL_ASSIGN(const size_t got, file.ReadAt(offset, bytes));
    bytes.resize(got);
    return bytes;
  }

  Result<int64_t> Size(const std::string& title,
                       const std::string& path) override {
    REEL_ASSIGN(const base::File file, Open(title, path));
    return file.Size();
  }

  std::string Url(const std::string&, const std::string&,
                  std::chrono::seconds) override {
    return "";
  }

 private:
  std::string PathOf(const std::string& title, const std::string& path) const {
    return fmt::format("{}/{}/{}", directory_, title, path);
  }
  Result<std::string> Prepare(const std::string& title,
                              const std::string& path) const {
    REEL_TRY(CheckPath(title, path));
    std::string to = PathOf(title, path);
    REEL_TRY(base::MakeDirectories(
        std::filesystem::path(to).parent_path().string()));
    return to;
  }
  Result<base::File> Open(const std::string& title,
                          const std::string& path) const {
    REEL_TRY(CheckPath(title, path));
    return base::File::OpenForReading(PathOf(title, path));
  }

  std::string directory_;
  ObjectStore& objects_;
};

}  // namespace

std::unique_ptr<TitleStore> MakeS3TitleStore(const S3Options& options,
                                             const std::string& prefix) {
  return std::make_unique<S3TitleStore>(options, prefix);
}

std::unique_ptr<TitleStore> MakeDirectoryTitleStore(
    const std::string& directory, ObjectStore& objects) {
  return std::make_unique<DirectoryTitleStore>(directory, objects);
}

}  // namespace reel::platform

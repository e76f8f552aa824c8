#include "platform/directory_store.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "base/digest.h"
#include "base/file.h"
#include "platform/object_name.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

tl::unexpected<base::Error> FailErrno(const std::string& doing) {
  return tl::unexpected(base::FromErrno(errno, doing));
}

// A file that is removed unless the store adopts it.
struct Temporary {
  explicit Temporary(const std::string& directory) {
    static std::atomic<int> counter{0};
    path = fmt::format("{}/object-{}-{}", directory, ::getpid(), counter++);
    ::unlink(path.c_str());  // of a killed process that had our number
  }
  ~Temporary() { ::unlink(path.c_str()); }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  std::string path;
};

using Sink = std::function<Status(std::span<const uint8_t>)>;

Status ReadAll(const std::string& path, const Sink& sink) {
  REEL_ASSIGN(base::File file, base::File::OpenForReading(path));
  std::vector<uint8_t> buffer(1 << 20);
  for (;;) {
    REEL_ASSIGN(const size_t got, file.Read(buffer));
    if (got == 0) return {};
    REEL_TRY(sink(std::span(buffer).first(got)));
  }
}

// The files one after the other, as a new file.
Status Concatenate(std::span<const std::string> paths, const std::string& to) {
  REEL_ASSIGN(base::File file, base::File::Create(to));
  for (const std::string& path : paths) {
    REEL_TRY(ReadAll(path, [&](auto bytes) { return file.Write(bytes); }));
  }
  return {};
}

bool ShareFileSystem(const std::string& a, const std::string& b) {
  struct stat of_a {
  }, of_b{};
  return ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 &&
         of_a.st_dev == of_b.st_dev;
}

}  // namespace

DirectoryStore::DirectoryStore(std::string objects, std::string temporary)
    : objects_(std::move(objects)), temporary_(std::move(temporary)) {}

Result<std::unique_ptr<DirectoryStore>> DirectoryStore::Open(
    const std::string& objects, const std::string& temporary) {
  REEL_TRY(base::MakeDirectories(objects));
  REEL_TRY(base::MakeDirectories(temporary));
  return std::unique_ptr<DirectoryStore>(
      new DirectoryStore(objects, temporary));
}

std::string DirectoryStore::PathOf(const std::string& digest) const {
  return fmt::format("{}/{}/{}", objects_, digest.substr(0, 2),
                     digest.substr(2));
}

Result<DirectoryStore::FileVersion> DirectoryStore::VersionOf(
    const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return FailErrno("object " + path);
  return FileVersion{
      static_cast<int64_t>(facts.st_ino), int64_t{facts.st_size},
      facts.st_ctim.tv_sec * int64_t{1'000'000'000} + facts.st_ctim.tv_nsec};
}

void DirectoryStore::Remember(const std::string& digest,
                              const FileVersion& version) {
  const std::lock_guard lock(mu_);
  checked_[digest] = version;
}

bool DirectoryStore::Remembers(const std::string& digest,
                               const FileVersion& version) {
  const std::lock_guard lock(mu_);
  const auto found = checked_.find(digest);
  return found != checked_.end() && found->second == version;
}

Result<Object> DirectoryStore::Adopt(const std::string& path) {
  REEL_ASSIGN(base::File file, base::File::OpenForReading(path));
  Object object;
  REEL_ASSIGN(object.size_bytes, file.Size());
  REEL_ASSIGN(object.digest, base::Sha256File(path));
  if (::fchmod(file.descriptor(), 0444) != 0) {
    return FailErrno("protect " + path);
  }
  REEL_TRY(file.SyncAndClose());
  const std::string target = PathOf(object.digest);
  REEL_TRY(base::MakeDirectories(
      std::filesystem::path(target).parent_path().string()));
  // Also over an object that is there already: should that one be damaged, it
  // is not any more. The directory is not synced: after a power cut an object
  // that is missing is made again (docs/decisions/0004-durability.md).
  if (std::rename(path.c_str(), target.c_str()) != 0) {
    return FailErrno("rename to " + target);
  }
  REEL_ASSIGN(const FileVersion version, VersionOf(target));
  Remember(object.digest, version);
  return object;
}

Result<Object> DirectoryStore::PutFile(const std::string& path, PutFrom from) {
  if (from == PutFrom::kMove && ShareFileSystem(path, temporary_)) {
    return Adopt(path);
  }
  const Temporary temporary(temporary_);
  REEL_TRY(Concatenate(std::span(&path, 1), temporary.path));
  REEL_ASSIGN(const Object object, Adopt(temporary.path));
  if (from == PutFrom::kMove) ::unlink(path.c_str());
  return object;
}

Result<Object> DirectoryStore::PutBytes(std::span<const uint8_t> bytes) {
  const Temporary temporary(temporary_);
  REEL_ASSIGN(base::File file, base::File::Create(temporary.path));
  REEL_TRY(file.Write(bytes));
  return Adopt(temporary.path);
}

Result<Object> DirectoryStore::Compose(std::span<const std::string> digests) {
  std::vector<std::string> paths;
  for (const std::string& digest : digests) {
    REEL_ASSIGN(std::string path, Checked(digest));
    paths.push_back(std::move(path));
  }
  const Temporary temporary(temporary_);
  REEL_TRY(Concatenate(paths, temporary.path));
  return Adopt(temporary.path);
}

Result<bool> DirectoryStore::Exists(const std::string& digest) {
  REEL_TRY(CheckDigest(digest));
  if (::access(PathOf(digest).c_str(), F_OK) == 0) return true;
  if (errno == ENOENT) return false;
  return FailErrno("object " + digest);
}

Result<std::string> DirectoryStore::Checked(const std::string& digest) {
  REEL_TRY(CheckDigest(digest));
  std::string path = PathOf(digest);
  REEL_ASSIGN(const FileVersion version, VersionOf(path));
  if (Remembers(digest, version)) return path;
  REEL_ASSIGN(const std::string actual, base::Sha256File(path));
  if (actual != digest) {
    REEL_TRY(Delete(digest));
    return Fail(Code::kCorruptInput,
                fmt::format("object {} is damaged: its {} bytes give {}",
                            digest, version.size_bytes, actual));
  }
  Remember(digest, version);
  return path;
}

Result<std::vector<uint8_t>> DirectoryStore::Get(const std::string& digest,
                                                 int64_t max_bytes) {
  REEL_ASSIGN(const std::string path, Checked(digest));
  return base::ReadFile(path, max_bytes);
}

Result<std::vector<uint8_t>> DirectoryStore::GetRange(const std::string& digest,
                                                      int64_t offset,
                                                      int64_t size_bytes) {
  if (offset < 0 || size_bytes < 0) {
    return Fail(Code::kInvalidArgument, "a range before its object's start");
  }
  REEL_ASSIGN(const std::string path, Checked(digest));
  REEL_ASSIGN(const base::File file, base::File::OpenForReading(path));
  REEL_ASSIGN(const int64_t whole, file.Size());
  const int64_t rest = std::max<int64_t>(0, whole - offset);
  std::vector<uint8_t> bytes(static_cast<size_t>(std::min(size_bytes, rest)));
  REEL_ASSIGN(const size_t got, file.ReadAt(offset, bytes));
  bytes.resize(got);
  return bytes;
}

Result<LocalObject> DirectoryStore::Fetch(const std::string& digest) {
  REEL_ASSIGN(std::string path, Checked(digest));
  return LocalObject{.path = std::move(path)};
}

Result<std::vector<Object>> DirectoryStore::List(const std::string& after,
                                                 int limit) {
  namespace fs = std::filesystem;
  std::vector<Object> found;
  std::error_code error;
  for (int shard = 0; shard < 256; ++shard) {
    if (found.size() >= static_cast<size_t>(limit)) break;
    const std::string prefix = fmt::format("{:02x}", shard);
    std::vector<Object> here;
    for (fs::directory_iterator entry(fs::path(objects_) / prefix, error), end;
         !error && entry != end; entry.increment(error)) {
      Object object{prefix + entry->path().filename().string(), 0};
      std::error_code vanished;
      object.size_bytes = static_cast<int64_t>(entry->file_size(vanished));
      if (vanished || !CheckDigest(object.digest)) continue;
      if (object.digest > after) here.push_back(std::move(object));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      return tl::unexpected(
          base::FromErrno(error.value(), "list objects in " + objects_));
    }
    error.clear();
    std::ranges::sort(here, {}, &Object::digest);
    found.insert(found.end(), here.begin(), here.end());
  }
  if (found.size() > static_cast<size_t>(limit)) {
    found.resize(static_cast<size_t>(limit));
  }
  return found;
}

Status DirectoryStore::Delete(const std::string& digest) {
  REEL_TRY(CheckDigest(digest));
  if (::unlink(PathOf(digest).c_str()) == 0 || errno == ENOENT) return {};
  return FailErrno("delete object " + digest);
}

}  // namespace reel::platform

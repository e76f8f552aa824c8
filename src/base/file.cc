#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace reel::base {
namespace {

tl::unexpected<Error> FailErrno(const std::string& doing) {
  return tl::unexpected(FromErrno(errno, doing));
}

std::string TemporaryName(const std::string& path) {
  static std::atomic<int> counter{0};
  return fmt::format("{}.tmp-{}-{}", path, ::getpid(), counter++);
}

Status SyncDirectoryOf(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  const int descriptor =
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return FailErrno("open directory " + directory);
  const int result = ::fsync(descriptor);
  ::close(descriptor);
  if (result != 0) return FailErrno("sync directory " + directory);
  return {};
}

Status Rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return FailErrno("rename to " + to);
  }
  return SyncDirectoryOf(to);
}

}  // namespace

File::File(int descriptor, std::string path)
    : descriptor_(descriptor), path_(std::move(path)) {}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<File> File::OpenForReading(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return FailErrno("open " + path);
  File file(descriptor, path);
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0) return FailErrno("stat " + path);
  if (S_ISDIR(facts.st_mode)) {
    return Fail(Code::kInvalidArgument, "open " + path + ": is a directory");
  }
  return file;
}

Result<File> File::StandardInput() {
  const int descriptor = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) return FailErrno("open standard input");
  return File(descriptor, "standard input");
}

Result<File> File::Create(const std::string& path) {
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    if (errno == EEXIST) {
      return Fail(Code::kConflict, "create " + path + ": exists already");
    }
    return FailErrno("create " + path);
  }
  return File(descriptor, path);
}

Result<size_t> File::Read(std::span<uint8_t> into) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, into.data(), into.size());
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) return FailErrno("read " + path_);
  }
}

Result<size_t> File::ReadAt(int64_t offset, std::span<uint8_t> into) const {
  size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(descriptor_, into.data() + done, into.size() - done,
                offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailErrno("read " + path_);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

Status File::Write(std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FailErrno("write " + path_);
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return {};
}

Result<int64_t> File::Size() const {
  struct stat facts {};
  if (::fstat(descriptor_, &facts) != 0) return FailErrno("stat " + path_);
  return int64_t{facts.st_size};
}

bool File::IsSeekable() const { return ::lseek(descriptor_, 0, SEEK_CUR) >= 0; }

Status File::SyncAndClose() {
  if (::fsync(descriptor_) != 0) return FailErrno("sync " + path_);
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    return FailErrno("close " + path_);
  }
  return {};
}

AtomicFile::AtomicFile(File file, std::string path, std::string temporary_path)
    : file_(std::move(file)),
      path_(std::move(path)),
      temporary_path_(std::move(temporary_path)) {}

AtomicFile::~AtomicFile() {
  if (!temporary_path_.empty()) ::unlink(temporary_path_.c_str());
}

Result<AtomicFile> AtomicFile::Create(const std::string& path) {
  std::string temporary = TemporaryName(path);
  // A leftover of a process that had our number and was killed.
  ::unlink(temporary.c_str());
  REEL_ASSIGN(File file, File::Create(temporary));
  return AtomicFile(std::move(file), path, std::move(temporary));
}

Status AtomicFile::Write(std::span<const uint8_t> bytes) {
  return file_.Write(bytes);
}

Status AtomicFile::Commit() {
  REEL_TRY(file_.SyncAndClose());
  REEL_TRY(Rename(temporary_path_, path_));
  temporary_path_.clear();
  return {};
}

Result<std::vector<uint8_t>> ReadFile(const std::string& path,
                                      int64_t max_bytes) {
  REEL_ASSIGN(const File file, File::OpenForReading(path));
  REEL_ASSIGN(const int64_t size, file.Size());
  if (size > max_bytes) {
    return Fail(Code::kResourceExhausted,
                fmt::format("read {}: {} bytes, more than the {} allowed", path,
                            size, max_bytes));
  }
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  REEL_ASSIGN(const size_t got, file.ReadAt(0, bytes));
  bytes.resize(got);
  return bytes;
}

Result<std::string> ReadTextFile(const std::string& path, int64_t max_bytes) {
  REEL_ASSIGN(const std::vector<uint8_t> bytes, ReadFile(path, max_bytes));
  return std::string(bytes.begin(), bytes.end());
}

Status WriteFileAtomically(const std::string& path,
                           std::span<const uint8_t> bytes) {
  REEL_ASSIGN(AtomicFile file, AtomicFile::Create(path));
  REEL_TRY(file.Write(bytes));
  return file.Commit();
}

Status MakeDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return tl::unexpected(FromErrno(error.value(), "create directory " + path));
  }
  return {};
}

Status LinkOrCopy(const std::string& from, const std::string& to) {
  const std::string temporary = TemporaryName(to);
  ::unlink(temporary.c_str());
  if (::link(from.c_str(), temporary.c_str()) == 0) {
    if (auto status = Rename(temporary, to); !status) {
      ::unlink(temporary.c_str());
      return status;
    }
    // rename() of two names of one file does nothing and leaves both.
    ::unlink(temporary.c_str());
    return {};
  }
  REEL_ASSIGN(File source, File::OpenForReading(from));
  REEL_ASSIGN(AtomicFile target, AtomicFile::Create(to));
  std::vector<uint8_t> buffer(1 << 20);
  for (;;) {
    REEL_ASSIGN(const size_t got, source.Read(buffer));
    if (got == 0) return target.Commit();
    REEL_TRY(target.Write(std::span(buffer).first(got)));
  }
}

}  // namespace reel::base

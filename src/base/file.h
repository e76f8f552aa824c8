// Files that appear whole or not at all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reel::base {

inline std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// An open file descriptor, closed on destruction.
class File {
 public:
  // Errors: kNotFound, kInvalidArgument (permission, a directory), kIo.
  static Result<File> OpenForReading(const std::string& path);
  // A second owner of standard input. Errors: kIo.
  static Result<File> StandardInput();
  // A new, empty file. Errors as above, kConflict if it exists,
  // kResourceExhausted on a full disk.
  static Result<File> Create(const std::string& path);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  // Bytes read; 0 at the end of the file.
  Result<size_t> Read(std::span<uint8_t> into);
  // Bytes read at `offset`, without moving the file's position; fewer than
  // asked for only at the end of the file.
  Result<size_t> ReadAt(int64_t offset, std::span<uint8_t> into) const;
  Status Write(std::span<const uint8_t> bytes);
  Result<int64_t> Size() const;
  // False for a pipe, a socket or a terminal: ReadAt fails on those.
  bool IsSeekable() const;
  // Flushes to the disk (fsync) and closes.
  Status SyncAndClose();
  int descriptor() const { return descriptor_; }

 private:
  File(int descriptor, std::string path);
  int descriptor_;
  std::string path_;
};

// A file written under a temporary name in the directory of `path`; Commit
// makes it appear there, whole (write, fsync, rename, fsync of the directory).
// Destroyed without Commit, nothing remains.
class AtomicFile {
 public:
  static Result<AtomicFile> Create(const std::string& path);
  AtomicFile(AtomicFile&& other) noexcept = default;
  AtomicFile& operator=(AtomicFile&& other) noexcept = delete;
  ~AtomicFile();

  Status Write(std::span<const uint8_t> bytes);
  Status Commit();
  const std::string& temporary_path() const { return temporary_path_; }

 private:
  AtomicFile(File file, std::string path, std::string temporary_path);
  File file_;
  std::string path_;
  std::string temporary_path_;  // empty once committed or moved from
};

// Errors: those of OpenForReading; kResourceExhausted above `max_bytes`.
Result<std::vector<uint8_t>> ReadFile(const std::string& path,
                                      int64_t max_bytes = int64_t{1} << 30);
Result<std::string> ReadTextFile(const std::string& path,
                                 int64_t max_bytes = int64_t{1} << 26);
Status WriteFileAtomically(const std::string& path,
                           std::span<const uint8_t> bytes);
// Creates `path` and its parents.
Status MakeDirectories(const std::string& path);
// Makes `to` the same file as `from`, replacing it at once: a hard link where
// the file system allows it, else a copy.
Status LinkOrCopy(const std::string& from, const std::string& to);

}  // namespace reel::base

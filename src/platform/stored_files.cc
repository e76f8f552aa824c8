#include "platform/stored_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "platform/s3_client.h"
#include "platform/store_place.h"

namespace reel::platform {
namespace {

namespace fs = std::filesystem;
using base::Result;
using base::Status;

constexpr int kMaxPage = 1000;

class BucketFiles : public StoredFiles {
 public:
  BucketFiles(std::string bucket, const std::string& prefix, S3Options options)
      : bucket_(std::move(bucket)),
        prefix_(prefix.empty() ? "" : prefix + "/"),
        s3_(std::move(options)) {}

  Result<std::vector<StoredFile>> List(const std::string& folder,
                                       const std::string& after,
                                       int limit) override {
    REEL_ASSIGN(
        const auto entries,
        s3_.List(prefix_ + folder + "/", after.empty() ? "" : prefix_ + after,
                 std::min(limit, kMaxPage)));
    std::vector<StoredFile> files;
    for (const S3Entry& entry : entries) {
      files.push_back({entry.key.substr(prefix_.size()), entry.size_bytes,
                       entry.modified_ms});
    }
    return files;
  }

  Status Delete(const std::string& path) override {
    return s3_.Delete(prefix_ + path);
  }

  // Uploads of clients are the upload store's: they may go on for days.
  Result<int> RemoveUnfinished(int64_t before_ms) override {
    int removed = 0;
    for (const char* folder : {"objects/", "titles/"}) {
      REEL_ASSIGN(const auto uploads, s3_.ListUploads(prefix_ + folder));
      for (const S3Upload& upload : uploads) {
        if (upload.begun_ms >= before_ms) continue;
        REEL_TRY(s3_.AbortUpload(upload.key, upload.id));
        ++removed;
      }
    }
    return removed;
  }

  std::string UrlOf(const std::string& path) const override {
    return "s3://" + bucket_ + "/" + prefix_ + path;
  }

 private:
  const std::string bucket_, prefix_;
  S3Client s3_;
};

class DirectoryFiles : public StoredFiles {
 public:
  explicit DirectoryFiles(std::string directory)
      : directory_(std::move(directory)) {}

  Result<std::vector<StoredFile>> List(const std::string& folder,
                                       const std::string& after,
                                       int limit) override {
    REEL_ASSIGN(auto files, Walk(folder));
    std::erase_if(files, [&](const auto& file) { return file.path <= after; });
    const auto most = static_cast<ptrdiff_t>(
        std::min(files.size(), static_cast<size_t>(limit)));
    std::ranges::partial_sort(files, files.begin() + most, {},
                              &StoredFile::path);
    files.resize(static_cast<size_t>(most));
    return files;
  }

  // With the folders that it leaves empty.
  Status Delete(const std::string& path) override {
    const fs::path file = fs::path(directory_) / path;
    if (::unlink(file.c_str()) != 0 && errno != ENOENT)
      return tl::unexpected(base::FromErrno(errno, "delete " + file.string()));
    std::error_code not_empty;
    for (fs::path parent = file.parent_path();
         parent.parent_path() != directory_ && fs::remove(parent, not_empty);
         parent = parent.parent_path()) {
    }
    return {};
  }

  Result<int> RemoveUnfinished(int64_t before_ms) override {
    REEL_ASSIGN(const auto files, Walk("tmp"));
    int removed = 0;
    for (const StoredFile& file : files) {
      if (file.modified_ms >= before_ms) continue;
      REEL_TRY(Delete(file.path));
      ++removed;
    }
    return removed;
  }

  std::string UrlOf(const std::string& path) const override {
    return directory_ + "/" + path;
  }

 private:
  Result<std::vector<StoredFile>> Walk(const std::string& folder) const {
    std::vector<StoredFile> files;
    const fs::path top = fs::path(directory_) / folder;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(top, error), end;
         !error && entry != end; entry.increment(error)) {
      struct stat facts {};
      // Gone meanwhile, or a directory.
      if (::lstat(entry->path().c_str(), &facts) != 0 ||
          !S_ISREG(facts.st_mode)) {
        continue;
      }
      files.push_back({entry->path().lexically_relative(directory_).string(),
                       facts.st_size,
                       facts.st_mtim.tv_sec * int64_t{1000} +
                           facts.st_mtim.tv_nsec / 1'000'000});
    }
    if (error && error != std::errc::no_such_file_or_directory)
      return tl::unexpected(base::FromErrno(error.value(), top.string()));
    return files;
  }

  const std::string directory_;
};

}  // namespace

Result<std::unique_ptr<StoredFiles>> OpenStoredFiles(
    const std::string& url, const Environment& environment) {
  REEL_ASSIGN(const StorePlace place, ParseStoreUrl(url));
  if (!place.directory.empty())
    return std::make_unique<DirectoryFiles>(place.directory);
  REEL_ASSIGN(S3Options s3, S3OptionsOf(place.bucket, environment));
  return std::make_unique<BucketFiles>(place.bucket, place.prefix,
                                       std::move(s3));
}

}  // namespace reel::platform

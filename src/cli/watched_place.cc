#include "cli/watched_place.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "platform/s3_client.h"
#include "platform/s3_url.h"

namespace reel::cli {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;

constexpr int kPageKeys = 1000;
constexpr size_t kShortKey = 8;

std::string TextOf(const Json& report) {
  return base::DumpPrettyJson(report) + "\n";
}

Status Changed(const std::string& name) {
  return Fail(Code::kConflict, name + ": has changed");
}

class WatchedDirectory : public WatchedPlace {
 public:
  explicit WatchedDirectory(std::string path) : path_(std::move(path)) {}

  Status List(const Sink& sink) override {
    std::error_code error;
    fs::directory_iterator entry(path_, error);
    for (; !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (!IsSourceName(name)) continue;
      if (const auto version = VersionOf(name)) sink(name, *version);
    }
    if (!error) return {};
    return tl::unexpected(base::FromErrno(error.value(), path_));
  }

  std::string SourceOf(const std::string& name) const override {
    return path_ + "/" + name;
  }

  Status CheckUnchanged(const WatchFolder::Source& source) override {
    return VersionOf(source.name) == source.version ? Status()
                                                    : Changed(source.name);
  }

  // The report is first: a source in there always has one.
  Status Reject(const WatchFolder::Source& source,
                const Json& report) override {
    REEL_TRY(CheckUnchanged(source));
    const std::string directory = path_ + "/rejected";
    REEL_TRY(base::MakeDirectories(directory));
    std::string to = directory + "/" + source.name;
    // Another one of that name came before: both stay.
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(to, ignored))) {
      to = fmt::format("{}/{}-{}", directory, source.key.substr(0, kShortKey),
                       source.name);
    }
    REEL_TRY(base::WriteFileAtomically(to + ".inspection.json",
                                       base::AsBytes(TextOf(report))));
    const std::string from = SourceOf(source.name);
    if (std::rename(from.c_str(), to.c_str()) != 0)
      return tl::unexpected(base::FromErrno(errno, from));
    return {};
  }

  bool grows() const override { return true; }

 private:
  // nullopt if there is no file with bytes. A link could name what who made it
  // may not read: it is none.
  std::optional<SourceVersion> VersionOf(const std::string& name) const {
    struct stat found = {};
    if (::lstat(SourceOf(name).c_str(), &found) != 0 ||
        !S_ISREG(found.st_mode) || found.st_size == 0)
      return std::nullopt;
    return SourceVersion{
        found.st_size,
        fmt::format("{}.{:09}", found.st_mtim.tv_sec, found.st_mtim.tv_nsec)};
  }

  const std::string path_;  // absolute
};

class WatchedPrefix : public WatchedPlace {
 public:
  WatchedPrefix(std::string bucket, std::string prefix,
                platform::S3Options options)
      : bucket_(std::move(bucket)),
        prefix_(std::move(prefix)),
        client_(std::move(options)) {}

  Status List(const Sink& sink) override {
    std::vector<platform::S3Entry> page;
    do {
      const std::string after = page.empty() ? "" : page.back().key;
      REEL_ASSIGN(page, client_.List(prefix_, after, kPageKeys));
      for (const platform::S3Entry& entry : page) {
        if (entry.size_bytes > 0 && IsSourceName(entry.key))
          sink(entry.key, {entry.size_bytes, entry.etag});
      }
    } while (page.size() == kPageKeys);
    return {};
  }

  std::string SourceOf(const std::string& name) const override {
    return "s3://" + bucket_ + "/" + name;
  }

  Status CheckUnchanged(const WatchFolder::Source& source) override {
    REEL_ASSIGN(const auto head, client_.Head(source.name));
    const bool is_same = head &&
                         head->size_bytes == source.version.size_bytes &&
                         head->etag == source.version.changed;
    return is_same ? Status() : Changed(source.name);
  }

  Status Reject(const WatchFolder::Source& source,
                const Json& report) override {
    REEL_TRY(CheckUnchanged(source));
    const std::string text = TextOf(report);
    const platform::HttpBody body = platform::BodyOf(base::AsBytes(text));
    return client_.PutTyped(source.name + ".rejected.json", body,
                            base::Sha256(text), "application/json");
  }

  bool grows() const override { return false; }

 private:
  const std::string bucket_, prefix_;
  platform::S3Client client_;
};

}  // namespace

Result<std::unique_ptr<WatchedPlace>> OpenWatchedPlace(
    const std::string& place) {
  if (place.find("://") == std::string::npos) {
    std::error_code error;
    const fs::path path = fs::canonical(place, error);
    if (error || !fs::is_directory(path, error))
      return Fail(Code::kNotFound, place + ": no directory");
    return std::make_unique<WatchedDirectory>(path.string());
  }
  REEL_ASSIGN(platform::S3Url url, platform::ParseS3Url(place));
  // "incoming" is a directory's name, not the beginning of "incoming-old".
  if (!url.key.empty() && !url.key.ends_with('/')) url.key += '/';
  REEL_ASSIGN(platform::S3Options options,
              platform::S3OptionsOf(url.bucket, platform::ProcessEnvironment));
  return std::make_unique<WatchedPrefix>(url.bucket, url.key,
                                         std::move(options));
}

}  // namespace reel::cli

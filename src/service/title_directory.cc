#include "service/title_directory.h"

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/file.h"

namespace reel::service {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kManifests{"master.m3u8",
                                                     "manifest.mpd"};
constexpr std::array<std::string_view, 3> kFolders{"video", "audio",
                                                   "thumbnails"};

bool IsManifest(std::string_view path) {
  return path == kManifests[0] || path == kManifests[1];
}

// Media is large and stays one file with the store's; text is copied, for
// people edit text.
base::Status PutFile(const platform::Object& object,
                     platform::ObjectStore& objects, const std::string& path) {
  REEL_TRY(base::MakeDirectories(fs::path(path).parent_path().string()));
  if (fs::path(path).extension() == ".mp4") {
    REEL_ASSIGN(const platform::LocalObject from, objects.Fetch(object.digest));
    return base::LinkOrCopy(from.path, path);
  }
  REEL_ASSIGN(const auto bytes, objects.Get(object.digest));
  return base::WriteFileAtomically(path, bytes);
}

base::Status Remove(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) {
    return tl::unexpected(
        base::FromErrno(error.value(), "remove " + path.string()));
  }
  return {};
}

// Files of an earlier recipe, and temporary ones of a killed run.
base::Status RemoveStale(const std::map<std::string, platform::Object>& files,
                         const std::string& directory) {
  for (const std::string_view folder : kFolders) {
    std::error_code error;
    std::vector<fs::path> stale;
    for (const auto& entry :
         fs::directory_iterator(fs::path(directory) / folder, error)) {
      const std::string name =
          std::string(folder) + "/" + entry.path().filename().string();
      if (!files.contains(name) && entry.is_regular_file()) {
        stale.push_back(entry.path());
      }
    }
    for (const fs::path& path : stale) REEL_TRY(Remove(path));
  }
  return {};
}

}  // namespace

base::Status PublishTitle(const std::map<std::string, platform::Object>& files,
                          platform::ObjectStore& objects,
                          const std::string& directory) {
  REEL_TRY(base::MakeDirectories(directory));
  for (const std::string_view name : kManifests) {
    REEL_TRY(Remove(fs::path(directory) / name));
  }
  for (const auto& [path, object] : files) {
    if (IsManifest(path)) continue;
    REEL_TRY(PutFile(object, objects, directory + "/" + path));
  }
  REEL_TRY(RemoveStale(files, directory));
  for (const auto& [path, object] : files) {
    if (!IsManifest(path)) continue;
    REEL_TRY(PutFile(object, objects, directory + "/" + path));
  }
  return {};
}

}  // namespace reel::service

#include "imf/asset_path.h"

#include <algorithm>
#include <filesystem>

namespace reel::imf {
namespace {

namespace fs = std::filesystem;

tl::unexpected<base::Error> Unsafe(const std::string& why) {
  return base::Fail(base::Code::kInvalidArgument, why);
}

bool IsBelow(const fs::path& path, const fs::path& directory) {
  return std::mismatch(directory.begin(), directory.end(), path.begin(),
                       path.end())
             .first == directory.end();
}

}  // namespace

base::Result<std::string> ResolveAssetPath(const std::string& directory,
                                           const std::string& path) {
  if (path.empty()) return Unsafe("the path is empty");
  if (path.find('\0') != std::string::npos || path.size() > 4096)
    return Unsafe("the path is no path");
  if (path.starts_with('/') || path.starts_with('\\'))
    return Unsafe("the path is absolute");
  if (path.find("://") != std::string::npos || path.starts_with("file:"))
    return Unsafe("the path is a URL");
  for (const fs::path& part : fs::path(path)) {
    if (part == "..") return Unsafe("the path leads out of the package");
  }
  std::error_code error;
  const fs::path root = fs::canonical(directory, error);
  if (error) return tl::unexpected(base::FromErrno(error.value(), directory));
  const fs::path resolved = fs::weakly_canonical(root / path, error);
  if (error) return tl::unexpected(base::FromErrno(error.value(), path));
  if (!IsBelow(resolved, root) || resolved == root)
    return Unsafe("a symbolic link leads out of the package");
  return resolved.string();
}

}  // namespace reel::imf

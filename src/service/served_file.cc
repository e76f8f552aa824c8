#include "service/served_file.h"

#include <algorithm>
#include <filesystem>

namespace reel::service {
namespace {

namespace fs = std::filesystem;

struct Type {
  std::string_view extension;
  const char* mime;
};
constexpr Type kTypes[] = {
    {".m3u8", "application/vnd.apple.mpegurl"},
    {".mpd", "application/dash+xml"},
    {".mp4", "video/mp4"},
    {".m4s", "video/iso.segment"},
    {".vtt", "text/vtt; charset=utf-8"},
    {".jpg", "image/jpeg"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".json", "application/json"},
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
};

// ".." too.
bool HasHiddenPart(const fs::path& path) {
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) {
    return part.native().rfind('.', 0) == 0;
  });
}

}  // namespace

const char* MimeType(std::string_view path) {
  const size_t dot = path.rfind('.');
  const auto extension =
      dot == std::string_view::npos ? std::string_view() : path.substr(dot);
  const auto type = std::find_if(
      std::begin(kTypes), std::end(kTypes),
      [&](const Type& known) { return known.extension == extension; });
  return type == std::end(kTypes) ? "application/octet-stream" : type->mime;
}

bool IsHiddenPath(std::string_view url_path) {
  const fs::path relative = fs::path(url_path).relative_path();
  return relative.empty() || HasHiddenPart(relative) ||
         url_path.find('\0') != std::string_view::npos;
}

base::Result<std::string> FindServedFile(const std::string& root,
                                         std::string_view url_path) {
  const auto not_found = [&] {
    return base::Fail(base::Code::kNotFound,
                      std::string(url_path) + ": no such file");
  };
  if (url_path.find('\0') != std::string_view::npos) return not_found();
  const fs::path relative = fs::path(url_path).relative_path();
  if (HasHiddenPart(relative)) return not_found();
  std::error_code error;
  const fs::path real_root = fs::canonical(root, error);
  if (error) return not_found();
  const fs::path path = fs::canonical(real_root / relative, error);
  if (error || HasHiddenPart(path.lexically_relative(real_root)))
    return not_found();
  if (!fs::is_regular_file(path, error)) return not_found();
  return path.string();
}

}  // namespace reel::service

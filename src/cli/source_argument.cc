#include "cli/source_argument.h"

#include <filesystem>

#include "base/file.h"

namespace reel::cli {

base::Status CheckSource(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto kind = fs::status(path, error).type();
  if (kind == fs::file_type::not_found) {
    return base::Fail(base::Code::kNotFound, path + ": no such file");
  }
  if (kind == fs::file_type::directory) {
    return base::Fail(
        base::Code::kInvalidArgument,
        path + ": is a directory; IMF packages cannot be read yet");
  }
  return base::File::OpenForReading(path).map([](const base::File&) {});
}

}  // namespace reel::cli

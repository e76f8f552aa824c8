#include "base/scratch_directory.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace reel::base {

namespace fs = std::filesystem;

Result<ScratchDirectory> ScratchDirectory::Make(const std::string& name) {
  std::error_code error;
  std::string path = fs::temp_directory_path(error) / (name + "-XXXXXX");
  if (error || ::mkdtemp(path.data()) == nullptr)
    return tl::unexpected(FromErrno(errno, path + ": make a directory"));
  return ScratchDirectory(std::move(path));
}

ScratchDirectory::ScratchDirectory(ScratchDirectory&& other) noexcept
    : path_(std::exchange(other.path_, "")) {}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace reel::base

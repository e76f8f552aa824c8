// A directory of its own for a command that keeps nothing, gone afterwards.
#pragma once

#include <string>

#include "base/result.h"

namespace reel::base {

class ScratchDirectory {
 public:
  // In the system's place for temporary files. Errors: kIo,
  // kResourceExhausted.
  //   name  what it begins with
  static Result<ScratchDirectory> Make(const std::string& name);
  ScratchDirectory(ScratchDirectory&& other) noexcept;
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory();
  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;  // empty once moved from
};

}  // namespace reel::base

// An IMF package that a stranger has tampered with, and a file beside it that
// nobody must open.
#pragma once

#include <string>

#include "base/result.h"
#include "fuzz/mutations.h"

namespace reel::fuzz {

// A file outside of every package. The kernel tells when it is opened.
class Secret {
 public:
  // A copy of `essence`, so that it would play, at `path`.
  static base::Result<Secret> Plant(const std::string& essence,
                                    const std::string& path);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&&) = delete;
  ~Secret();

  const std::string& path() const { return path_; }
  bool WasOpened();  // since the last call

 private:
  Secret(int watch, std::string path) : watch_(watch), path_(std::move(path)) {}
  int watch_;
  std::string path_;
};

// Makes at `to`, which must not be there, a copy of the package at `from` with
// something changed: one of its XML files, its essence, or a path in its asset
// map. Half of the time the packing list is then made to fit, as an attacker
// would, so that the hashes hold.
base::Status MakeHostilePackage(const std::string& from, const std::string& to,
                                const std::string& secret, Random& random);

}  // namespace reel::fuzz

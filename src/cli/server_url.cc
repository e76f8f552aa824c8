#include "cli/server_url.h"

#include <fmt/format.h>

#include <cstdlib>

namespace reel::cli {
namespace {

using base::Code;
using base::Fail;

bool HasPassword(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos)
    return url.find("password=") != std::string::npos;
  const size_t first = scheme + 3;
  const std::string authority =
      url.substr(first, url.find_first_of("/?#", first) - first);
  const std::string user = authority.substr(0, authority.rfind('@') + 1);
  return user.find(':') != std::string::npos ||
         url.find("password=") != std::string::npos;
}

}  // namespace

base::Result<std::string> ServerUrl(const std::string& given,
                                    const std::string& option,
                                    const std::string& variable,
                                    const std::string& otherwise) {
  if (HasPassword(given)) {
    return Fail(Code::kInvalidArgument,
                fmt::format("{}: a password on the command line is seen by "
                            "everybody here; put the URL into {}",
                            option, variable));
  }
  if (!given.empty()) return given;
  const char* value = std::getenv(variable.c_str());
  if (value != nullptr && *value != '\0') return std::string(value);
  if (!otherwise.empty()) return otherwise;
  return Fail(Code::kInvalidArgument,
              fmt::format("say where by {} or {}", option, variable));
}

}  // namespace reel::cli

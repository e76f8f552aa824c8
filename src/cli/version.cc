#include "cli/version.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include "media/versions.h"

namespace reel::cli {

std::string ProgramVersion() { return REEL_VERSION; }

std::string VersionText() {
  std::string text = fmt::format("reel {}\n", REEL_VERSION);
  for (const media::LibraryVersion& library : media::LibraryVersions())
    text += fmt::format("{} {}\n", library.library, library.version);
  text += fmt::format("sqlite {}\n", sqlite3_libversion());
  text += fmt::format("openssl {}", OpenSSL_version(OPENSSL_VERSION_STRING));
  return text;
}

}  // namespace reel::cli

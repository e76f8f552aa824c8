#include "fuzz/hostile_package.h"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/file.h"

namespace reel::fuzz {
namespace {

namespace fs = std::filesystem;

enum class Kind { kAssetMap, kPackingList, kPlaylist, kEssence, kOther };

Kind KindOf(const fs::path& file) {
  const std::string name = file.filename();
  if (name == "ASSETMAP.xml") return Kind::kAssetMap;
  if (file.extension() == ".mxf") return Kind::kEssence;
  if (name.find("PKL") != std::string::npos) return Kind::kPackingList;
  return name.find("CPL") != std::string::npos ? Kind::kPlaylist : Kind::kOther;
}

std::vector<fs::path> FilesOf(const std::string& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());  // the same on every machine
  return files;
}

std::vector<fs::path> FilesOf(const std::string& directory, Kind kind) {
  std::vector<fs::path> files = FilesOf(directory);
  std::erase_if(files, [&](const fs::path& f) { return KindOf(f) != kind; });
  return files;
}

std::string Base64(const std::string& hex) {
  constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bits = bits << 8 |
           static_cast<uint32_t>(std::stoul(hex.substr(i, 2), nullptr, 16));
    for (count += 8; count >= 6; count -= 6)
      text += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kDigits[bits << (6 - count) & 63];
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string Sha1Of(const Bytes& bytes) {
  base::DigestStream stream(base::DigestKind::kSha1);
  stream.Update(bytes);
  return Base64(stream.Finish());
}

// Size and hash of a changed file, in the packing lists that have the old ones.
base::Status Seal(const std::string& directory, const Bytes& before,
                  const Bytes& after) {
  const std::string old_hash = Sha1Of(before);
  for (const fs::path& list : FilesOf(directory, Kind::kPackingList)) {
    REEL_ASSIGN(std::string xml, base::ReadTextFile(list));
    const size_t hash = xml.find(old_hash);
    if (hash == std::string::npos) continue;
    xml.replace(hash, old_hash.size(), Sha1Of(after));
    const size_t asset = xml.rfind("Asset>", hash);
    ReplaceText(xml, "Size", asset, std::to_string(after.size()));
    REEL_TRY(base::WriteFileAtomically(list, base::AsBytes(xml)));
  }
  return {};
}

base::Status Overwrite(const std::string& directory, const fs::path& file,
                       const Bytes& before, const Bytes& after,
                       Random& random) {
  REEL_TRY(base::WriteFileAtomically(file, after));
  if (random() % 2 == 0) return {};
  return Seal(directory, before, after);
}

base::Status TamperWith(const std::string& directory, const fs::path& file,
                        const std::string& secret, Random& random) {
  REEL_ASSIGN(const Bytes before, base::ReadFile(file));
  Bytes after;
  if (KindOf(file) == Kind::kEssence) {
    after = MutateMedia(before, random);
  } else {
    const std::string xml =
        MutateXml({before.begin(), before.end()}, secret, random);
    after.assign(xml.begin(), xml.end());
  }
  return Overwrite(directory, file, before, after, random);
}

// One of its files is not in the package any more, but said to be elsewhere.
base::Status LeadOut(const std::string& directory, const std::string& secret,
                     Random& random) {
  const std::string outside = fs::relative(secret, directory);
  std::string steps = outside;
  for (size_t at = 0; (at = steps.find("..", at)) != std::string::npos;)
    steps.replace(at, 2, "%2e%2e");
  const std::string paths[] = {outside,
                               secret,
                               "file://" + secret,
                               "./a/../" + outside,
                               "/proc/self/root" + secret,
                               steps,
                               "link",
                               "folder/" + fs::path(secret).filename().string(),
                               "..\\" + fs::path(secret).filename().string(),
                               outside + std::string(5000, '/'),
                               "loop",
                               "pipe",
                               std::string("link\0.mxf", 9)};
  std::error_code ignored;
  fs::create_symlink(secret, fs::path(directory) / "link", ignored);
  fs::create_symlink("loop", fs::path(directory) / "loop", ignored);
  fs::create_directory_symlink(fs::path(secret).parent_path(),
                               fs::path(directory) / "folder", ignored);
  const fs::path map = fs::path(directory) / "ASSETMAP.xml";
  REEL_ASSIGN(std::string xml, base::ReadTextFile(map));
  if (!ReplaceText(xml, "Path", Below(random, xml.size()),
                   paths[Below(random, std::size(paths))]))
    ReplaceText(xml, "Path", 0, paths[Below(random, std::size(paths))]);
  return base::WriteFileAtomically(map, base::AsBytes(xml));
}

// A file of the package becomes a link out of it.
base::Status Link(const fs::path& file, const std::string& secret) {
  std::error_code error;
  fs::remove(file, error);
  if (!error) fs::create_symlink(secret, file, error);
  if (error) return tl::unexpected(base::FromErrno(error.value(), file));
  return {};
}

}  // namespace

base::Result<Secret> Secret::Plant(const std::string& essence,
                                   const std::string& path) {
  REEL_ASSIGN(const Bytes bytes, base::ReadFile(essence));
  REEL_TRY(base::WriteFileAtomically(path, bytes));
  const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (watch < 0 ||
      ::inotify_add_watch(watch, path.c_str(), IN_OPEN | IN_ACCESS) < 0)
    return tl::unexpected(base::FromErrno(errno, "watch " + path));
  return Secret(watch, path);
}

Secret::Secret(Secret&& other) noexcept
    : watch_(std::exchange(other.watch_, -1)), path_(std::move(other.path_)) {}

Secret::~Secret() {
  if (watch_ >= 0) ::close(watch_);
}

bool Secret::WasOpened() {
  std::array<char, 4096> events;
  bool opened = false;
  while (::read(watch_, events.data(), events.size()) > 0) opened = true;
  return opened;
}

base::Status MakeHostilePackage(const std::string& from, const std::string& to,
                                const std::string& secret, Random& random) {
  std::error_code error;
  fs::copy(from, to, fs::copy_options::recursive, error);
  if (error) return tl::unexpected(base::FromErrno(error.value(), to));
  for (const auto& entry : fs::recursive_directory_iterator(to))
    fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add,
                    error);
  const size_t what = Below(random, 8);
  if (what == 0) return LeadOut(to, secret, random);
  std::vector<fs::path> all = FilesOf(to);
  std::erase_if(all,
                [](const fs::path& f) { return KindOf(f) == Kind::kOther; });
  if (what == 1) return Link(all[Below(random, all.size())], secret);
  constexpr Kind kKinds[] = {Kind::kAssetMap, Kind::kPackingList,
                             Kind::kPlaylist, Kind::kPlaylist,
                             Kind::kEssence,  Kind::kEssence};
  const std::vector<fs::path> files = FilesOf(to, kKinds[what - 2]);
  if (files.empty()) return {};
  return TamperWith(to, files[Below(random, files.size())], secret, random);
}

}  // namespace reel::fuzz

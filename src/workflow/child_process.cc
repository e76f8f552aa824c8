#include "workflow/child_process.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>

#include "base/file.h"

namespace reel::workflow {
namespace {

constexpr int64_t kMaxLogBytes = int64_t{1} << 20;
constexpr size_t kMaxLastWords = 600;

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) line += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace

void TrimHeap() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

void BoundLog() {
  if (::lseek(STDERR_FILENO, 0, SEEK_END) > kMaxLogBytes) {
    [[maybe_unused]] const int done = ::ftruncate(STDERR_FILENO, 0);
  }
}

std::string LastWordsOf(const std::string& log) {
  const auto text = base::ReadTextFile(log);
  if (!text) return "";
  const size_t mark = text->rfind(kTaskMark);
  const size_t line = mark == std::string::npos ? 0 : text->find('\n', mark);
  if (line == std::string::npos) return "";
  std::string_view rest = std::string_view(*text).substr(line);
  if (rest.size() > kMaxLastWords) {
    rest = rest.substr(rest.size() - kMaxLastWords);
  }
  return OneLine(rest);
}

}  // namespace reel::workflow

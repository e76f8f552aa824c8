#include "media/av_log.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/log.h>
}

namespace reel::media {
namespace {

// A hostile file can make a decoder say thousands of lines per packet.
constexpr size_t kMaxErrorBytes = 1000;

}  // namespace

thread_local AvLogCapture* AvLogCapture::current_ = nullptr;

void SilenceAvLog() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(&AvLogCapture::Hear); });
}

AvLogCapture::AvLogCapture() : outer_(std::exchange(current_, this)) {
  SilenceAvLog();
}

AvLogCapture::~AvLogCapture() { current_ = outer_; }

std::string AvLogCapture::TakeErrors() { return std::exchange(errors_, {}); }

void AvLogCapture::Hear(void*, int level, const char* format,
                        __builtin_va_list arguments) {
  AvLogCapture* const capture = current_;
  if (capture == nullptr || level > AV_LOG_ERROR) return;
  std::string& errors = capture->errors_;
  if (errors.size() >= kMaxErrorBytes) return;
  std::array<char, 300> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  std::string_view text = line.data();
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return;
  if (!errors.empty()) errors += "; ";
  errors += text;
}

}  // namespace reel::media

// What libav's code says while it works. libav has one logger for the whole
// process; ours prints nothing and hands each message to the capture of the
// thread that it was said on. Codecs that log from threads of their own are
// heard by nobody: run them with one thread.
#pragma once

#include <string>

namespace reel::media {

// Silences libav for the whole process. Cheap, safe from any thread; what opens
// a libav context calls it first.
void SilenceAvLog();

// Collects the warnings and errors said on this thread during its life.
// Captures nest; the innermost hears.
class AvLogCapture {
 public:
  AvLogCapture();
  ~AvLogCapture();
  AvLogCapture(const AvLogCapture&) = delete;
  AvLogCapture& operator=(const AvLogCapture&) = delete;

  // The errors since the last call, one line, bounded in length.
  std::string TakeErrors();

 private:
  friend void SilenceAvLog();
  static void Hear(void* object, int level, const char* format,
                   __builtin_va_list arguments);
  static thread_local AvLogCapture* current_;

  AvLogCapture* outer_;
  std::string errors_;
};

}  // namespace reel::media

// What `reel watch` knows of the sources that it has seen: which are whole, and
// which are due to be asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

namespace reel::cli {

// One state of a file or an object: another one is another source.
struct SourceVersion {
  int64_t size_bytes = 0;
  std::string changed;  // the time of its last change, or its entity tag
  bool operator==(const SourceVersion&) const = default;
};

// False of what is hidden, unfinished by its name, or one of our reports.
//   path  its last part counts
// Pure.
bool IsSourceName(const std::string& path);

// The Idempotency-Key of a source's job: the same after a restart, and on
// another machine that sees the same. Pure.
//   source  an absolute path, or a URL
std::string JobKey(const std::string& source, const SourceVersion& version);

// Time is passed in. What has ended is known by a few bytes, and forgotten when
// it is too much: then the service is asked again, which knows all jobs.
class WatchFolder {
 public:
  using Time = std::chrono::milliseconds;  // of any clock that never goes back
  struct Limits {
    Time settle{10'000};   // how long it must not have changed
    Time interval{5'000};  // until it is asked for again
    size_t max_open = 1000;
    size_t max_ended = 1'000'000;
  };
  struct Source {
    std::string name, key;
    SourceVersion version;
  };
  explicit WatchFolder(const Limits& limits) : limits_(limits) {}

  // Of each source that a look finds. Beyond the limit of open ones it is left
  // for later looks.
  void See(const Source& source, Time now);
  // After a look that has found all: what it has not seen is gone.
  void EndLook();

  // Those that are whole and not ended, the longest waiting first.
  std::vector<Source> Due(Time now) const;

  // What came of a due one.
  void Wait(const std::string& name, Time now);  // asked again in an interval
  // In trouble of its own: asked again after growing pauses.
  void Fail(const std::string& name, Time now);
  void End(const std::string& name);

 private:
  struct Open {
    Source source;
    Time due{0};
    int failures = 0;
    int64_t look = 0;  // that has seen it last
  };
  const Limits limits_;
  int64_t look_ = 0;
  std::map<std::string, Open> open_;    // by name
  std::unordered_set<uint64_t> ended_;  // the first bits of their keys
};

}  // namespace reel::cli

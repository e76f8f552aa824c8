// Logging: to standard error, through spdlog. Standard output belongs to
// results alone.
#pragma once

#include <map>
#include <string>

namespace reel::base {

enum class LogLevel { kQuiet, kInfo, kDebug };
enum class LogFormat {
  kText,  // for people: "NAME: LEVEL: MESSAGE"
  kJson,  // for collectors of logs: one object a line
};

// Strings by name. Of JSON lines alone, which have `time` (UTC), `level` and
// `message` besides: those names are taken.
using LogFields = std::map<std::string, std::string>;

// Sets up the process's logger; call first thing in main, and again, before
// other threads log, to change it. `name` stands before each line of text, e.g.
// "reel" or "worker 3"; `fields` are in every JSON line.
void StartLogging(LogLevel level, const std::string& name,
                  LogFormat format = LogFormat::kText,
                  const LogFields& fields = {});

// While it lives, what its thread logs is about this: the fields are in each
// JSON line, besides those of the scopes around it. Destroyed in reverse order.
class LogScope {
 public:
  explicit LogScope(LogFields fields);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

 private:
  friend class JsonLines;
  static thread_local const LogScope* current_;
  LogFields fields_;
  const LogScope* around_;
};

}  // namespace reel::base

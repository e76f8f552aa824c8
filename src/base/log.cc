#include "base/log.h"

#include <fmt/chrono.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <utility>

#include "base/json.h"

namespace reel::base {
namespace {

std::string UtcOf(spdlog::log_clock::time_point time) {
  using std::chrono::milliseconds;
  const auto since = std::chrono::floor<milliseconds>(time.time_since_epoch());
  return fmt::format("{:%FT%T}.{:03}Z",
                     fmt::gmtime(spdlog::log_clock::to_time_t(time)),
                     (since % std::chrono::seconds(1)).count());
}

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kQuiet:
      return spdlog::level::warn;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kDebug:
      return spdlog::level::debug;
  }
  return spdlog::level::info;
}

}  // namespace

thread_local const LogScope* LogScope::current_ = nullptr;

LogScope::LogScope(LogFields fields)
    : fields_(std::move(fields)), around_(std::exchange(current_, this)) {}

LogScope::~LogScope() { current_ = around_; }

// Runs on the thread that logs, so that the scopes are its own.
class JsonLines : public spdlog::formatter {
 public:
  explicit JsonLines(LogFields fields) : fields_(std::move(fields)) {}

  void format(const spdlog::details::log_msg& message,
              spdlog::memory_buf_t& line) override {
    const auto text = [](spdlog::string_view_t view) {
      return std::string(view.data(), view.size());
    };
    Json json = {{"time", UtcOf(message.time)},
                 {"level", text(spdlog::level::to_string_view(message.level))},
                 {"message", text(message.payload)}};
    // What is there stays: an inner field hides an outer one of its name.
    const auto add = [&](const LogFields& fields) {
      for (const auto& [name, value] : fields) json.emplace(name, value);
    };
    for (const LogScope* scope = LogScope::current_; scope != nullptr;
         scope = scope->around_)
      add(scope->fields_);
    add(fields_);
    const std::string dumped = DumpJson(json) + "\n";
    line.append(dumped.data(), dumped.data() + dumped.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLines>(fields_);
  }

 private:
  LogFields fields_;
};

void StartLogging(LogLevel level, const std::string& name, LogFormat format,
                  const LogFields& fields) {
  std::shared_ptr<spdlog::logger> logger;
  switch (format) {
    case LogFormat::kText:
      logger = std::make_shared<spdlog::logger>(
          name, std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
      logger->set_pattern("%n: %^%l%$: %v");
      break;
    case LogFormat::kJson:
      logger = std::make_shared<spdlog::logger>(
          name, std::make_shared<spdlog::sinks::stderr_sink_mt>());
      logger->set_formatter(std::make_unique<JsonLines>(fields));
      break;
  }
  logger->set_level(LevelOf(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace reel::base

#include "cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include "cli/compare.h"
#include "cli/encode.h"
#include "cli/estimate.h"
#include "cli/exit_code.h"
#include "cli/gc.h"
#include "cli/inspect.h"
#include "cli/ladder.h"
#include "cli/play.h"
#include "cli/scale.h"
#include "cli/serve.h"
#include "cli/status.h"
#include "cli/submit.h"
#include "cli/token.h"
#include "cli/version.h"
#include "cli/vmaf.h"
#include "cli/watch.h"
#include "cli/worker.h"

namespace reel::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 internal error, 2 wrong usage, 3 source rejected,\n"
    "4 validation failed, 5 a needed service is unreachable, 130 interrupted.\n"
    "`reel help COMMAND` shows a command's options and examples.";

void AddHelp(CLI::App& app, Invocation& invocation) {
  auto topic = std::make_shared<std::string>();
  CLI::App* help = app.add_subcommand("help", "Explain a command");
  help->add_option("COMMAND", *topic, "The command to explain");
  help->callback([&app, &invocation, topic] {
    invocation.run = [&app, topic]() -> Outcome {
      const auto commands = app.get_subcommands(
          [&](const CLI::App* command) { return command->check_name(*topic); });
      if (commands.empty() && !topic->empty()) {
        return {base::Fail(base::Code::kInvalidArgument,
                           fmt::format("help: there is no command '{}'; `reel "
                                       "help` lists them all",
                                       *topic))};
      }
      fmt::print("{}",
                 commands.empty() ? app.help() : commands[0]->help("reel"));
      return {};
    };
  });
}

void Report(const Outcome& outcome, bool json) {
  base::Json object = outcome.json;
  if (!outcome.status) {
    const base::Error& error = outcome.status.error();
    fmt::print(stderr, "reel: {}\n", error.message);
    object["error"] = {{"code", base::CodeName(error.code)},
                       {"message", error.message}};
  }
  if (json) fmt::print("{}\n", base::DumpJson(object));
}

// Typed wrongly, nothing tells which command it was: look for the flag itself.
bool AsksForJson(int argc, const char* const* argv) {
  return std::any_of(argv, argv + argc, [](const char* argument) {
    return std::string_view(argument) == "--json";
  });
}

}  // namespace

std::unique_ptr<CLI::App> MakeApp(Invocation& invocation) {
  auto app = std::make_unique<CLI::App>(
      "Reelwright: from a studio master to a verified, playable title.",
      "reel");
  app->set_version_flag("--version", VersionText());
  app->require_subcommand(1);
  app->footer(kFooter);
  AddCancel(*app, invocation);
  AddCompare(*app, invocation);
  AddEncode(*app, invocation);
  AddEstimate(*app, invocation);
  AddGc(*app, invocation);
  AddInspect(*app, invocation);
  AddLadder(*app, invocation);
  AddPlay(*app, invocation);
  AddRetry(*app, invocation);
  AddScale(*app, invocation);
  AddServe(*app, invocation);
  AddStatus(*app, invocation);
  AddSubmit(*app, invocation);
  AddToken(*app, invocation);
  AddVmaf(*app, invocation);
  AddWatch(*app, invocation);
  AddWorker(*app, invocation);
  AddHelp(*app, invocation);
  return app;
}

int RunCommandLine(int argc, const char* const* argv) {
  Invocation invocation;
  const std::unique_ptr<CLI::App> app = MakeApp(invocation);
  if (argc <= 1) {
    fmt::print(stderr, "{}", app->help());
    return kWrongUsage;
  }
  try {
    app->parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return app->exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    const std::string what = fmt::format("{} (see `reel help`)", error.what());
    Report({base::Fail(base::Code::kInvalidArgument, what)},
           AsksForJson(argc, argv));
    return kWrongUsage;
  }
  const Outcome outcome = invocation.run();
  Report(outcome, invocation.json);
  return ExitCodeOf(outcome.status);
}

}  // namespace reel::cli

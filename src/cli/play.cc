#include "cli/play.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/interrupt.h"
#include "service/play_server.h"

namespace reel::cli {
namespace {

// Beside the program, in the build tree as where it is installed:
// PREFIX/bin/reel and PREFIX/share/reel/console.
std::string ConsoleDirectory() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / "../share/reel/console").lexically_normal();
}

Outcome RunPlay(const service::PlayOptions& options) {
  const std::stop_token stop = StopOnInterrupt();
  auto server = service::PlayServer::Open(options);
  if (!server) return {tl::unexpected(server.error())};
  fmt::print("{}\n", server->address());
  std::fflush(stdout);
  fmt::print(stderr, "reel: playing {}; Ctrl-C ends\n",
             options.title_directory);
  return {server->Serve(stop)};
}

}  // namespace

void AddPlay(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<service::PlayOptions>();
  options->console_directory = ConsoleDirectory();
  CLI::App* command =
      app.add_subcommand("play", "Serve a page that plays a finished title");
  command
      ->add_option("DIR", options->title_directory,
                   "Directory that `reel encode` made, or where a fleet put a "
                   "title: s3://bucket/prefix/titles/JOB")
      ->type_name("")
      ->required();
  command
      ->add_option("--port", options->port,
                   "Port to listen on (default: any free one)")
      ->type_name("N")
      ->check(CLI::Range(0, 65535));
  command
      ->add_option("--host", options->host,
                   "Address to listen on; 0.0.0.0 lets other machines in "
                   "(default: 127.0.0.1)")
      ->type_name("ADDRESS");
  command->footer(
      "Examples:\n"
      "  reel play title                       # prints the page's address\n"
      "  reel play title --port 8080\n"
      "  reel play s3://media/reel/titles/j019…\n"
      "Serves until Ctrl-C. The title's files are served below the same "
      "address,\nfor any player: /master.m3u8 and /manifest.mpd.");
  command->callback([options, &invocation] {
    invocation.run = [options] { return RunPlay(*options); };
  });
}

}  // namespace reel::cli

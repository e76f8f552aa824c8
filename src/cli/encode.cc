#include "cli/encode.h"

#include <memory>

namespace reel::cli {

Outcome RunEncode(const EncodeOptions& options) {
  return {base::Fail(base::Code::kUnsupported,
                     options.source + ": this build cannot encode")};
}

void AddEncode(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<EncodeOptions>();
  CLI::App* command = app.add_subcommand(
      "encode", "Encode one title, here, now; run it again to resume");
  command->add_option("SRC", options->source, "Master to encode: a file")
      ->type_name("")
      ->required();
  command
      ->add_option("-o,--output", options->directory,
                   "Directory of the finished title (default: SRC's name "
                   "without its extension)")
      ->type_name("DIR");
  command
      ->add_option("--recipe", options->recipe,
                   "Built-in recipe, or a TOML file (default: fixed)")
      ->type_name("NAME|FILE");
  command
      ->add_option("--workers", options->workers,
                   "Worker processes (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--state", options->state,
                   "Where finished work is kept (default: DIR/.reel)")
      ->type_name("DIR");
  command->add_flag("--json", options->json,
                    "End with one JSON object on standard output");
  command->footer(
      "Examples:\n"
      "  reel encode master.mov -o title     # then: reel play title\n"
      "  reel encode master.mov -o title --recipe my.toml --workers 4\n"
      "Interrupted or killed, the same command goes on where it stopped.");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunEncode(*options); };
  });
}

}  // namespace reel::cli

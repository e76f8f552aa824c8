#include "cli/token.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "cli/fleet_options.h"
#include "cli/job_options.h"
#include "platform/token_store.h"
#include "service/api/timestamp.h"

namespace reel::cli {
namespace {

using base::Json;
using platform::Token;
using platform::TokenStore;

struct TokenOptions {
  std::string jobs;
  std::string name;
  std::string role = "operator";
  std::string id;
  bool json = false;
};

Json JsonOf(const Token& token) {
  return {{"id", token.id},
          {"name", token.name},
          {"role", platform::Name(token.role)},
          {"created", service::api::JsonTime(token.created_ms)},
          {"used", service::api::JsonTime(token.used_ms)}};
}

Outcome AddOne(const TokenOptions& options, TokenStore& store) {
  const auto role = platform::RoleFromName(options.role);
  REEL_CHECK(role.has_value());  // the parser has checked it
  auto added = store.Add(options.name, *role);
  if (!added) return {tl::unexpected(added.error())};
  if (!options.json) fmt::print("{}\n", added->secret);
  Json json = JsonOf(added->token);
  json["secret"] = added->secret;
  return {{}, std::move(json)};
}

Outcome ListAll(const TokenOptions& options, TokenStore& store) {
  const auto tokens = store.List();
  if (!tokens) return {tl::unexpected(tokens.error())};
  Json list = Json::array();
  if (!options.json)
    fmt::print("{:<14} {:<10} {:<25} {}\n", "ID", "ROLE", "LAST USED", "NAME");
  for (const Token& token : *tokens) {
    list.push_back(JsonOf(token));
    if (options.json) continue;
    fmt::print(
        "{:<14} {:<10} {:<25} {}\n", token.id, platform::Name(token.role),
        token.used_ms == 0 ? "never"
                           : service::api::FormatTimestamp(token.used_ms),
        token.name);
  }
  return {{}, {{"tokens", std::move(list)}}};
}

Outcome Revoke(const TokenOptions& options, TokenStore& store) {
  return {store.Revoke(options.id)};
}

using Run = Outcome (*)(const TokenOptions&, TokenStore&);

Outcome OnStore(const TokenOptions& options, Run run) {
  if (options.jobs.empty()) {
    return {base::Fail(base::Code::kInvalidArgument,
                       "no database: give --jobs, or set REEL_JOBS_URL")};
  }
  const auto store = platform::OpenTokenStore(options.jobs);
  if (!store) return {tl::unexpected(store.error())};
  return run(options, **store);
}

CLI::App* AddAction(CLI::App& token, const std::string& name,
                    const std::string& description,
                    const std::shared_ptr<TokenOptions>& options, Run run,
                    Invocation& invocation) {
  CLI::App* command = token.add_subcommand(name, description);
  AddJobsOption(*command, options->jobs);
  AddJsonFlag(*command, options->json);
  command->callback([options, run, &invocation] {
    invocation.json = options->json;
    invocation.run = [options, run] { return OnStore(*options, run); };
  });
  return command;
}

}  // namespace

void AddToken(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<TokenOptions>();
  CLI::App* command =
      app.add_subcommand("token", "Say who may use the service's API");
  command->require_subcommand(1);
  CLI::App* add =
      AddAction(*command, "add", "Make a token; print its secret, this once",
                options, AddOne, invocation);
  add->add_option("NAME", options->name, "Whose it is, or what for")
      ->type_name("")
      ->required();
  add->add_option("--role", options->role,
                  "viewer, operator or admin (default: operator)")
      ->type_name("ROLE")
      ->check(CLI::IsMember({"viewer", "operator", "admin"}));
  AddAction(*command, "list", "Show all tokens, without their secrets", options,
            ListAll, invocation);
  AddAction(*command, "revoke", "Let nobody in with that token any more",
            options, Revoke, invocation)
      ->add_option("ID", options->id, "As `reel token list` shows it")
      ->type_name("")
      ->required();
  command->footer(
      "Examples:\n"
      "  reel token add ann --role admin\n"
      "  reel token revoke 0f3a9c12b7de");
}

}  // namespace reel::cli

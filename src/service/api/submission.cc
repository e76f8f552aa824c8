#include "service/api/submission.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <regex>

#include "model/recipe.h"
#include "platform/secret.h"
#include "service/api/fields.h"
#include "service/api/timestamp.h"

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;
using platform::JobPriority;
using platform::NewJob;

constexpr size_t kMaxUrlBytes = 4096;
constexpr size_t kMaxTitleBytes = 200;
constexpr size_t kMaxNameBytes = 100;
constexpr size_t kMaxRecipeBytes = 64 << 10;
constexpr size_t kMaxKeyBytes = 200;
constexpr int kTraceBytes = 16;

struct SourceAndRecipe {
  std::string source;
  std::string name;  // of the source's file
  std::string recipe;
  std::string recipe_name;
};

// "film" of "s3://masters/2026/film.mov?versionId=1".
std::string NameOf(const std::string& source) {
  const std::string path = source.substr(0, source.find_first_of("?#"));
  const std::string stem = std::filesystem::path(path).stem();
  return stem.substr(0, kMaxTitleBytes);
}

Status ReadSource(const std::string& source, const std::string& upload,
                  const ApiBackend& backend, SourceAndRecipe& read) {
  if (source.empty() == upload.empty()) {
    return Fail(Code::kInvalidArgument,
                "say where the source is: by either 'source' or 'upload'");
  }
  if (upload.empty()) {
    read.source = source;
    read.name = NameOf(source);
    return CheckSource(source, backend.urls);
  }
  if (backend.uploads == nullptr)
    return Fail(Code::kInvalidArgument, "upload: this service takes no files");
  REEL_ASSIGN(const platform::Upload found, backend.uploads->Find(upload));
  if (!found.is_complete) {
    return Fail(Code::kConflict,
                fmt::format("upload {} is not complete", upload));
  }
  read.source = found.source;
  read.name = NameOf(found.name);
  return {};
}

// A name means a recipe of this program's: a path would be a file of the
// server's.
Status ReadRecipe(const std::string& name, const std::string& toml,
                  SourceAndRecipe& read) {
  if (!toml.empty()) {
    read.recipe = toml;
    read.recipe_name = name.empty() ? "custom" : name;
    REEL_TRY(model::ParseRecipe(toml, read.recipe_name));
    return {};
  }
  read.recipe_name = name.empty() ? "default" : name;
  const auto text = model::BuiltInRecipeText(read.recipe_name);
  if (!text) {
    return Fail(Code::kInvalidArgument,
                fmt::format("recipe {}: there is none of that name ({}); send "
                            "another's text as recipe_toml",
                            read.recipe_name,
                            fmt::join(model::BuiltInRecipeNames(), ", ")));
  }
  read.recipe = *text;
  return {};
}

// Takes their members even where they are wrong, so that Done() knows them.
Result<SourceAndRecipe> ReadSourceAndRecipe(Fields& fields,
                                            const ApiBackend& backend) {
  const std::string source = fields.String("source", kMaxUrlBytes);
  const std::string upload = fields.String("upload", kMaxNameBytes);
  const std::string name = fields.String("recipe", kMaxNameBytes);
  const std::string toml =
      fields.String("recipe_toml", kMaxRecipeBytes, Fields::Kind::kText);
  REEL_TRY(fields.Done());
  SourceAndRecipe read;
  REEL_TRY_DOING("source", ReadSource(source, upload, backend, read));
  REEL_TRY(ReadRecipe(name, toml, read));
  return read;
}

JobPriority ReadPriority(Fields& fields) {
  const std::string name = fields.String("priority", kMaxNameBytes);
  if (name.empty()) return JobPriority::kNormal;
  const auto priority = platform::JobPriorityFromName(name);
  if (!priority) fields.Refuse("priority", "must be now, normal or bulk");
  return priority.value_or(JobPriority::kNormal);
}

int64_t ReadDeadline(Fields& fields) {
  const std::string text = fields.String("deadline", kMaxNameBytes);
  if (text.empty()) return 0;
  const auto time = ParseTimestamp(text);
  if (!time) {
    fields.Refuse("deadline",
                  "must be a time of RFC 3339, like 2026-11-23T10:00:00Z");
  }
  return time.value_or(0);
}

Result<std::string> KeyOf(const ApiRequest& request) {
  std::string key = request.Header("idempotency-key");
  const bool is_printable = std::ranges::all_of(
      key, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  if (key.size() > kMaxKeyBytes || !is_printable) {
    return Fail(Code::kInvalidArgument,
                fmt::format("Idempotency-Key must be 1 to {} characters of "
                            "ASCII",
                            kMaxKeyBytes));
  }
  return key;
}

// "00-TRACE-PARENT-FLAGS"; another version, or a wrong one, begins a new trace
// (W3C Trace Context, section 3.2).
std::string TraceOf(const ApiRequest& request) {
  static const std::regex format("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");
  const std::string parent = request.Header("traceparent");
  std::smatch match;
  if (parent.size() < 100 && std::regex_match(parent, match, format))
    return match[1].str();
  return platform::RandomHex(kTraceBytes);
}

}  // namespace

Result<NewJob> ReadSubmission(const ApiRequest& request,
                              const ApiBackend& backend) {
  REEL_ASSIGN(const Json body, request.JsonBody());
  Fields fields(body);
  NewJob job;
  job.title = fields.String("title", kMaxTitleBytes);
  job.priority = ReadPriority(fields);
  job.deadline_ms = ReadDeadline(fields);
  job.webhook = fields.String("webhook", kMaxUrlBytes);
  REEL_ASSIGN(const SourceAndRecipe read, ReadSourceAndRecipe(fields, backend));
  if (!job.webhook.empty())
    REEL_TRY_DOING("webhook", CheckWebhook(job.webhook, backend.urls));
  job.source = read.source;
  job.recipe = read.recipe;
  job.recipe_name = read.recipe_name;
  if (job.title.empty()) job.title = read.name;
  REEL_ASSIGN(job.idempotency_key, KeyOf(request));
  job.trace = TraceOf(request);
  job.submitted_by = request.caller->name;
  return job;
}

Result<EstimateQuestion> ReadEstimateQuestion(const ApiRequest& request,
                                              const ApiBackend& backend) {
  REEL_ASSIGN(const Json body, request.JsonBody());
  Fields fields(body);
  REEL_ASSIGN(const SourceAndRecipe read, ReadSourceAndRecipe(fields, backend));
  return EstimateQuestion{read.source, read.recipe, read.recipe_name};
}

}  // namespace reel::service::api

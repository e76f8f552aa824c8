#include "cli/upload.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <vector>

#include "base/digest.h"
#include "base/file.h"

namespace reel::cli {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;

constexpr int64_t kMaxIdBytes = 1000;

// Where upload ids are kept (XDG Base Directory Specification).
std::string StateDirectory() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  const std::string state = variable("XDG_STATE_HOME");
  return (state.empty() ? variable("HOME") + "/.local/state" : state) +
         "/reel/uploads";
}

// Of this file, as it is now, to this service: changed, it is another one.
std::string NoteOf(const ApiClient& client, const std::string& path) {
  std::error_code ignored;
  const auto changed = fs::last_write_time(path, ignored).time_since_epoch();
  const std::string what =
      fmt::format("{}\n{}\n{}\n{}", client.url(), fs::absolute(path).string(),
                  fs::file_size(path, ignored), changed.count());
  return StateDirectory() + "/" + base::Sha256(what);
}

struct Plan {
  std::string id;
  int64_t part_bytes = 0;
  std::set<int> missing;  // parts
};

Result<Plan> PlanOf(const Json& upload) {
  try {
    Plan plan{.id = upload.at("id"),
              .part_bytes = upload.at("part_bytes"),
              .missing = {}};
    for (int n = 1; n <= upload.at("part_count").get<int>(); ++n)
      plan.missing.insert(n);
    for (const Json& part : upload.at("parts"))
      plan.missing.erase(part.at("number").get<int>());
    return plan;
  } catch (const Json::exception& error) {
    return Fail(Code::kUnavailable,
                fmt::format("the service's upload: {}", error.what()));
  }
}

// The upload that an earlier run began; nullopt: there is none any more.
Result<std::optional<Json>> FindUpload(ApiClient& client,
                                       const std::string& note) {
  const auto id = base::ReadTextFile(note, kMaxIdBytes);
  if (!id) return std::nullopt;
  auto upload = client.Get("/v1/uploads/" + Encoded(*id));
  if (upload) return *std::move(upload);
  if (upload.error().code == Code::kNotFound) return std::nullopt;
  return tl::unexpected(upload.error());
}

Result<Json> FindOrBegin(ApiClient& client, const std::string& path,
                         int64_t size_bytes) {
  const std::string note = NoteOf(client, path);
  REEL_ASSIGN(const auto found, FindUpload(client, note));
  if (found) return *found;
  REEL_ASSIGN(
      Json begun,
      client.Post("/v1/uploads", {{"name", fs::path(path).filename().string()},
                                  {"size_bytes", size_bytes}}));
  REEL_TRY(base::MakeDirectories(StateDirectory()));
  const std::string id = begun.value("id", "");
  REEL_TRY(base::WriteFileAtomically(note, base::AsBytes(id)));
  return begun;
}

Status SendPart(ApiClient& client, const base::File& file, const Plan& plan,
                int number, std::vector<uint8_t>& bytes) {
  REEL_ASSIGN(const size_t size,
              file.ReadAt((number - 1) * plan.part_bytes, bytes));
  const auto part = std::span<const uint8_t>(bytes).first(size);
  REEL_TRY(client.Put(
      fmt::format("/v1/uploads/{}/parts/{}", Encoded(plan.id), number), part,
      {{"reel-sha256", base::Sha256(part)}}));
  return {};
}

}  // namespace

Result<std::string> UploadFile(ApiClient& client, const std::string& path,
                               const UploadProgress& told) {
  REEL_ASSIGN(const base::File file, base::File::OpenForReading(path));
  REEL_ASSIGN(const int64_t size_bytes, file.Size());
  REEL_ASSIGN(const Json upload, FindOrBegin(client, path, size_bytes));
  REEL_ASSIGN(const Plan plan, PlanOf(upload));
  const auto count = upload.at("part_count").get<double>();
  double there = count - static_cast<double>(plan.missing.size());
  std::vector<uint8_t> bytes(static_cast<size_t>(plan.part_bytes));
  for (const int number : plan.missing) {
    REEL_TRY(told(there / count));
    REEL_TRY_DOING(path, SendPart(client, file, plan, number, bytes));
    ++there;
  }
  REEL_TRY(
      client.Post("/v1/uploads/" + Encoded(plan.id) + "/complete", Json()));
  REEL_TRY(told(1));
  return plan.id;
}

void ForgetUpload(const ApiClient& client, const std::string& path) {
  std::error_code ignored;
  fs::remove(NoteOf(client, path), ignored);
}

}  // namespace reel::cli

#include <charconv>

#include "base/digest.h"
#include "base/file.h"
#include "service/api/fields.h"
#include "service/api/routes.h"

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using platform::Upload;

constexpr size_t kMaxNameBytes = 255;

Json UploadJson(const Upload& upload) {
  Json parts = Json::array();
  for (const auto& [number, digest] : upload.parts)
    parts.push_back({{"number", number}, {"sha256", digest}});
  return {{"id", upload.id},
          {"name", upload.name},
          {"size_bytes", upload.size_bytes},
          {"part_bytes", upload.part_bytes},
          {"part_count", upload.part_count()},
          {"parts", std::move(parts)},
          {"is_complete", upload.is_complete},
          {"source", upload.is_complete ? Json(upload.source) : Json()}};
}

Result<platform::UploadStore*> UploadsOf(const ApiBackend& backend) {
  if (backend.uploads != nullptr) return backend.uploads;
  return Fail(Code::kNotFound, "this service takes no files");
}

Result<Answer> BeginUpload(const ApiBackend& backend,
                           const ApiRequest& request) {
  REEL_ASSIGN(platform::UploadStore* const uploads, UploadsOf(backend));
  REEL_ASSIGN(const Json body, request.JsonBody());
  Fields fields(body);
  const std::string name = fields.Required("name", kMaxNameBytes);
  const int64_t size_bytes = fields.RequiredNumber("size_bytes", 1, INT64_MAX);
  REEL_TRY(fields.Done());
  REEL_ASSIGN(const Upload upload, uploads->Begin(name, size_bytes));
  Answer answer = JsonAnswer(UploadJson(upload), 201);
  answer.headers["Location"] = "/v1/uploads/" + upload.id;
  return answer;
}

Result<Answer> ShowUpload(const ApiBackend& backend,
                          const ApiRequest& request) {
  REEL_ASSIGN(platform::UploadStore* const uploads, UploadsOf(backend));
  REEL_ASSIGN(const Upload upload, uploads->Find(request.ids[0]));
  return JsonAnswer(UploadJson(upload));
}

Result<int> PartNumber(const std::string& text) {
  int number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return Fail(Code::kNotFound, "no part " + text);
  return number;
}

Result<Answer> PutPart(const ApiBackend& backend, const ApiRequest& request) {
  REEL_ASSIGN(platform::UploadStore* const uploads, UploadsOf(backend));
  REEL_ASSIGN(const int number, PartNumber(request.ids[1]));
  REEL_ASSIGN(const Upload upload, uploads->Find(request.ids[0]));
  REEL_ASSIGN(const std::string bytes, request.read_body(upload.part_bytes));
  const std::string digest = base::Sha256(bytes);
  if (request.Header("reel-sha256") != digest) {
    return Fail(Code::kInvalidArgument,
                "the part's SHA-256 is not what the header Reel-Sha256 says; "
                "send it again");
  }
  REEL_TRY(uploads->PutPart(upload.id, number, base::AsBytes(bytes), digest));
  return JsonAnswer({{"number", number}, {"sha256", digest}});
}

Result<Answer> CompleteUpload(const ApiBackend& backend,
                              const ApiRequest& request) {
  REEL_ASSIGN(platform::UploadStore* const uploads, UploadsOf(backend));
  REEL_ASSIGN(const Upload upload, uploads->Complete(request.ids[0]));
  return JsonAnswer(UploadJson(upload));
}

Result<Answer> AbandonUpload(const ApiBackend& backend,
                             const ApiRequest& request) {
  REEL_ASSIGN(platform::UploadStore* const uploads, UploadsOf(backend));
  REEL_TRY(uploads->Abandon(request.ids[0]));
  return Answer{.status = 204};
}

constexpr Route kRoutes[] = {
    {"POST", "/v1/uploads", Access::kOperator, BeginUpload},
    {"GET", "/v1/uploads/{upload}", Access::kOperator, ShowUpload},
    {"PUT", "/v1/uploads/{upload}/parts/{number}", Access::kOperator, PutPart,
     Load::kUpload},
    {"POST", "/v1/uploads/{upload}/complete", Access::kOperator,
     CompleteUpload},
    {"DELETE", "/v1/uploads/{upload}", Access::kOperator, AbandonUpload},
};

}  // namespace

std::span<const Route> UploadRoutes() { return kRoutes; }

}  // namespace reel::service::api

#include "platform/s3_upload_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "platform/secret.h"
#include "platform/sql_session.h"
#include "platform/store_place.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using soci::into;
using soci::session;
using soci::use;

// SOCI binds long long, which int64_t is not everywhere.
using Int = long long;  // NOLINT(google-runtime-int)

constexpr int64_t kMiB = 1 << 20;
constexpr int64_t kLeastPartBytes = 8 * kMiB;
constexpr int64_t kMostPartBytes = 64 * kMiB;
constexpr int64_t kMostParts = 10'000;
constexpr int kIdBytes = 12;

}  // namespace

Result<int64_t> UploadPartBytes(int64_t size_bytes) {
  if (size_bytes < 1 || size_bytes > kMostParts * kMostPartBytes) {
    return Fail(Code::kInvalidArgument,
                fmt::format("a file to upload has 1 to {} bytes; put a larger "
                            "one into the bucket by other means",
                            kMostParts * kMostPartBytes));
  }
  const int64_t least = (size_bytes + kMostParts - 1) / kMostParts;
  return std::max(kLeastPartBytes, (least + kMiB - 1) / kMiB * kMiB);
}

// An upload, and what S3 knows of it.
struct S3UploadStore::Row {
  Upload upload;
  std::string key;
  std::string multipart;         // the upload's id there
  std::vector<S3Part> s3_parts;  // in order
};

S3UploadStore::S3UploadStore(std::unique_ptr<SqlSession> session,
                             std::shared_ptr<S3Client> s3, std::string bucket,
                             std::string prefix, ClockMs clock)
    : session_(std::move(session)),
      s3_(std::move(s3)),
      bucket_(std::move(bucket)),
      prefix_(std::move(prefix)),
      clock_(std::move(clock)) {}

S3UploadStore::~S3UploadStore() = default;

Result<S3UploadStore::Row> S3UploadStore::FindRow(const std::string& id) {
  return session_->Read([&](session& sql) {
    Row row;
    Upload& upload = row.upload;
    Int size_bytes = 0, part_bytes = 0;
    int is_complete = 0;
    sql << "select name, size_bytes, part_bytes, object_key, object_upload,"
           " is_complete from uploads where id = :id",
        use(id), into(upload.name), into(size_bytes), into(part_bytes),
        into(row.key), into(row.multipart), into(is_complete);
    if (!sql.got_data())
      throw SqlAbort{{Code::kNotFound, fmt::format("no upload {}", id)}};
    upload.id = id;
    upload.size_bytes = size_bytes;
    upload.part_bytes = part_bytes;
    upload.is_complete = is_complete != 0;
    upload.source = fmt::format("s3://{}/{}", bucket_, row.key);
    int number = 0;
    std::string digest, etag;
    soci::statement statement =
        (sql.prepare << "select number, digest, etag from upload_parts"
                        " where upload_id = :id order by number",
         use(id), into(number), into(digest), into(etag));
    statement.execute();
    while (statement.fetch()) {
      upload.parts[number] = digest;
      row.s3_parts.push_back({number, etag});
    }
    return row;
  });
}

Result<Upload> S3UploadStore::Begin(const std::string& name,
                                    int64_t size_bytes) {
  REEL_ASSIGN(const int64_t part_bytes, UploadPartBytes(size_bytes));
  const std::string id = RandomHex(kIdBytes);
  std::string file = name;
  std::ranges::replace(file, '/', '_');
  const std::string key = fmt::format("{}uploads/{}/{}", prefix_, id, file);
  REEL_ASSIGN(const std::string multipart, s3_->BeginUpload(key));
  const Int size = size_bytes, part = part_bytes, now = clock_();
  const Status noted = session_->Write([&](session& sql) {
    sql << "insert into uploads(id, name, size_bytes, part_bytes, object_key,"
           " object_upload, created_ms, is_complete)"
           " values(:id, :name, :size, :part, :key, :upload, :now, 0)",
        use(id), use(name), use(size), use(part), use(key), use(multipart),
        use(now);
  });
  if (!noted) {
    // Nobody else knows of it.
    [[maybe_unused]] const Status ignored = s3_->AbortUpload(key, multipart);
    return tl::unexpected(noted.error());
  }
  return Find(id);
}

Result<Upload> S3UploadStore::Find(const std::string& id) {
  REEL_ASSIGN(Row row, FindRow(id));
  return std::move(row.upload);
}

Status S3UploadStore::PutPart(const std::string& id, int number,
                              std::span<const uint8_t> bytes,
                              const std::string& digest) {
  REEL_ASSIGN(const Row row, FindRow(id));
  const Upload& upload = row.upload;
  if (upload.is_complete)
    return Fail(Code::kConflict, fmt::format("upload {} is complete", id));
  const bool is_part = number >= 1 && number <= upload.part_count();
  const auto size_bytes = static_cast<int64_t>(bytes.size());
  if (!is_part || upload.BytesOfPart(number) != size_bytes) {
    return Fail(
        Code::kInvalidArgument,
        fmt::format("part {} of {} bytes: the upload has {} parts of {} "
                    "bytes, the last one of {}",
                    number, size_bytes, upload.part_count(), upload.part_bytes,
                    upload.BytesOfPart(upload.part_count())));
  }
  const HttpBody body = BodyOf(bytes);
  REEL_ASSIGN(const S3Part part,
              s3_->UploadPart(row.key, row.multipart, number, body, digest));
  return session_->Write([&](session& sql) {
    sql << "insert into upload_parts(upload_id, number, digest, etag)"
           " values(:id, :number, :digest, :etag)"
           " on conflict(upload_id, number) do update set"
           " digest = excluded.digest, etag = excluded.etag",
        use(id), use(number), use(digest), use(part.etag);
  });
}

Result<Upload> S3UploadStore::Complete(const std::string& id) {
  REEL_ASSIGN(Row row, FindRow(id));
  if (row.upload.is_complete) return std::move(row.upload);
  const size_t missing =
      static_cast<size_t>(row.upload.part_count()) - row.s3_parts.size();
  if (missing > 0) {
    return Fail(Code::kConflict,
                fmt::format("upload {}: {} parts are missing", id, missing));
  }
  REEL_TRY(s3_->CompleteUpload(row.key, row.multipart, row.s3_parts));
  REEL_TRY(session_->Write([&](session& sql) {
    sql << "update uploads set is_complete = 1 where id = :id", use(id);
  }));
  row.upload.is_complete = true;
  return std::move(row.upload);
}

Status S3UploadStore::Abandon(const std::string& id) {
  REEL_ASSIGN(const Row row, FindRow(id));
  if (!row.upload.is_complete)
    REEL_TRY(s3_->AbortUpload(row.key, row.multipart));
  return session_->Write([&](session& sql) {
    sql << "delete from upload_parts where upload_id = :id", use(id);
    sql << "delete from uploads where id = :id", use(id);
  });
}

Result<int> S3UploadStore::AbandonOlder(int64_t before_ms) {
  const Int before = before_ms;
  REEL_ASSIGN(const auto ids, session_->Read([&](session& sql) {
    std::vector<std::string> found;
    std::string id;
    soci::statement statement =
        (sql.prepare << "select id from uploads where is_complete = 0"
                        " and created_ms < :before order by id",
         use(before), into(id));
    statement.execute();
    while (statement.fetch()) found.push_back(id);
    return found;
  }));
  for (const std::string& id : ids) REEL_TRY(Abandon(id));
  return static_cast<int>(ids.size());
}

Result<std::unique_ptr<UploadStore>> OpenUploadStore(
    const std::string& jobs_url, const std::string& store_url,
    const Environment& environment) {
  REEL_ASSIGN(const StorePlace place, ParseStoreUrl(store_url));
  if (!place.directory.empty()) return std::unique_ptr<UploadStore>();
  REEL_ASSIGN(const S3Options s3, S3OptionsOf(place.bucket, environment));
  REEL_ASSIGN(auto session, SqlSession::OpenUrl(jobs_url));
  return std::make_unique<S3UploadStore>(
      std::move(session), std::make_shared<S3Client>(s3), place.bucket,
      place.prefix.empty() ? "" : place.prefix + "/");
}

}  // namespace reel::platform

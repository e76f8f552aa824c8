// Uploads as multipart uploads of an S3 bucket, noted in the state database.
#pragma once

#include <memory>
#include <string>

#include "platform/clock.h"
#include "platform/s3_client.h"
#include "platform/s3_url.h"
#include "platform/upload_store.h"

namespace reel::platform {

class SqlSession;

// Bytes of a part for a file of that size: few enough parts for S3 (10,000),
// small enough to be held in memory. Errors: kInvalidArgument if it is empty,
// or larger than 10,000 parts of 64 MiB (625 GiB).
base::Result<int64_t> UploadPartBytes(int64_t size_bytes);

class S3UploadStore : public UploadStore {
 public:
  // Keys are "PREFIXuploads/ID/NAME" of `bucket`, the one that `s3` is of.
  S3UploadStore(std::unique_ptr<SqlSession> session,
                std::shared_ptr<S3Client> s3, std::string bucket,
                std::string prefix, ClockMs clock = SystemClockMs);
  ~S3UploadStore() override;

  base::Result<Upload> Begin(const std::string& name,
                             int64_t size_bytes) override;
  base::Result<Upload> Find(const std::string& id) override;
  base::Status PutPart(const std::string& id, int number,
                       std::span<const uint8_t> bytes,
                       const std::string& digest) override;
  base::Result<Upload> Complete(const std::string& id) override;
  base::Status Abandon(const std::string& id) override;
  base::Result<int> AbandonOlder(int64_t before_ms) override;

 private:
  struct Row;
  base::Result<Row> FindRow(const std::string& id);

  std::unique_ptr<SqlSession> session_;
  std::shared_ptr<S3Client> s3_;
  const std::string bucket_, prefix_;
  const ClockMs clock_;
};

// On the tables of a fleet, in its store (open_stores.h); null where that is a
// directory. Errors: kInvalidArgument, and those of SqlSession's functions.
base::Result<std::unique_ptr<UploadStore>> OpenUploadStore(
    const std::string& jobs_url, const std::string& store_url,
    const Environment& environment = ProcessEnvironment);

}  // namespace reel::platform

// Uploads that are kept nowhere.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "platform/upload_store.h"

namespace reel::testing {

class MemoryUploads : public platform::UploadStore {
 public:
  explicit MemoryUploads(int64_t part_bytes) : part_bytes_(part_bytes) {}

  base::Result<platform::Upload> Begin(const std::string& name,
                                       int64_t size_bytes) override {
    const std::lock_guard lock(mu_);
    platform::Upload upload{.id = "u" + std::to_string(uploads_.size()),
                            .name = name,
                            .size_bytes = size_bytes,
                            .part_bytes = part_bytes_};
    return uploads_[upload.id] = upload;
  }
  base::Result<platform::Upload> Find(const std::string& id) override {
    const std::lock_guard lock(mu_);
    const auto found = uploads_.find(id);
    if (found == uploads_.end())
      return base::Fail(base::Code::kNotFound, "no upload " + id);
    return found->second;
  }
  base::Status PutPart(const std::string& id, int number,
                       std::span<const uint8_t> bytes,
                       const std::string& digest) override {
    REEL_ASSIGN(const platform::Upload upload, Find(id));
    if (upload.is_complete)
      return base::Fail(base::Code::kConflict, "it is complete");
    if (number < 1 || number > upload.part_count() ||
        upload.BytesOfPart(number) != static_cast<int64_t>(bytes.size()))
      return base::Fail(base::Code::kInvalidArgument, "no such part");
    const std::lock_guard lock(mu_);
    if (number == failing_part_)
      return base::Fail(base::Code::kConflict, "it fails as it should");
    ++puts_;
    uploads_[id].parts[number] = digest;
    bytes_[id][number].assign(bytes.begin(), bytes.end());
    return {};
  }
  base::Result<platform::Upload> Complete(const std::string& id) override {
    REEL_ASSIGN(const platform::Upload upload, Find(id));
    if (static_cast<int>(upload.parts.size()) < upload.part_count())
      return base::Fail(base::Code::kConflict, "parts are missing");
    const std::lock_guard lock(mu_);
    uploads_[id].is_complete = true;
    uploads_[id].source = "s3://memory/" + id + "/" + upload.name;
    return uploads_[id];
  }
  base::Status Abandon(const std::string& id) override {
    REEL_TRY(Find(id));
    const std::lock_guard lock(mu_);
    uploads_.erase(id);
    return {};
  }

  base::Result<int> AbandonOlder(int64_t) override { return 0; }

  // From now on that part is refused; 0: none is.
  void FailAtPart(int number) {
    const std::lock_guard lock(mu_);
    failing_part_ = number;
  }
  // Parts that have come, of all uploads.
  int puts() {
    const std::lock_guard lock(mu_);
    return puts_;
  }
  // All that has come of an upload.
  std::string BytesOf(const std::string& id) {
    const std::lock_guard lock(mu_);
    std::string all;
    for (const auto& [number, bytes] : bytes_[id]) all += bytes;
    return all;
  }

 private:
  const int64_t part_bytes_;
  std::mutex mu_;  // all below
  int failing_part_ = 0;
  int puts_ = 0;
  std::map<std::string, platform::Upload> uploads_;
  std::map<std::string, std::map<int, std::string>> bytes_;
};

}  // namespace reel::testing

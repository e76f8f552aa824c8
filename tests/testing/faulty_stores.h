// The three seams with one call that fails, for trying a failure everywhere.
#pragma once

#include <memory>
#include <utility>

#include "platform/state_directory.h"

namespace reel::testing {

// Either the call does not happen, or it does and its answer is lost.
enum class Loses { kCall, kAnswer };

struct Fault {
  int failing_call = -1;  // counted from 0 over all three; -1 for none
  Loses loses = Loses::kCall;
  int calls = 0;

  template <typename Call>
  auto Through(Call call) -> decltype(call()) {
    if (calls++ != failing_call) return call();
    if (loses == Loses::kAnswer) (void)call();
    return base::Fail(base::Code::kUnavailable, "as the test wants");
  }
};

class FaultyObjectStore : public platform::ObjectStore {
 public:
  using Object = platform::Object;
  FaultyObjectStore(std::unique_ptr<platform::ObjectStore> store, Fault& fault)
      : store_(std::move(store)), fault_(&fault) {}
  base::Result<Object> PutFile(const std::string& path,
                               platform::PutFrom from) override {
    return fault_->Through([&] { return store_->PutFile(path, from); });
  }
  base::Result<Object> PutBytes(std::span<const uint8_t> bytes) override {
    return fault_->Through([&] { return store_->PutBytes(bytes); });
  }
  base::Result<Object> Compose(std::span<const std::string> digests) override {
    return fault_->Through([&] { return store_->Compose(digests); });
  }
  base::Result<bool> Exists(const std::string& digest) override {
    return fault_->Through([&] { return store_->Exists(digest); });
  }
  base::Result<std::vector<uint8_t>> Get(const std::string& digest,
                                         int64_t max_bytes) override {
    return fault_->Through([&] { return store_->Get(digest, max_bytes); });
  }
  base::Result<std::vector<uint8_t>> GetRange(const std::string& digest,
                                              int64_t offset,
                                              int64_t size_bytes) override {
    return fault_->Through(
        [&] { return store_->GetRange(digest, offset, size_bytes); });
  }
  base::Result<platform::LocalObject> Fetch(
      const std::string& digest) override {
    return fault_->Through([&] { return store_->Fetch(digest); });
  }
  base::Result<std::vector<Object>> List(const std::string& after,
                                         int limit) override {
    return fault_->Through([&] { return store_->List(after, limit); });
  }
  base::Status Delete(const std::string& digest) override {
    return fault_->Through([&] { return store_->Delete(digest); });
  }

 private:
  std::unique_ptr<platform::ObjectStore> store_;
  Fault* fault_;
};

class FaultyTaskQueue : public platform::TaskQueue {
 public:
  using Lease = platform::Lease;
  using Duration = std::chrono::milliseconds;
  FaultyTaskQueue(std::unique_ptr<platform::TaskQueue> queue, Fault& fault)
      : queue_(std::move(queue)), fault_(&fault) {}
  base::Status Publish(std::span<const platform::QueuedTask> tasks) override {
    return fault_->Through([&] { return queue_->Publish(tasks); });
  }
  base::Result<std::optional<Lease>> Pull(std::span<const std::string> services,
                                          Duration duration) override {
    return fault_->Through([&] { return queue_->Pull(services, duration); });
  }
  base::Result<std::vector<platform::Lease>> PullSome(
      std::span<const std::string> services, int least_priority, int limit,
      std::chrono::milliseconds duration) override {
    return fault_->Through([&] {
      return queue_->PullSome(services, least_priority, limit, duration);
    });
  }
  base::Result<std::vector<platform::ServiceDepth>> Depths() override {
    return fault_->Through([&] { return queue_->Depths(); });
  }
  base::Status Extend(const Lease& lease, Duration duration) override {
    return fault_->Through([&] { return queue_->Extend(lease, duration); });
  }
  base::Status Ack(const Lease& lease) override {
    return fault_->Through([&] { return queue_->Ack(lease); });
  }
  base::Status Nak(const Lease& lease, Duration delay) override {
    return fault_->Through([&] { return queue_->Nak(lease, delay); });
  }
  base::Result<platform::QueueDepth> Depth() override {
    return fault_->Through([&] { return queue_->Depth(); });
  }
  base::Result<std::vector<platform::DeadLetter>> DeadLetters(
      int limit) override {
    return fault_->Through([&] { return queue_->DeadLetters(limit); });
  }
  base::Status Discard(const platform::DeadLetter& letter) override {
    return fault_->Through([&] { return queue_->Discard(letter); });
  }

 private:
  std::unique_ptr<platform::TaskQueue> queue_;
  Fault* fault_;
};

class FaultyJobStore : public platform::JobStore {
 public:
  using TaskRecord = platform::TaskRecord;
  using Usage = platform::Usage;
  FaultyJobStore(std::unique_ptr<platform::JobStore> jobs, Fault& fault)
      : jobs_(std::move(jobs)), fault_(&fault) {}
  base::Status OpenJob(const std::string& id,
                       const std::string& title) override {
    return fault_->Through([&] { return jobs_->OpenJob(id, title); });
  }
  base::Status CloseJob(const std::string& id, platform::JobEvent how,
                        const std::optional<base::Error>& error) override {
    return fault_->Through([&] { return jobs_->CloseJob(id, how, error); });
  }
  base::Result<std::optional<platform::JobRecord>> FindJob(
      const std::string& id) override {
    return fault_->Through([&] { return jobs_->FindJob(id); });
  }
  base::Result<std::optional<TaskRecord>> FindTask(
      const std::string& id) override {
    return fault_->Through([&] { return jobs_->FindTask(id); });
  }
  base::Status Want(std::span<const TaskRecord> tasks) override {
    return fault_->Through([&] { return jobs_->Want(tasks); });
  }
  base::Result<TaskRecord> Start(const std::string& task_id,
                                 const std::string& worker) override {
    return fault_->Through([&] { return jobs_->Start(task_id, worker); });
  }
  base::Status Progress(const std::string& task_id, int64_t fence,
                        double fraction) override {
    return fault_->Through(
        [&] { return jobs_->Progress(task_id, fence, fraction); });
  }
  base::Status Complete(const std::string& task_id, int64_t fence,
                        const platform::Artifacts& artifacts,
                        std::span<const platform::PartRecord> parts,
                        const Usage& usage) override {
    return fault_->Through([&] {
      return jobs_->Complete(task_id, fence, artifacts, parts, usage);
    });
  }
  base::Status Fail(const std::string& task_id, int64_t fence,
                    platform::AfterFailure after, const base::Error& error,
                    const Usage& usage) override {
    return fault_->Through(
        [&] { return jobs_->Fail(task_id, fence, after, error, usage); });
  }
  base::Result<int> Forget(const std::string& digest) override {
    return fault_->Through([&] { return jobs_->Forget(digest); });
  }
  base::Status ReleaseAll() override {
    return fault_->Through([&] { return jobs_->ReleaseAll(); });
  }
  base::Result<std::optional<TaskRecord>> RunningOn(
      const std::string& worker) override {
    return fault_->Through([&] { return jobs_->RunningOn(worker); });
  }
  base::Result<Mark> Now() override {
    return fault_->Through([&] { return jobs_->Now(); });
  }
  base::Result<Changes> ChangedSince(int64_t change) override {
    return fault_->Through([&] { return jobs_->ChangedSince(change); });
  }
  base::Result<std::vector<platform::Attempt>> AttemptsSince(
      int64_t sequence) override {
    return fault_->Through([&] { return jobs_->AttemptsSince(sequence); });
  }

 private:
  std::unique_ptr<platform::JobStore> jobs_;
  Fault* fault_;
};

// `fault` outlives the platform.
inline platform::Platform MakeFaulty(platform::Platform platform,
                                     Fault& fault) {
  return {
      std::make_unique<FaultyObjectStore>(std::move(platform.objects), fault),
      std::make_unique<FaultyTaskQueue>(std::move(platform.queue), fault),
      std::make_unique<FaultyJobStore>(std::move(platform.jobs), fault)};
}

}  // namespace reel::testing

// Sweeps a fleet's store: what no job needs goes.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "platform/clock.h"
#include "platform/job_board.h"
#include "platform/needs.h"
#include "platform/stored_files.h"
#include "platform/upload_store.h"

namespace reel::service {

struct GarbageLimits {
  // What ended jobs have made on the way stays for so long: the same work, or
  // a part of it, may be wanted again.
  std::chrono::milliseconds keep = std::chrono::hours(7 * 24);
  // What nobody names is let alone for so long: it may be on its way, written
  // before it is reported.
  std::chrono::milliseconds grace = std::chrono::hours(24);
};

struct Swept {
  int64_t files = 0;
  int64_t bytes = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Swept, files, bytes)

struct Garbage {
  Swept objects;  // artifacts
  Swept titles;   // files of titles whose jobs failed or were cancelled
  Swept uploads;  // sources that came through the API
  int64_t unfinished = 0;  // writes that never ended
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Garbage, objects, titles, uploads,
                                   unfinished)

// Whether an artifact of that age goes. Pure.
bool IsGarbage(platform::Need need, std::chrono::milliseconds age,
               const GarbageLimits& limits);

// May run at any time, beside the fleet and beside itself, and be killed
// anywhere: what goes is first forgotten in the database, so that it is made
// again when it is wanted; a file that is wanted in that very moment is found
// missing, and made again likewise. Reads a page of names at a time.
class GarbageCollector {
 public:
  struct Seams {  // all outlive it
    platform::StoredFiles& files;
    platform::Needs& needs;
    platform::JobBoard& board;
    platform::UploadStore* uploads = nullptr;  // null: there are none
  };
  GarbageCollector(Seams seams, GarbageLimits limits,
                   platform::ClockMs clock = platform::SystemClockMs)
      : seams_(seams), limits_(limits), clock_(std::move(clock)) {}

  // Errors: those of the seams; what is done is done.
  //   only_look  removes nothing, and does not count writes that never ended
  base::Result<Garbage> Collect(bool only_look);

 private:
  using Files = std::vector<platform::StoredFile>;
  // Which files of a page go.
  using Choose = std::function<base::Result<Files>(Files)>;
  base::Status Sweep(const std::string& folder, const Choose& choose,
                     Swept& swept);
  base::Result<Files> OldObjects(const Files& files);
  base::Result<Files> OldTitles(const Files& files);
  base::Result<Files> OldUploads(const Files& files);
  base::Result<bool> TitleMayGo(const std::string& job_id);
  // Before files go: what is forgotten is made again, what is only missing is
  // looked for first. Those that nobody has begun to need meanwhile.
  base::Result<Files> Forget(const std::string& folder, Files files);
  std::chrono::milliseconds AgeOf(const platform::StoredFile& file) const;
  int64_t EndedBefore() const;

  Seams seams_;
  GarbageLimits limits_;
  platform::ClockMs clock_;
  bool only_look_ = false;
};

}  // namespace reel::service

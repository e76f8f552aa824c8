#include "platform/state_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "platform/directory_store.h"
#include "platform/sql_job_store.h"
#include "platform/sqlite_queue.h"

namespace reel::platform {

using base::Code;
using base::Fail;
using base::Result;

StatePaths::StatePaths(const std::string& directory)
    : lock(directory + "/lock"),
      database(directory + "/state.db"),
      objects(directory + "/objects"),
      temporary(directory + "/tmp"),
      logs(directory + "/logs") {}

Result<Platform> OpenStateDirectory(const std::string& directory) {
  const StatePaths paths(directory);
  Platform platform;
  REEL_TRY(base::MakeDirectories(paths.logs));
  REEL_ASSIGN(platform.objects,
              DirectoryStore::Open(paths.objects, paths.temporary));
  REEL_ASSIGN(platform.queue, OpenSqliteQueue(paths.database));
  REEL_ASSIGN(platform.jobs, OpenSqliteJobStore(paths.database));
  return platform;
}

Result<StateLock> StateLock::Take(const std::string& directory) {
  REEL_TRY(base::MakeDirectories(directory));
  const std::string path = StatePaths(directory).lock;
  // The lock is on the file, not its presence: it is made once and stays.
  if (auto made = base::File::Create(path);
      !made && made.error().code != Code::kConflict) {
    return tl::unexpected(made.error());
  }
  REEL_ASSIGN(base::File file, base::File::OpenForReading(path));
  if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) == 0) {
    return StateLock(std::move(file));
  }
  if (errno != EWOULDBLOCK) {
    return tl::unexpected(base::FromErrno(errno, "lock " + path));
  }
  return Fail(Code::kConflict,
              fmt::format("{} is in use by another reel process: wait for it, "
                          "or give another directory",
                          directory));
}

}  // namespace reel::platform

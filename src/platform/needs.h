// What the jobs of a fleet still need of its store.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "base/result.h"

namespace reel::platform {

enum class Need {
  kNone,  // no task has made it, as far as is recorded
  kPast,  // of jobs that have ended before the time that was asked for
  kNow,
};

// Safe from several threads and processes; each call is one transaction.
// Errors of every call: those of SqlSession.
class Needs {
 public:
  virtual ~Needs() = default;

  // Of artifacts by their digests.
  virtual base::Result<std::map<std::string, Need>> OfArtifacts(
      std::span<const std::string> digests, int64_t ended_before_ms) = 0;
  // Those that are sources of jobs which are open, or have failed and may be
  // tried again, or have ended since then.
  virtual base::Result<std::set<std::string>> OfSources(
      std::span<const std::string> urls, int64_t ended_before_ms) = 0;
  // Tasks that made these, and that kNow does not hold for, are to be done
  // again when next wanted; whoever begins to need one in this moment sees
  // that. The digests that somebody names still: they stay.
  virtual base::Result<std::set<std::string>> Forget(
      std::span<const std::string> digests, int64_t ended_before_ms) = 0;
};

//   url  of the database, see SqlSession::OpenUrl
base::Result<std::unique_ptr<Needs>> OpenNeeds(const std::string& url);

}  // namespace reel::platform

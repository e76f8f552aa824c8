// Jobs, tasks and attempts in an SQL database, through SOCI.
#pragma once

#include <memory>
#include <string>

#include "platform/job_store.h"

namespace reel::platform {

// Errors: those of the seam; kInvalidArgument (not writable), kCorruptInput
// (not a database), kUnsupported (of a newer version).
base::Result<std::unique_ptr<JobStore>> OpenSqliteJobStore(
    const std::string& path);

// The same on a PostgreSQL server (SqlSession::OpenPostgres). Changes are told
// once every transaction that began before them has ended: a long one of
// somebody else that writes to the same server delays them.
base::Result<std::unique_ptr<JobStore>> OpenPostgresJobStore(
    const std::string& url);

// The one or the other, by what the name looks like (SqlSession::OpenUrl).
base::Result<std::unique_ptr<JobStore>> OpenJobStore(const std::string& url);

}  // namespace reel::platform

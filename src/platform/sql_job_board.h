// The board of jobs and the ledger of tasks in an SQL database, through SOCI.
#pragma once

#include <memory>
#include <string>

#include "platform/clock.h"
#include "platform/job_board.h"
#include "platform/task_ledger.h"

namespace reel::platform {

// Of the tables of a fleet: "postgresql://…" (SqlSession::OpenPostgres), or a
// file's path for SQLite. Leases are judged by `clock`: clocks of all who share
// the tables have to agree within some seconds.
// Errors: those of SqlSession's functions.
base::Result<std::unique_ptr<JobBoard>> OpenJobBoard(
    const std::string& url, ClockMs clock = SystemClockMs);
base::Result<std::unique_ptr<TaskLedger>> OpenTaskLedger(
    const std::string& url, ClockMs clock = SystemClockMs);

}  // namespace reel::platform

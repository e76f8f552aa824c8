// Taking in a master: its identity is the digest of its bytes.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "workflow/task_io.h"

namespace reel::workflow {

// Reads the file once and takes its SHA-256. The result is remembered in
// `state_directory` (sources.json) by path, size and time of last change, so
// that a resumed job need not read a large master again.
//   progress  gets the fraction read, 0..1, and stops the reading with
//             kCancelled by returning false
// Errors: those of DescribeExternal; kIo; kCancelled.
base::Result<Input> IngestFile(const std::string& path,
                               const std::string& state_directory,
                               const std::function<bool(double)>& progress);

}  // namespace reel::workflow

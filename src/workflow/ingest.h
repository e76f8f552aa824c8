// Taking in a master: its identity is the digest of its bytes.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "workflow/task_io.h"

namespace reel::workflow {

// Reads the file once, without a copy on the disk, and takes its SHA-256.
//   file      as described before; it is described again afterwards
//   progress  gets the fraction read, 0..1, and stops the reading with
//             kCancelled by returning false
// Errors: those of CheckUnchanged and of reading; kCancelled.
base::Result<std::string> HashSource(
    const ExternalFile& file, const std::function<bool(double)>& progress);

// A file or a remote source, hashed. The result is remembered in
// `state_directory` (sources.json) by place, size, time of last change and
// version, so that a resumed job need not read a large master again.
//   progress  as of HashSource
// Errors: those of DescribeExternal and HashSource.
base::Result<Input> IngestFile(const std::string& path,
                               const std::string& state_directory,
                               const std::function<bool(double)>& progress);

}  // namespace reel::workflow

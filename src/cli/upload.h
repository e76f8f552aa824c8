// Sends a local file to the service, in parts; goes on where an earlier run
// ended.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "cli/api_client.h"

namespace reel::cli {

// The id of the complete upload.
//   told  is called with the fraction that is there, 0 .. 1
// Errors: those of the file and of the client.
base::Result<std::string> UploadFile(ApiClient& client, const std::string& path,
                                     const std::function<void(double)>& told);

// Once a job has it: the same file sent again is a new upload.
void ForgetUpload(const ApiClient& client, const std::string& path);

}  // namespace reel::cli

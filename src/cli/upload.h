// Sends a local file to the service, in parts; goes on where an earlier run
// ended.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "cli/api_client.h"

namespace reel::cli {

using UploadProgress = std::function<base::Status(double)>;

// The id of the complete upload.
//   told  is called with the fraction that is there, 0 .. 1; its error ends it
// Errors: those of the file, of the client and of `told`.
base::Result<std::string> UploadFile(ApiClient& client, const std::string& path,
                                     const UploadProgress& told);

// Once a job has it: the same file sent again is a new upload.
void ForgetUpload(const ApiClient& client, const std::string& path);

}  // namespace reel::cli

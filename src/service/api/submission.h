// What a client asks for, read and checked.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "platform/job_board.h"
#include "service/api/backend.h"
#include "service/api/request.h"

namespace reel::service::api {

// The job of a POST to /v1/jobs: source or upload, title, recipe or
// recipe_toml, priority, deadline, webhook; its key, its trace (W3C Trace
// Context: of the client's, or a new one), and who submits it.
// Errors: kInvalidArgument, naming the member; those of UploadStore::Find.
base::Result<platform::NewJob> ReadSubmission(const ApiRequest& request,
                                              const ApiBackend& backend);

// The question of a POST to /v1/estimate: source or upload, recipe or
// recipe_toml. Errors: as above.
base::Result<EstimateQuestion> ReadEstimateQuestion(const ApiRequest& request,
                                                    const ApiBackend& backend);

}  // namespace reel::service::api

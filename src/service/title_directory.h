// The directory of a finished title, as DESIGN and docs/cli.md lay it out.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "model/report.h"
#include "platform/object_store.h"

namespace reel::service {

// Makes `files` (path in the directory → object) the title's content: old
// manifests go first, then media and thumbnails come (hard links to the store
// where the file system allows), then what no longer belongs there goes, and
// manifests appear last. So there never is a manifest without the media that
// it describes, whenever this is interrupted.
// Errors: those of the store and the file system.
base::Status PublishTitle(const std::map<std::string, platform::Object>& files,
                          platform::ObjectStore& objects,
                          const std::string& directory);

}  // namespace reel::service

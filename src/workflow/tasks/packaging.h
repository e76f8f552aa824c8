// Packaging as a task.
#pragma once

#include "workflow/task.h"

namespace reel::workflow::tasks {

// In: scan, frames, timeline, packets (as scanned); video/000000 … and
// audio/000000 … (facts of the joined tracks), thumbnails/000000 … of the
// pieces. Out: the title's small files by their path in its directory:
// master.m3u8, manifest.mpd, video/….m3u8, thumbnails/…
struct PackageParams {};
void to_json(base::Json& json, const PackageParams& params);
void from_json(const base::Json& json, PackageParams& params);
extern const TaskKind<PackageParams> kPackage;

}  // namespace reel::workflow::tasks

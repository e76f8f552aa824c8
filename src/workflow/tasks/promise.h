// Whether finished renditions look as they were meant to: what the report says
// of quality.
#pragma once

#include <vector>

#include "model/frames.h"
#include "model/recipe.h"
#include "model/report.h"
#include "model/shot.h"
#include "workflow/tasks/video_graph.h"

namespace reel::workflow::tasks {

// Findings, of measured renditions, all of them warnings or less:
//   quality-below-target  a chunk is further below its target than the recipe
//                         tolerates, or than any shot may be; and why
//   seam-dip              near the seam of two chunks, quality is more than
//                         kMostSeamDip below that of the chunk's inside; of
//                         each seam the rendition where it is most
// Pure.
model::ReportQuality DescribePromise(const std::vector<model::Chunk>& chunks,
                                     const std::vector<Rendition>& renditions,
                                     const model::Timeline& timeline,
                                     const model::Recipe& recipe);

inline constexpr double kMostSeamDip = 2;  // VMAF
inline constexpr size_t kSeamFrames = 12;  // on either side

}  // namespace reel::workflow::tasks

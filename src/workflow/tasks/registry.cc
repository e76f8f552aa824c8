#include "workflow/tasks/registry.h"

#include "workflow/tasks/assembly.h"
#include "workflow/tasks/encoding.h"
#include "workflow/tasks/hash_source.h"
#include "workflow/tasks/inspection.h"
#include "workflow/tasks/packaging.h"
#include "workflow/tasks/planning.h"
#include "workflow/tasks/probing.h"
#include "workflow/tasks/scoring.h"
#include "workflow/tasks/stills.h"

namespace reel::workflow::tasks {

TaskRegistry AllTasks() {
  return TaskRegistry(
      {Erase(kHashSource), Erase(kScan), Erase(kInspectPiece),
       Erase(kInspectSound), Erase(kConclude), Erase(kStills), Erase(kPlan),
       Erase(kProbe), Erase(kDesign), Erase(kEncodeChunk), Erase(kScoreChunk),
       Erase(kEncodeAudio), Erase(kJoinVideo), Erase(kJoinAudio),
       Erase(kValidatePiece), Erase(kValidate), Erase(kPackage)});
}

}  // namespace reel::workflow::tasks

// The pictures' part of a title's graph: from a plan to joined renditions.
//
//   fixed     encode all chunks → score them, where the recipe says so → join
//   searched  probe each chunk → design
//             → encode anchor rungs, score them, design again: once, or rung by
//               rung (ladder::NextAnchors)
//             → encode the rest and score
//             → gate: encode again what breaks its promise → join
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ladder/ladder.h"
#include "model/encoded.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/probe.h"
#include "model/recipe.h"
#include "model/shot.h"
#include "workflow/graph.h"

namespace reel::workflow::tasks {

struct VideoPlan {
  std::map<std::string, Input> reading;      // inputs of tasks that read frames
  platform::Object rungs, chunks, timeline;  // artifacts of the three below
  const std::vector<model::Rung>* sizes = nullptr;
  const std::vector<model::Chunk>* chunk_list = nullptr;
  const std::vector<model::FrameRange>* windows = nullptr;  // [chunks] to probe
  const model::Timeline* times = nullptr;
};

struct Rendition {
  model::Rung rung;
  const platform::Artifacts* joined = nullptr;
  model::VideoTrackFile track = {};
  std::vector<model::ChunkResult> chunks = {};  // [chunks]
  std::vector<double> vmaf = {};                // [frames]; empty: not measured
  std::vector<double> psnr = {};                // likewise
};

// What was encoded for the ladder, and what of it was kept: pixels, and frames
// that were scored. An encode that serves two rungs is made once.
struct VideoWork {
  double made_pixels = 0;
  double kept_pixels = 0;
  double scored_frames = 0;
  double kept_frames = 0;
};

// What is known so far. A member is set once its tasks are finished.
struct VideoResults {
  std::vector<model::ChunkProbes> probes;  // [chunks], of a searched ladder
  std::vector<model::TitlePoint> points;
  std::optional<model::Ladder> ladder;
  VideoWork work;
  std::vector<Rendition> renditions;  // of all rungs, once all are joined
};

// One evaluation. One thread, as its Plan.
class VideoGraph {
 public:
  // All outlive this.
  VideoGraph(const model::Recipe& recipe, const VideoPlan& video, Plan& plan);

  // The ladder that analysis alone gives; results().ladder is set when it is
  // there.
  base::Status WantLadder();
  // All the rest too; results().renditions is filled when they are there.
  base::Status WantRenditions();
  const VideoResults& results() const { return results_; }

 private:
  // Codings of one chunk, and what became of them; nullptr: not done yet.
  struct Encodes {
    std::vector<model::Rung> codings;
    std::vector<const platform::Artifacts*> made;
    std::vector<const platform::Artifacts*> scored;
    bool complete = false;
  };
  // One encode made for one chunk of one rung.
  struct Try {
    model::Rung coding;
    model::MeasuredChunk measured;
    const platform::Artifacts* made = nullptr;
    const platform::Artifacts* scored = nullptr;
  };
  using Tries = std::vector<std::vector<Try>>;  // [rungs][in their order]

  bool IsSearched() const { return recipe_.mode != "fixed"; }
  TaskSpec ProbeSpec(size_t chunk) const;
  TaskSpec EncodeSpec(size_t chunk, std::vector<model::Rung> codings) const;
  TaskSpec ScoreSpec(size_t chunk, const Encodes& encodes,
                     const std::vector<size_t>& which) const;
  base::Status WantProbes();
  // With what was measured of anchors: [chunks], or none yet.
  //   settled  rungs that stay
  base::Result<const model::Ladder*> WantDesign(
      const std::vector<Encodes>& anchors, const model::Ladder& settled);
  Encodes WantEncodes(size_t chunk, std::vector<model::Rung> codings);
  void WantMade(size_t chunk, Encodes& encodes);
  void WantScored(size_t chunk, Encodes& encodes);
  // Adds encodes of those rungs, of all chunks; false while some are not done.
  base::Result<bool> WantAnchors(const std::vector<size_t>& rungs,
                                 std::vector<Encodes>& anchors);
  // Rounds of anchors and designs until the ladder is final.
  base::Result<bool> WantFinalLadder(std::vector<Encodes>& anchors);
  // Encodes of one chunk until each keeps its promise or may not be tried
  // again; nothing while some are not done.
  base::Result<std::optional<Tries>> WantChunk(size_t chunk,
                                               const model::Ladder& ladder);
  base::Result<model::MeasuredChunk> Measured(const Encodes& encodes,
                                              size_t index);
  void CountWork(const std::vector<Encodes>& anchors,
                 const std::vector<Tries>& chunks);
  base::Status Join(const model::Ladder& ladder,
                    const std::vector<Tries>& chunks);

  const model::Recipe& recipe_;
  const VideoPlan& video_;
  Plan& plan_;
  std::vector<int64_t> first_segments_;  // [chunks] their numbers in the title
  // [chunks]; nullptr: the task failed, and the search does without.
  std::vector<const platform::Artifacts*> probes_;
  std::vector<model::MeasuredChunk> known_;  // anchors, of all chunks
  VideoResults results_;
};

}  // namespace reel::workflow::tasks

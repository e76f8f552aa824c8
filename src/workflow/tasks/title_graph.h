// The graph of one title: from its master to manifests.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/complexity.h"
#include "model/delivery_spec.h"
#include "model/encoded.h"
#include "model/finding.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/recipe.h"
#include "model/report.h"
#include "model/shot.h"
#include "model/source.h"
#include "workflow/graph.h"
#include "workflow/tasks/video_graph.h"

namespace reel::workflow::tasks {

// What inspection left, for those who draw what it measured: objects of the
// store. The scan's are known first; a file that it rejects has no others.
struct InspectionObjects {
  std::optional<platform::Object> scan;        // ScanFacts
  std::optional<platform::Object> packets;     // model::PacketIndex
  std::optional<platform::Object> frames;      // model::FrameTable
  std::optional<platform::Object> features;    // shots::Features
  std::optional<platform::Object> complexity;  // shots::ComplexityTable
  std::vector<platform::Object> thumbnails;    // package::Thumbnails, of pieces
  std::vector<platform::Object> sounds;        // inspect::SoundFacts, of tracks
};

// What is known of the title so far. A member is set once its task is finished.
struct TitleResults {
  std::optional<model::Source> source;
  std::optional<model::InspectionReport> inspection;
  InspectionObjects measured;
  std::optional<model::Timeline> timeline;
  std::optional<model::Shots> shots;
  std::vector<model::ShotComplexity> complexity;  // [shots]
  std::optional<std::vector<model::Chunk>> chunks;
  std::vector<model::TitlePoint> points;  // of a searched ladder
  VideoWork work;
  std::optional<model::Ladder> ladder;
  std::vector<Rendition> video;  // all rungs, or none yet
  std::vector<model::AudioTrackFile> audio;
  std::optional<model::ValidationReport> validation;
  // All files of the finished title by their path in its directory, once
  // everything is done; empty before.
  std::map<std::string, platform::Object> files;
};

// What rejects the source, as an error: kRejected with the first reason.
base::Error RejectionError(const model::InspectionReport& report);

// kLadder: the ladder that analysis alone gives, and nothing encoded for good.
// kRenditions: all of it, to be compared; no sound, nothing packaged.
enum class Goal { kInspect, kLadder, kRenditions, kEncode };

// One thread, as its Plan.
class TitleGraph : public Graph {
 public:
  //   source  the master; its digest and where it is
  //   recipe  its limits of inspection; the rest for Goal::kEncode
  //   spec    what the source must be; name "" for none
  TitleGraph(Input source, model::Recipe recipe, Goal goal,
             model::DeliverySpec spec = {});

  // Errors: kRejected when inspection rejects the source, kOutputWrong when
  // validation fails: results() says why.
  base::Status Expand(Plan& plan) override;
  const TitleResults& results() const { return results_; }

 private:
  struct Pieces;
  struct Inspected;
  struct Planned;

  // Each step returns nothing where something is still to be done.
  template <typename T>
  using Step = base::Result<std::optional<T>>;

  Step<Pieces> WantPieces(Plan& plan);
  Step<std::vector<const platform::Artifacts*>> WantSounds(
      Plan& plan, const platform::Artifacts& scan);
  Step<Inspected> WantInspection(Plan& plan);
  void NoteMeasured(const Pieces& pieces);
  Step<Planned> WantPlan(Plan& plan, const Inspected& inspected);
  VideoPlan PlanVideo(const Inspected& inspected, const Planned& planned) const;
  void Note(const VideoResults& video);
  base::Status WantLadder(Plan& plan, const Inspected& inspected,
                          const Planned& planned);
  // Whether all renditions are joined.
  base::Result<bool> WantVideo(Plan& plan, const Inspected& inspected,
                               const Planned& planned);
  Step<std::vector<const platform::Artifacts*>> WantAudio(
      Plan& plan, const Inspected& inspected, const Planned& planned);
  base::Result<bool> WantValidation(Plan& plan, const Inspected& inspected,
                                    const Planned& planned);
  const platform::Artifacts* WantPackage(
      Plan& plan, const Inspected& inspected,
      const std::vector<const platform::Artifacts*>& audio);

  Input source_;
  model::Recipe recipe_;
  Goal goal_;
  model::DeliverySpec spec_;
  TitleResults results_;
};

}  // namespace reel::workflow::tasks

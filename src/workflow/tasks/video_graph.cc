#include "workflow/tasks/video_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "encode/encode.h"
#include "ladder/ladder.h"
#include "workflow/tasks/assembly.h"
#include "workflow/tasks/encoding.h"
#include "workflow/tasks/inspection.h"
#include "workflow/tasks/probing.h"
#include "workflow/tasks/scoring.h"

namespace reel::workflow::tasks {
namespace {

using model::Rung;
using platform::Artifacts;

double Pixels(const std::vector<Rung>& rungs) {
  double sum = 0;
  for (const Rung& rung : rungs) sum += 1.0 * rung.width * rung.height;
  return sum;
}

// Equal wishes once; largest first, so that they group well.
std::vector<Rung> Unique(std::vector<Rung> codings) {
  std::ranges::sort(codings, [](const Rung& a, const Rung& b) {
    const auto key = [](const Rung& r) {
      return std::tuple(-r.width * int64_t{r.height}, r.crf, r.id);
    };
    return key(a) < key(b);
  });
  const auto same = std::ranges::unique(codings, {}, &Rung::id);
  codings.erase(same.begin(), same.end());
  return codings;
}

// Of probes, if all are made: a draft is a third of the work of a real encode.
double ProbeWork(const ladder::ProbePlan& plan, int64_t frames) {
  double pixels = 0;
  for (const auto& round : plan.rounds) {
    for (const ladder::PlannedProbe& probe : round) {
      pixels += 1.0 * probe.rung.width * probe.rung.height *
                (probe.draft ? 0.35 : 1.0);
    }
  }
  return pixels * static_cast<double>(frames);
}

}  // namespace

VideoGraph::VideoGraph(const model::Recipe& recipe, const VideoPlan& video,
                       Plan& plan)
    : recipe_(recipe), video_(video), plan_(plan) {
  int64_t segment = 0;
  for (const model::Chunk& chunk : *video.chunk_list) {
    first_segments_.push_back(segment);
    segment += static_cast<int64_t>(chunk.segments.size());
  }
}

TaskSpec VideoGraph::ProbeSpec(size_t chunk) const {
  const model::Chunk& what = (*video_.chunk_list)[chunk];
  const model::FrameRange& window = (*video_.windows)[chunk];
  ladder::ProbePlan plan =
      ladder::PlanProbes(what, window, *video_.sizes, recipe_.ladder);
  const double work = ProbeWork(plan, window.frames());
  const ladder::ChunkFacts facts = FactsOf(what, *video_.times);
  TaskSpec spec =
      MakeSpec(kProbe,
               {what.index, std::move(plan.segments), plan.subsample,
                std::move(plan.rounds), facts,
                ladder::BoundsOf(facts, video_.chunk_list->size(), recipe_)},
               video_.reading);
  spec.label = fmt::format("chunk {}", chunk);
  spec.cost = work / 2e7;
  spec.optional = true;
  return spec;
}

TaskSpec VideoGraph::EncodeSpec(size_t chunk, std::vector<Rung> codings) const {
  const model::Chunk& what = (*video_.chunk_list)[chunk];
  EncodeChunkParams params{what, first_segments_[chunk], std::move(codings)};
  params.chunk.work = 0;  // an estimate is no part of what is made
  const double pixels = Pixels(params.rungs);
  TaskSpec spec = MakeSpec(kEncodeChunk, params, video_.reading);
  spec.label = fmt::format("chunk {}", chunk);
  spec.cost = static_cast<double>(what.work) * pixels / 1e6;
  return spec;
}

TaskSpec VideoGraph::ScoreSpec(size_t chunk, const Encodes& encodes,
                               const std::vector<size_t>& which) const {
  const model::Chunk& what = (*video_.chunk_list)[chunk];
  ScoreChunkParams params{what.range, {}};
  std::map<std::string, Input> inputs = video_.reading;
  for (const size_t i : which) {
    const std::string& id = encodes.codings[i].id;
    params.encodes.push_back(encodes.codings[i]);
    const auto add = [&](const char* name, const char* artifact) {
      inputs["encode/" + id + name] = encodes.made[i]->at(id + artifact);
    };
    add("/record", "/record.json");
    add("/init", "/init.mp4");
    add("/fragments", "/fragments.bin");
  }
  TaskSpec spec = MakeSpec(kScoreChunk, params, std::move(inputs));
  spec.label = fmt::format("chunk {}", chunk);
  spec.cost =
      static_cast<double>(what.range.frames() * (which.size() + 1)) / 50;
  return spec;
}

base::Status VideoGraph::WantProbes() {
  const size_t chunks = video_.chunk_list->size();
  for (size_t c = 0; c < chunks; ++c) {
    const TaskSpec spec = ProbeSpec(c);
    const bool failed = plan_.HasFailed(spec);
    const Artifacts* done = failed ? nullptr : plan_.Want(spec);
    if (done || failed) probes_.push_back(done);
  }
  if (probes_.size() < chunks) return {};
  for (const Artifacts* done : probes_) {
    results_.probes.emplace_back();
    if (!done) continue;
    REEL_ASSIGN(const auto* probes,
                plan_.Read<model::ChunkProbes>(done->at("probes.json")));
    results_.probes.back() = *probes;
  }
  return {};
}

base::Result<const model::Ladder*> VideoGraph::WantDesign(
    const std::vector<Encodes>& anchors, const model::Ladder& settled) {
  std::map<std::string, Input> inputs = {{"rungs", video_.rungs},
                                         {"chunks", video_.chunks},
                                         {"timeline", video_.timeline}};
  for (size_t c = 0; c < probes_.size(); ++c) {
    if (probes_[c]) {
      inputs[NumberedInput("chunk", c, "probes")] =
          probes_[c]->at("probes.json");
    }
    if (anchors.empty()) continue;
    for (size_t i = 0; i < anchors[c].codings.size(); ++i) {
      const std::string& id = anchors[c].codings[i].id;
      inputs[NumberedInput("chunk", c, ("measured/" + id).c_str())] =
          anchors[c].scored[i]->at(id + "/measured.json");
    }
  }
  TaskSpec spec = MakeSpec(kDesign, {recipe_, settled}, std::move(inputs));
  spec.label = anchors.empty() ? "from probes" : "from encodes";
  const Artifacts* done = plan_.Want(spec);
  if (!done) return nullptr;
  REEL_ASSIGN(const auto* points, plan_.Read<std::vector<model::TitlePoint>>(
                                      done->at("points.json")));
  results_.points = *points;
  return plan_.Read<model::Ladder>(done->at("ladder.json"));
}

base::Status VideoGraph::WantLadder() {
  if (!IsSearched()) {
    results_.ladder = {
        .mode = recipe_.mode, .rungs = *video_.sizes, .choices = {}};
    return {};
  }
  REEL_TRY(WantProbes());
  if (results_.probes.empty()) return {};
  REEL_ASSIGN(const model::Ladder* ladder, WantDesign({}, {}));
  if (ladder) results_.ladder = *ladder;
  return {};
}

void VideoGraph::WantMade(size_t chunk, Encodes& encodes) {
  for (const auto& group : encode::GroupRungs(encodes.codings)) {
    std::vector<Plan::Collated> singles;
    for (const size_t i : group) {
      singles.push_back({EncodeSpec(chunk, {encodes.codings[i]}),
                         ChunkOutputs(encodes.codings[i].id)});
    }
    const auto done =
        plan_.WantCollated(singles, [&](const std::vector<size_t>& indices) {
          std::vector<Rung> some;
          for (const size_t i : indices)
            some.push_back(encodes.codings[group[i]]);
          return EncodeSpec(chunk, std::move(some));
        });
    encodes.made.insert(encodes.made.end(), done.begin(), done.end());
  }
}

void VideoGraph::WantScored(size_t chunk, Encodes& encodes) {
  std::vector<Plan::Collated> singles;
  for (size_t i = 0; i < encodes.codings.size(); ++i) {
    singles.push_back(
        {ScoreSpec(chunk, encodes, {i}), ScoreOutputs(encodes.codings[i].id)});
  }
  encodes.scored =
      plan_.WantCollated(singles, [&](const std::vector<size_t>& indices) {
        return ScoreSpec(chunk, encodes, indices);
      });
}

VideoGraph::Encodes VideoGraph::WantEncodes(size_t chunk,
                                            std::vector<Rung> codings) {
  Encodes encodes{.codings = std::move(codings), .made = {}, .scored = {}};
  const auto all = [](const std::vector<const Artifacts*>& some) {
    return std::ranges::none_of(some, [](auto* done) { return !done; });
  };
  WantMade(chunk, encodes);
  encodes.complete = all(encodes.made);
  if (!recipe_.quality.measure || !encodes.complete) return encodes;
  WantScored(chunk, encodes);
  encodes.complete = all(encodes.scored);
  return encodes;
}

base::Result<model::MeasuredChunk> VideoGraph::Measured(const Encodes& encodes,
                                                        size_t index) {
  const Rung& coding = encodes.codings[index];
  if (!encodes.scored.empty()) {
    REEL_ASSIGN(const auto* measured,
                plan_.Read<model::MeasuredChunk>(
                    encodes.scored[index]->at(coding.id + "/measured.json")));
    return *measured;
  }
  REEL_ASSIGN(const auto* record,
              plan_.Read<model::EncodedChunk>(
                  encodes.made[index]->at(coding.id + "/record.json")));
  model::MeasuredChunk bare{.chunk = record->chunk,
                            .width = coding.width,
                            .height = coding.height,
                            .crf = coding.crf,
                            .scored = false};
  for (const auto& segment : record->segments) bare.bits += 8 * segment.bytes;
  return bare;
}

base::Result<std::optional<VideoGraph::Tries>> VideoGraph::WantChunk(
    size_t chunk, const model::Ladder& ladder) {
  const size_t rungs = ladder.rungs.size();
  Tries tries(rungs);
  // What to encode for each rung in this round; nullopt: it has settled.
  std::vector<std::optional<Rung>> next;
  for (size_t r = 0; r < rungs; ++r) {
    next.push_back(IsSearched() ? ladder::CodingOf(ladder.rungs[r],
                                                   ladder.choices[r][chunk].crf)
                                : ladder.rungs[r]);
  }
  std::vector<model::MeasuredChunk> known;  // of this chunk, all rungs
  for (const model::MeasuredChunk& anchor : known_) {
    if (anchor.chunk == static_cast<int64_t>(chunk)) known.push_back(anchor);
  }
  const ladder::ChunkFacts facts =
      FactsOf((*video_.chunk_list)[chunk], *video_.times);
  for (int attempt = 1;; ++attempt) {
    std::vector<Rung> wanted;
    for (const auto& coding : next) {
      if (coding) wanted.push_back(*coding);
    }
    if (wanted.empty()) return tries;
    const Encodes encodes = WantEncodes(chunk, Unique(std::move(wanted)));
    if (!encodes.complete) return std::nullopt;
    for (size_t i = 0; i < encodes.codings.size(); ++i) {
      REEL_ASSIGN(const auto measured, Measured(encodes, i));
      known.push_back(measured);
      for (size_t r = 0; r < rungs; ++r) {
        if (!next[r] || next[r]->id != encodes.codings[i].id) continue;
        tries[r].push_back(
            {encodes.codings[i], measured, encodes.made[i],
             encodes.scored.empty() ? nullptr : encodes.scored[i]});
      }
    }
    for (size_t r = 0; r < rungs; ++r) {
      if (!next[r]) continue;
      next[r].reset();
      if (!IsSearched() || attempt >= recipe_.quality.max_attempts) continue;
      std::vector<model::MeasuredChunk> tried;
      for (const Try& one : tries[r]) tried.push_back(one.measured);
      const model::ChunkChoice& choice = ladder.choices[r][chunk];
      if (!tried.back().scored || choice.capped) continue;
      const auto curve = ladder::FitCurve(facts, ladder.rungs[r],
                                          results_.probes[chunk], known, {});
      if (!curve) continue;
      const double promise =
          ladder::PromiseOf(choice, ladder.rungs[r], recipe_);
      // One CRF for all is not bent to spare a shot bits.
      if (recipe_.mode != "per-shot" &&
          ladder::Judge(tried.back(), promise, recipe_.quality) !=
              ladder::Verdict::kBelow) {
        continue;
      }
      const auto crf = ladder::NextCrf(tried, *curve, promise, recipe_.quality);
      if (crf) next[r] = ladder::CodingOf(ladder.rungs[r], *crf);
    }
  }
}

base::Result<bool> VideoGraph::WantAnchors(const std::vector<size_t>& rungs,
                                           std::vector<Encodes>& anchors) {
  const model::Ladder& ladder = *results_.ladder;
  bool complete = true;
  for (size_t c = 0; c < anchors.size(); ++c) {
    std::vector<Rung> codings;
    for (const size_t r : rungs) {
      Rung coding = ladder::CodingOf(ladder.rungs[r], ladder.choices[r][c].crf);
      if (std::ranges::find(anchors[c].codings, coding.id, &Rung::id) ==
          anchors[c].codings.end())
        codings.push_back(std::move(coding));
    }
    Encodes made = WantEncodes(c, Unique(std::move(codings)));
    complete = complete && made.complete;
    if (!made.complete) continue;
    for (size_t i = 0; i < made.codings.size(); ++i) {
      REEL_ASSIGN(const auto measured, Measured(made, i));
      known_.push_back(measured);
    }
    const auto append = [](auto& all, const auto& some) {
      all.insert(all.end(), some.begin(), some.end());
    };
    append(anchors[c].codings, made.codings);
    append(anchors[c].made, made.made);
    append(anchors[c].scored, made.scored);
  }
  return complete;
}

base::Result<bool> VideoGraph::WantFinalLadder(std::vector<Encodes>& anchors) {
  std::vector<ladder::ChunkFacts> facts;
  for (const model::Chunk& chunk : *video_.chunk_list)
    facts.push_back(FactsOf(chunk, *video_.times));
  model::Ladder settled;
  int attempt = 0;  // at the next rung; the last one settles it
  for (;;) {
    const auto rungs = ladder::NextAnchors(*results_.ladder, settled, known_);
    if (rungs.empty()) return true;
    const size_t known = known_.size();
    REEL_ASSIGN(const bool complete, WantAnchors(rungs, anchors));
    if (!complete) return false;
    if (ladder::GoesByRungs(facts.size())) {
      ++attempt;
      const bool last = known_.size() == known ||  // designed as it is already
                        attempt >= recipe_.quality.max_attempts;
      if (auto more = ladder::SettleRung(*results_.ladder, settled, known_,
                                         facts, recipe_, last)) {
        settled = *std::move(more);
        attempt = 0;
      } else if (last) {
        return true;  // the gate goes on from here
      }
    } else {
      settled = ladder::SettleAnchors(*results_.ladder, rungs, known_, facts,
                                      recipe_);
    }
    REEL_ASSIGN(const model::Ladder* ladder, WantDesign(anchors, settled));
    if (!ladder) return false;
    results_.ladder = *ladder;
  }
}

base::Status VideoGraph::WantRenditions() {
  REEL_TRY(WantLadder());
  if (!results_.ladder) return {};
  const size_t chunks = video_.chunk_list->size();
  std::vector<Encodes> anchors(chunks);
  if (IsSearched()) {
    REEL_ASSIGN(const bool final, WantFinalLadder(anchors));
    if (!final) return {};
  }
  std::vector<Tries> all;
  for (size_t c = 0; c < chunks; ++c) {
    REEL_ASSIGN(auto tries, WantChunk(c, *results_.ladder));
    if (tries) all.push_back(*std::move(tries));
  }
  if (all.size() < chunks) return {};
  CountWork(anchors, all);
  return Join(*results_.ladder, all);
}

// Encodes are counted once, whatever number of rungs they serve.
void VideoGraph::CountWork(const std::vector<Encodes>& anchors,
                           const std::vector<Tries>& chunks) {
  for (size_t c = 0; c < chunks.size(); ++c) {
    std::map<std::string, double> made;
    const auto frames =
        static_cast<double>((*video_.chunk_list)[c].range.frames());
    const auto note = [&](const Rung& coding) {
      made[coding.id] = frames * coding.width * coding.height;
    };
    for (const Rung& coding : anchors[c].codings) note(coding);
    for (const auto& tries : chunks[c]) {
      for (const Try& one : tries) note(one.coding);
    }
    for (const auto& [id, pixels] : made) results_.work.made_pixels += pixels;
    results_.work.scored_frames += frames * static_cast<double>(made.size());
  }
}

base::Status VideoGraph::Join(const model::Ladder& ladder,
                              const std::vector<Tries>& chunks) {
  std::vector<Rendition> renditions;
  for (size_t r = 0; r < ladder.rungs.size(); ++r) {
    Rendition rendition{.rung = ladder.rungs[r]};
    std::map<std::string, Input> inputs;
    for (size_t c = 0; c < chunks.size(); ++c) {
      const std::vector<Try>& tries = chunks[c][r];
      const model::ChunkChoice choice =
          IsSearched() ? ladder.choices[r][c]
                       : model::ChunkChoice{.crf = ladder.rungs[r].crf};
      std::vector<model::MeasuredChunk> tried;
      for (const Try& one : tries) tried.push_back(one.measured);
      const Try& kept = tries[ladder::Settle(
          tried, ladder::PromiseOf(choice, ladder.rungs[r], recipe_),
          recipe_.quality)];
      const auto add = [&](const char* name, const char* artifact) {
        inputs[NumberedInput("chunk", c, name)] =
            kept.made->at(kept.coding.id + artifact);
      };
      add("record", "/record.json");
      add("init", "/init.mp4");
      add("fragments", "/fragments.bin");
      rendition.chunks.push_back(
          {choice, kept.measured, static_cast<int>(tries.size())});
      if (!kept.scored) continue;
      REEL_ASSIGN(const auto* scores,
                  plan_.Read<model::ChunkScores>(
                      kept.scored->at(kept.coding.id + "/scores.json")));
      rendition.vmaf.insert(rendition.vmaf.end(), scores->vmaf.begin(),
                            scores->vmaf.end());
      rendition.psnr.insert(rendition.psnr.end(), scores->psnr.begin(),
                            scores->psnr.end());
    }
    TaskSpec spec =
        MakeSpec(kJoinVideo, {ladder.rungs[r].id}, std::move(inputs));
    spec.label = ladder.rungs[r].id;
    rendition.joined = plan_.Want(spec);
    if (!rendition.joined) continue;
    REEL_ASSIGN(const auto* track, plan_.Read<model::VideoTrackFile>(
                                       rendition.joined->at("track.json")));
    rendition.track = *track;
    renditions.push_back(std::move(rendition));
    for (const model::Chunk& chunk : *video_.chunk_list) {
      const auto frames = static_cast<double>(chunk.range.frames());
      results_.work.kept_pixels +=
          frames * ladder.rungs[r].width * ladder.rungs[r].height;
      results_.work.kept_frames += frames;
    }
  }
  if (renditions.size() == ladder.rungs.size())
    results_.renditions = std::move(renditions);
  return {};
}

}  // namespace reel::workflow::tasks

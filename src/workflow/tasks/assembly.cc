#include "workflow/tasks/assembly.h"

#include <utility>
#include <vector>

#include "assemble/assemble.h"
#include "workflow/tasks/inspection.h"

namespace reel::workflow::tasks {
namespace {

base::Status RunJoinVideo(const JoinVideoParams& params, const Inputs& inputs,
                          Outputs& outputs, Context&) {
  std::vector<assemble::ChunkFiles> chunks;
  std::vector<model::EncodedChunk> receipts;
  const auto name = [&](const char* what) {
    return NumberedInput("chunk", chunks.size(), what);
  };
  while (inputs.Has(name("record"))) {
    assemble::ChunkFiles chunk;
    REEL_ASSIGN(chunk.record, inputs.As<model::EncodedChunk>(name("record")));
    // Chunks are named by how they were coded, which may differ among them.
    chunk.record.rendition = params.rendition;
    REEL_ASSIGN(chunk.init_path, inputs.Path(name("init")));
    REEL_ASSIGN(chunk.fragments_path, inputs.Path(name("fragments")));
    receipts.push_back(chunk.record);
    chunks.push_back(std::move(chunk));
  }
  REEL_ASSIGN(const std::string path, outputs.NewFile("track.mp4"));
  REEL_ASSIGN(const model::VideoTrackFile track,
              assemble::JoinVideo(chunks, path));
  REEL_TRY(outputs.PutJson("receipts.json", receipts));
  return outputs.PutJson("track.json", track);
}

base::Status RunJoinAudio(const JoinAudioParams&, const Inputs& inputs,
                          Outputs& outputs, Context&) {
  assemble::AudioFiles audio;
  REEL_ASSIGN(audio.facts, inputs.As<model::AudioTrackFile>("audio"));
  REEL_ASSIGN(audio.init_path, inputs.Path("init"));
  REEL_ASSIGN(audio.fragments_path, inputs.Path("fragments"));
  REEL_ASSIGN(const std::string path, outputs.NewFile("track.mp4"));
  REEL_ASSIGN(const model::AudioTrackFile track,
              assemble::JoinAudio(audio, path));
  return outputs.PutJson("track.json", track);
}

base::Status RunValidatePiece(const ValidatePieceParams& params,
                              const Inputs& inputs, Outputs& outputs,
                              Context&) {
  REEL_ASSIGN(const auto track, inputs.As<model::VideoTrackFile>("facts"));
  REEL_ASSIGN(const auto receipts,
              inputs.As<std::vector<model::EncodedChunk>>("receipts"));
  REEL_ASSIGN(const auto timeline, inputs.As<model::Timeline>("timeline"));
  REEL_ASSIGN(const auto bytes, inputs.Bytes("fingerprints"));
  REEL_ASSIGN(const model::Fingerprints source,
              model::ParseFingerprints(bytes));
  REEL_ASSIGN(const std::string path, inputs.Path("track"));
  REEL_ASSIGN(const assemble::PieceVerdict verdict,
              assemble::ValidatePiece({.path = path,
                                       .track = track,
                                       .receipts = receipts,
                                       .range = params.range,
                                       .fingerprints = source,
                                       .timeline = timeline}));
  return outputs.PutJson("verdict.json", verdict);
}

// What is known of one rendition; RenditionEvidence points into it.
struct Evidence {
  model::VideoTrackFile track;
  std::vector<model::EncodedChunk> receipts;
  std::vector<assemble::PieceVerdict> pieces;
  model::BucketReport bucket;
};

base::Result<Evidence> ReadEvidence(const model::Rung& rung, size_t index,
                                    const Inputs& inputs) {
  const auto name = [&](const char* what) {
    return NumberedInput("rung", index, what);
  };
  Evidence evidence;
  REEL_ASSIGN(evidence.track, inputs.As<model::VideoTrackFile>(name("facts")));
  REEL_ASSIGN(evidence.receipts,
              inputs.As<std::vector<model::EncodedChunk>>(name("receipts")));
  for (const std::string& piece : inputs.NamesWithPrefix(name("piece/"))) {
    REEL_ASSIGN(auto verdict, inputs.As<assemble::PieceVerdict>(piece));
    evidence.pieces.push_back(std::move(verdict));
  }
  REEL_ASSIGN(const std::string path, inputs.Path(name("track")));
  REEL_ASSIGN(evidence.bucket, assemble::RunLeakyBucketOverTrack(
                                   path, rung.maxrate_bps, rung.buffer_bits,
                                   model::kReservePercent));
  return evidence;
}

base::Status RunValidate(const ValidateParams& params, const Inputs& inputs,
                         Outputs& outputs, Context&) {
  REEL_ASSIGN(const auto segments, inputs.As<model::Segments>("segments"));
  REEL_ASSIGN(const auto timeline, inputs.As<model::Timeline>("timeline"));
  std::vector<Evidence> all;
  for (const model::Rung& rung : params.ladder.rungs) {
    REEL_ASSIGN(Evidence evidence, ReadEvidence(rung, all.size(), inputs));
    all.push_back(std::move(evidence));
  }
  std::vector<assemble::RenditionEvidence> renditions;
  for (size_t i = 0; i < all.size(); ++i) {
    renditions.push_back({.rung = params.ladder.rungs[i],
                          .track = all[i].track,
                          .receipts = all[i].receipts,
                          .pieces = all[i].pieces,
                          .bucket = all[i].bucket});
  }
  return outputs.PutJson(
      "validation.json",
      assemble::ConcludeValidation(renditions, segments, timeline));
}

}  // namespace

const TaskKind<JoinVideoParams> kJoinVideo{.name = "join_video",
                                           .service = "assemble",
                                           .version = 1,
                                           .run = RunJoinVideo};
const TaskKind<JoinAudioParams> kJoinAudio{.name = "join_audio",
                                           .service = "assemble",
                                           .version = 1,
                                           .run = RunJoinAudio};
const TaskKind<ValidatePieceParams> kValidatePiece{.name = "validate_piece",
                                                   .service = "validate",
                                                   .version = 1,
                                                   .run = RunValidatePiece};
const TaskKind<ValidateParams> kValidate{.name = "validate",
                                         .service = "validate",
                                         .version = 1,
                                         .run = RunValidate};

}  // namespace reel::workflow::tasks

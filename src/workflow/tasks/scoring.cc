#include "workflow/tasks/scoring.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include "base/rational.h"
#include "media/frame_reader.h"
#include "model/encoded.h"
#include "model/probe.h"
#include "quality/quality.h"
#include "workflow/tasks/title_inputs.h"

namespace reel::workflow::tasks {
namespace {

// One encode, as it is stored.
struct Encode {
  model::EncodedChunk record;
  std::vector<uint8_t> file;  // init and fragments
};

base::Result<Encode> ReadEncode(const Inputs& inputs, const std::string& name) {
  Encode encode;
  REEL_ASSIGN(encode.record,
              inputs.As<model::EncodedChunk>("encode/" + name + "/record"));
  REEL_ASSIGN(encode.file, inputs.Bytes("encode/" + name + "/init"));
  REEL_ASSIGN(const auto fragments,
              inputs.Bytes("encode/" + name + "/fragments"));
  encode.file.insert(encode.file.end(), fragments.begin(), fragments.end());
  return encode;
}

std::vector<double> Rounded(std::vector<double> scores) {
  for (double& score : scores) score = std::round(score * 1000) / 1000;
  return scores;
}

// [frames] each; empty for pictures that VMAF is not made for.
struct FrameScores {
  std::vector<double> vmaf;
  std::vector<double> psnr;
};

model::ChunkScores Summarise(const model::EncodedChunk& record,
                             FrameScores frames,
                             const model::Timeline& timeline) {
  model::ChunkScores scores{.rendition = record.rendition,
                            .range = record.range,
                            .vmaf = Rounded(std::move(frames.vmaf)),
                            .psnr = Rounded(std::move(frames.psnr))};
  const double rate = base::ToDouble(timeline.FrameRate());
  scores.mean = quality::Mean(scores.vmaf);
  scores.worst_second =
      quality::WorstMean(scores.vmaf, static_cast<size_t>(std::lround(rate)));
  return scores;
}

// Scores of all encodes, in their order.
base::Result<std::vector<FrameScores>> Score(const TitleInputs& title,
                                             model::FrameRange range,
                                             const std::vector<Encode>& encodes,
                                             const std::stop_token& stop) {
  std::vector<media::MemoryFile> files;
  for (const Encode& encode : encodes) files.push_back({.bytes = encode.file});
  REEL_ASSIGN(media::FrameReader source,
              media::FrameReader::OpenFrames(
                  title.scan.source.path, title.scan.source.video,
                  title.packets, title.frames, range));
  const auto stream = quality::StreamOf(std::move(source), "the source");
  auto scores =
      quality::ScoreEncodes(*stream, files, {.subsample = 1, .stop = stop});
  std::vector<FrameScores> out(encodes.size());
  if (!scores && scores.error().code == base::Code::kUnsupported) return out;
  if (!scores) return tl::unexpected(scores.error());
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = {std::move(scores->vmaf[i]), std::move(scores->psnr[i])};
  return out;
}

base::Status PutScores(const model::Rung& coding, const Encode& encode,
                       FrameScores frames, const model::Timeline& timeline,
                       Outputs& outputs) {
  const bool scored = !frames.vmaf.empty();
  const model::ChunkScores scores =
      scored ? Summarise(encode.record, std::move(frames), timeline)
             : model::ChunkScores{.rendition = encode.record.rendition,
                                  .range = encode.record.range,
                                  .vmaf = {},
                                  .psnr = {}};
  model::MeasuredChunk measured{.chunk = encode.record.chunk,
                                .width = coding.width,
                                .height = coding.height,
                                .crf = coding.crf,
                                .vmaf = scores.mean,
                                .worst_second = scores.worst_second,
                                .scored = scored};
  for (const model::EncodedSegment& segment : encode.record.segments)
    measured.bits += 8 * segment.bytes;
  REEL_TRY(outputs.PutJson(coding.id + "/scores.json", scores));
  return outputs.PutJson(coding.id + "/measured.json", measured);
}

base::Status RunScoreChunk(const ScoreChunkParams& params, const Inputs& inputs,
                           Outputs& outputs, Context& context) {
  REEL_ASSIGN(const TitleInputs title, ReadTitle(inputs));
  std::vector<Encode> encodes;
  for (const model::Rung& coding : params.encodes) {
    REEL_ASSIGN(Encode encode, ReadEncode(inputs, coding.id));
    encodes.push_back(std::move(encode));
  }
  REEL_ASSIGN(auto scores, Score(title, params.range, encodes, context.stop()));
  for (size_t i = 0; i < encodes.size(); ++i) {
    REEL_TRY(PutScores(params.encodes[i], encodes[i], std::move(scores[i]),
                       title.timeline, outputs));
  }
  return {};
}

}  // namespace

std::vector<std::string> ScoreOutputs(const std::string& name) {
  return {name + "/scores.json", name + "/measured.json"};
}

const TaskKind<ScoreChunkParams> kScoreChunk{.name = "score_chunk",
                                             .service = "quality",
                                             .version = 2,
                                             .timeout = std::chrono::hours(2),
                                             .run = RunScoreChunk};

}  // namespace reel::workflow::tasks

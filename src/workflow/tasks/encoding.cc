#include "workflow/tasks/encoding.h"

#include "base/rational.h"
#include "encode/encode.h"
#include "workflow/tasks/title_inputs.h"

namespace reel::workflow::tasks {
namespace {

base::Status RunEncodeChunk(const EncodeChunkParams& params,
                            const Inputs& inputs, Outputs& outputs,
                            Context& context) {
  REEL_ASSIGN(const TitleInputs title, ReadTitle(inputs));
  encode::ChunkRequest request = title.Request();
  request.chunk = params.chunk;
  request.first_segment = params.first_segment;
  request.rungs = params.rungs;
  REEL_ASSIGN(const std::vector<encode::EncodedRung> rungs,
              encode::EncodeChunk(request, [&](double part) {
                context.Progress(part);
                return !context.stop().stop_requested();
              }));
  for (const encode::EncodedRung& rung : rungs) {
    const std::string& id = rung.record.rendition;
    REEL_TRY(outputs.PutJson(id + "/record.json", rung.record));
    REEL_TRY(outputs.PutBytes(id + "/init.mp4", rung.init));
    REEL_TRY(outputs.PutBytes(id + "/fragments.bin", rung.fragments));
  }
  return {};
}

base::Rational SecondsOf(int64_t ticks, base::Rational base) {
  return base::Reduce({ticks * base.num, base.den});
}

base::Status RunEncodeAudio(const EncodeAudioParams& params,
                            const Inputs& inputs, Outputs& outputs, Context&) {
  REEL_ASSIGN(const ScanFacts scan, ReadScan(inputs));
  REEL_ASSIGN(const auto bytes, inputs.Bytes("frames"));
  REEL_ASSIGN(const model::FrameTable frames, model::ParseFrameTable(bytes));
  REEL_ASSIGN(const auto timeline, inputs.As<model::Timeline>("timeline"));
  REEL_ASSIGN(const auto segments, inputs.As<model::Segments>("segments"));
  if (frames.empty() || params.track < 0 ||
      static_cast<size_t>(params.track) >= scan.source.audio.size()) {
    return base::Fail(base::Code::kInvalidArgument, "no such audio track");
  }

  const base::Rational tick{1, timeline.timescale_hz};
  // Without times, pictures start at 0 like sound without times.
  const int64_t first_pts =
      frames.front().pts == model::kNoTime ? 0 : frames.front().pts;
  audio::AudioRequest request{
      .source_path = scan.source.path,
      .track = scan.source.audio[static_cast<size_t>(params.track)],
      .title_start = SecondsOf(first_pts, scan.source.video.time_base),
      .title_duration = SecondsOf(timeline.Start(timeline.frames), tick),
      .segment_starts = {},
      .recipe = params.recipe};
  for (const model::FrameRange& segment : segments) {
    request.segment_starts.push_back(
        SecondsOf(timeline.Start(segment.first_frame), tick));
  }
  REEL_ASSIGN(const std::string fragments, outputs.NewFile("fragments.bin"));
  REEL_ASSIGN(const audio::EncodedAudio encoded,
              audio::EncodeAudio(request, fragments));
  REEL_TRY(outputs.PutBytes("init.mp4", encoded.init));
  REEL_TRY(outputs.PutJson(
      "repairs.json", {{"silence_samples", encoded.repairs.silence_samples},
                       {"dropped_samples", encoded.repairs.dropped_samples},
                       {"corrections", encoded.repairs.corrections},
                       {"damaged_packets", encoded.repairs.damaged_packets}}));
  return outputs.PutJson("audio.json", encoded.facts);
}

}  // namespace

std::vector<std::string> ChunkOutputs(const std::string& rung) {
  return {rung + "/record.json", rung + "/init.mp4", rung + "/fragments.bin"};
}

const TaskKind<EncodeChunkParams> kEncodeChunk{.name = "encode_chunk",
                                               .service = "encode",
                                               .version = 2,
                                               .timeout = std::chrono::hours(2),
                                               .run = RunEncodeChunk};

const TaskKind<EncodeAudioParams> kEncodeAudio{.name = "encode_audio",
                                               .service = "audio",
                                               .version = 1,
                                               .timeout = std::chrono::hours(6),
                                               .run = RunEncodeAudio};

}  // namespace reel::workflow::tasks

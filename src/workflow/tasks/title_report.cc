#include "workflow/tasks/title_report.h"

#include <span>

#include "base/rational.h"
#include "package/package.h"
#include "quality/quality.h"
#include "workflow/tasks/promise.h"

namespace reel::workflow::tasks {
namespace {

// Seconds of all segments.
template <typename Track>
double Duration(const Track& track) {
  if (track.segments.empty()) return 0;
  const model::EncodedSegment& last = track.segments.back();
  return base::Seconds(last.start_ticks + last.duration_ticks,
                       {1, track.timescale_hz});
}

model::ReportRendition Describe(const model::VideoTrackFile& track,
                                const model::Timeline& timeline) {
  const package::Bitrates rates = package::MeasureBitrates(
      package::SizesOf(track.segments, track.timescale_hz));
  return {.id = track.rendition,
          .codec = track.codecs,
          .profile = track.profile,
          .width = track.width,
          .height = track.height,
          .frame_rate = base::ToDouble(timeline.FrameRate()),
          .frames = timeline.frames,
          .duration = Duration(track),
          .average_bitrate = rates.average_bps,
          .peak_bitrate = rates.peak_bps,
          .vmaf = {},
          .psnr = {},
          .bytes = track.bytes,
          .sha256 = track.sha256};
}

model::ReportAudio Describe(const model::AudioTrackFile& track) {
  const package::Bitrates rates = package::MeasureBitrates(
      package::SizesOf(track.segments, track.timescale_hz));
  return {.id = track.rendition,
          .codec = track.codecs,
          .language = track.language,
          .channels = track.channels,
          .sample_rate = track.sample_rate_hz,
          .duration = Duration(track),
          .average_bitrate = rates.average_bps,
          .peak_bitrate = rates.peak_bps,
          .bytes = track.bytes,
          .sha256 = track.sha256};
}

std::vector<model::ReportShot> DescribeShots(
    const model::Shots& shots,
    const std::vector<model::ShotComplexity>& complexity,
    const model::Timeline& timeline) {
  const base::Rational tick{1, timeline.timescale_hz};
  std::vector<model::ReportShot> out;
  for (const model::FrameRange& shot : shots) {
    const int64_t start = timeline.Start(shot.first_frame);
    out.push_back({.index = static_cast<int64_t>(out.size()),
                   .start_frame = shot.first_frame,
                   .frames = shot.frames(),
                   .start = base::Seconds(start, tick),
                   .duration = base::Seconds(
                       timeline.Start(shot.end_frame) - start, tick)});
    if (complexity.size() == shots.size())
      out.back().complexity = complexity[out.size() - 1];
  }
  return out;
}

// Null where nothing was measured.
base::Json DescribeQuality(const std::vector<double>& scores) {
  const auto pooled = quality::Pool(scores);
  if (!pooled) return {};
  return {{"mean", pooled->mean},
          {"harmonic_mean", pooled->harmonic_mean},
          {"min", pooled->min},
          {"p5", pooled->percentile_5}};
}

model::ReportEncode Describe(const Rendition& rendition, size_t chunk) {
  const model::ChunkResult& result = rendition.chunks[chunk];
  return {.rendition = rendition.rung.id,
          .chunk = static_cast<int64_t>(chunk),
          .width = rendition.rung.width,
          .height = rendition.rung.height,
          .crf = result.encode.crf,
          .attempts = result.attempts,
          .capped = result.choice.capped,
          .target_vmaf = result.choice.target_vmaf,
          .predicted_vmaf = result.choice.vmaf,
          .vmaf = result.encode.vmaf,
          .worst_second_vmaf = result.encode.worst_second,
          .predicted_bits = result.choice.bits,
          .bits = result.encode.bits};
}

// To each shot the encodes of all chunks that hold some of it.
void DescribeEncodes(const std::vector<model::Chunk>& chunks,
                     const std::vector<Rendition>& renditions,
                     std::vector<model::ReportShot>& shots) {
  for (model::ReportShot& shot : shots) {
    for (size_t c = 0; c < chunks.size(); ++c) {
      const model::FrameRange& range = chunks[c].range;
      if (range.end_frame <= shot.start_frame ||
          range.first_frame >= shot.start_frame + shot.frames) {
        continue;
      }
      for (const Rendition& rendition : renditions)
        shot.encodes.push_back(Describe(rendition, c));
    }
  }
}

// Probes, and the share of encodes and scores that nothing was kept of.
double SearchSeconds(const VideoWork& work, const RunCost& cost) {
  const auto stage = [&](const char* name) {
    const auto found = cost.cpu_seconds_by_stage.find(name);
    return found == cost.cpu_seconds_by_stage.end() ? 0.0 : found->second;
  };
  const auto lost = [](double made, double kept) {
    return made > kept ? 1 - kept / made : 0.0;
  };
  return stage("ladder") +
         stage("encode") * lost(work.made_pixels, work.kept_pixels) +
         stage("quality") * lost(work.scored_frames, work.kept_frames);
}

}  // namespace

model::Report MakeReport(const std::string& title, const TitleResults& results,
                         const model::Recipe& recipe, const RunCost& cost) {
  model::Report report;
  report.title = title;
  if (results.source) report.source = *results.source;
  if (results.inspection) report.inspection = *results.inspection;
  if (results.ladder) report.ladder = *results.ladder;
  if (results.timeline && results.shots) {
    report.shots =
        DescribeShots(*results.shots, results.complexity, *results.timeline);
  }
  for (const Rendition& rendition : results.video) {
    report.renditions.push_back(Describe(rendition.track, *results.timeline));
    report.renditions.back().vmaf = DescribeQuality(rendition.vmaf);
    report.renditions.back().psnr = DescribeQuality(rendition.psnr);
  }
  if (results.chunks && !results.video.empty())
    DescribeEncodes(*results.chunks, results.video, report.shots);
  for (const model::AudioTrackFile& track : results.audio) {
    report.audio.push_back(Describe(track));
  }
  if (results.timeline && results.chunks) {
    report.quality = DescribePromise(*results.chunks, results.video,
                                     *results.timeline, recipe);
  }
  if (results.validation) report.validation = *results.validation;
  report.cost = {.wall_seconds = cost.wall_seconds,
                 .cpu_seconds = cost.cpu_seconds,
                 .cpu_seconds_by_stage = cost.cpu_seconds_by_stage,
                 .tasks_run = cost.tasks_run,
                 .tasks_reused = cost.tasks_reused,
                 .peak_rss_bytes = cost.peak_rss_bytes,
                 .search_cpu_seconds = SearchSeconds(results.work, cost)};
  return report;
}

}  // namespace reel::workflow::tasks

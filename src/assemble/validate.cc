#include "assemble/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "assemble/validate_checks.h"

namespace reel::assemble {
namespace {

constexpr size_t kFaultsNamed = 3;

// Collects what is wrong, by check, and words the report.
class Report {
 public:
  void Add(const std::string& rendition, const Fault& fault) {
    std::string where = rendition;
    if (fault.chunk >= 0) where += fmt::format(", chunk {}", fault.chunk);
    if (fault.frame >= 0) where += fmt::format(", frame {}", fault.frame);
    auto& [count, named] = faults_[fault.check];
    if (++count <= kFaultsNamed)
      named +=
          fmt::format("{}{}: {}", count > 1 ? "; " : "", where, fault.what);
  }
  // `facts`: what is said of a check that passes.
  model::ValidationReport Make(
      const std::map<std::string, std::string>& facts) const {
    model::ValidationReport report;
    report.verdict = faults_.empty() ? "pass" : "fail";
    for (const char* id : checks::kAll) {
      const auto fault = faults_.find(id);
      if (fault == faults_.end()) {
        const auto fact = facts.find(id);
        report.checks.push_back(
            {id, "pass", fact == facts.end() ? "" : fact->second});
        continue;
      }
      const auto& [count, named] = fault->second;
      report.checks.push_back(
          {id, "fail",
           count > kFaultsNamed
               ? fmt::format("{}; and {} more", named, count - kFaultsNamed)
               : named});
    }
    return report;
  }

 private:
  std::map<std::string, std::pair<size_t, std::string>> faults_;
};

// The pieces cover the title: every frame once.
void CheckPieces(const RenditionEvidence& r, int64_t frames, Report& report) {
  std::vector<model::FrameRange> ranges;
  for (const PieceVerdict& piece : r.pieces) ranges.push_back(piece.range);
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) {
    return a.first_frame < b.first_frame;
  });
  int64_t covered = 0;
  for (const model::FrameRange& range : ranges) {
    if (range.first_frame != covered) break;
    covered = range.end_frame;
  }
  if (covered != frames) {
    report.Add(r.rung.id, {checks::kComplete, -1, covered,
                           fmt::format("was not validated; {} of {} frames "
                                       "were",
                                       covered, frames)});
  }
}

// The receipts hold the planned segments at the planned instants, so that all
// renditions have key frames at the same ones; and the facts of the file, which
// manifests are made from, say the same.
void CheckGrid(const RenditionEvidence& r, const model::Segments& segments,
               const model::Timeline& timeline, Report& report) {
  size_t next = 0;
  const auto add = [&](const model::EncodedChunk& chunk, int64_t frame,
                       const std::string& what) {
    report.Add(r.rung.id, {checks::kKeyFrames, chunk.chunk, frame, what});
  };
  int64_t offset = r.track.init_bytes + r.track.index_bytes;
  for (const model::EncodedChunk& chunk : r.receipts) {
    for (const model::EncodedSegment& segment : chunk.segments) {
      const int64_t first = segment.range.first_frame;
      if (next >= segments.size() || segment.range != segments[next])
        return add(chunk, first, "the segment is not the planned one");
      if (segment.start_ticks != timeline.Start(first) ||
          segment.duration_ticks !=
              timeline.Start(segment.range.end_frame) - timeline.Start(first))
        return add(chunk, first, "the segment is not at the planned instant");
      if (next >= r.track.segments.size() ||
          next >= r.track.segment_offsets.size() ||
          r.track.segments[next].range != segment.range ||
          r.track.segments[next].sha256 != segment.sha256 ||
          r.track.segment_offsets[next] != offset)
        return add(chunk, first, "the track's facts say otherwise");
      offset += segment.bytes;
      ++next;
    }
  }
  if (next != segments.size() || next != r.track.segments.size()) {
    report.Add(r.rung.id,
               {checks::kKeyFrames, -1, -1,
                fmt::format("has {} segments, not {}", next, segments.size())});
  }
}

void CheckTrack(const RenditionEvidence& r, Report& report) {
  if (r.track.width != r.rung.width || r.track.height != r.rung.height) {
    report.Add(r.rung.id,
               {checks::kSize, -1, -1,
                fmt::format("the track is {}x{}, the rung {}x{}", r.track.width,
                            r.track.height, r.rung.width, r.rung.height)});
  }
  for (const model::EncodedChunk& chunk : r.receipts) {
    if (chunk.rendition != r.rung.id) {
      report.Add(r.rung.id,
                 {checks::kReceipts, chunk.chunk, chunk.range.first_frame,
                  "is a chunk of " + chunk.rendition});
    }
    if (chunk.init_sha256 != r.receipts.front().init_sha256) {
      report.Add(r.rung.id,
                 {checks::kInit, chunk.chunk, chunk.range.first_frame,
                  "has another init segment than the first chunk"});
    }
  }
  if (r.bucket.first_violation >= 0) {
    report.Add(r.rung.id,
               {checks::kPeakRate, -1, -1,
                fmt::format("access unit {} comes late over {} bit/s with a "
                            "buffer of {} bits; {} bits are missing at worst",
                            r.bucket.first_violation, r.rung.maxrate_bps,
                            r.rung.buffer_bits, -r.bucket.lowest_bits)});
  }
}

std::map<std::string, std::string> Facts(
    std::span<const RenditionEvidence> renditions,
    const model::Segments& segments, const model::Timeline& timeline) {
  int64_t decoded = 0, by_receipt_only = 0;
  for (const RenditionEvidence& r : renditions) {
    for (const PieceVerdict& piece : r.pieces) {
      decoded += piece.frames_decoded;
      by_receipt_only += piece.frames_by_receipt_only;
    }
  }
  return {
      {checks::kReceipts, fmt::format("{} segments of {} renditions",
                                      segments.size(), renditions.size())},
      {checks::kOrder,
       fmt::format("{} frames decoded; {} of them differ so little from the "
                   "frame before that only {} tells them from a repeat",
                   decoded, by_receipt_only, checks::kReceipts)},
      {checks::kComplete, fmt::format("{} frames in each of {} renditions",
                                      timeline.frames, renditions.size())},
      {checks::kKeyFrames, fmt::format("{} common instants", segments.size())}};
}

}  // namespace

model::ValidationReport ConcludeValidation(
    std::span<const RenditionEvidence> renditions,
    const model::Segments& segments, const model::Timeline& timeline) {
  Report report;
  for (const RenditionEvidence& r : renditions) {
    CheckPieces(r, timeline.frames, report);
    CheckGrid(r, segments, timeline, report);
    CheckTrack(r, report);
    for (const PieceVerdict& piece : r.pieces) {
      for (const Fault& fault : piece.faults) report.Add(r.rung.id, fault);
    }
  }
  return report.Make(Facts(renditions, segments, timeline));
}

}  // namespace reel::assemble

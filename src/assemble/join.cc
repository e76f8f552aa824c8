#include "assemble/join.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "assemble/track_writer.h"
#include "base/digest.h"

namespace reel::assemble {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

// "720p-h264, chunk 3: WHAT"
tl::unexpected<base::Error> Bad(const model::EncodedChunk& chunk, Code code,
                                const std::string& what) {
  return Fail(code, fmt::format("{}, chunk {}: {}", chunk.rendition,
                                chunk.chunk, what));
}

// The chunk's segments cover its range and time, and it follows `before`.
Status CheckFollows(const model::EncodedChunk* before,
                    const model::EncodedChunk& chunk) {
  const auto bad = [&](const std::string& what) {
    return Bad(chunk, Code::kInvalidArgument, what);
  };
  if (chunk.segments.empty()) return bad("has no segments");
  int64_t frame = before ? before->range.end_frame : 0;
  int64_t ticks = 0;
  if (before) {
    const model::EncodedSegment& last = before->segments.back();
    ticks = last.start_ticks + last.duration_ticks;
    if (chunk.rendition != before->rendition)
      return bad("is of another rendition than " + before->rendition);
  }
  if (chunk.range.first_frame != frame)
    return bad(fmt::format("does not start at frame {}", frame));
  for (const model::EncodedSegment& segment : chunk.segments) {
    if (segment.range.first_frame != frame || segment.range.frames() < 1)
      return bad(fmt::format("a segment does not start at frame {}", frame));
    if (segment.start_ticks != ticks || segment.duration_ticks < 1)
      return bad(fmt::format("a segment does not start at tick {}", ticks));
    frame = segment.range.end_frame;
    ticks += segment.duration_ticks;
  }
  if (chunk.range.end_frame != frame)
    return bad(fmt::format("its segments end at frame {}", frame));
  return {};
}

// All init segments are the bytes that the records name, once.
Status CheckInits(std::span<const ChunkFiles> chunks) {
  for (const ChunkFiles& chunk : chunks) {
    REEL_ASSIGN(const std::string digest, base::Sha256File(chunk.init_path));
    if (digest != chunk.record.init_sha256)
      return Bad(chunk.record, Code::kOutputWrong,
                 "its init segment is not the one that was encoded");
    if (digest != chunks[0].record.init_sha256)
      return Bad(chunk.record, Code::kOutputWrong,
                 "its init segment differs from that of the first chunk");
  }
  return {};
}

// When the fragment's first picture is shown.
int64_t EarliestTicks(const media::Fragment& fragment, int64_t edit_start) {
  int64_t decode = fragment.decode_ticks - edit_start;
  int64_t earliest = std::numeric_limits<int64_t>::max();
  for (const media::Sample& sample : fragment.samples) {
    earliest = std::min(earliest, decode + sample.composition_ticks);
    decode += sample.duration_ticks;
  }
  return earliest;
}

// Picture: every frame of the segment, from a key frame, at its own time.
Status CheckPictures(const media::Fragment& fragment,
                     const model::EncodedSegment& segment, int64_t edit_start) {
  if (fragment.decode_ticks != segment.start_ticks ||
      DurationTicks(fragment) != segment.duration_ticks) {
    return Fail(Code::kOutputWrong, "does not keep its segment's time");
  }
  if (EarliestTicks(fragment, edit_start) != segment.start_ticks)
    return Fail(Code::kOutputWrong, "is not shown from its segment's start");
  for (size_t i = 0; i < fragment.samples.size(); ++i) {
    if (fragment.samples[i].sync != (i == 0))
      return Fail(Code::kOutputWrong,
                  "has its key frame elsewhere than at its start");
  }
  return {};
}

// Sound: as the pictures, but the first fragment holds the priming too, and
// the last may be padded to a whole AAC frame.
FragmentCheck SoundCheck(const model::AudioTrackFile& facts) {
  const int64_t priming = facts.priming_samples;
  const int64_t end = facts.samples;
  return [=](const media::Fragment& fragment,
             const model::EncodedSegment& segment) -> Status {
    const bool first = segment.start_ticks == 0;
    const int64_t media_start = first ? 0 : segment.start_ticks + priming;
    const int64_t media_end =
        segment.start_ticks + segment.duration_ticks + priming;
    const int64_t got_end = fragment.decode_ticks + DurationTicks(fragment);
    const bool last = segment.start_ticks + segment.duration_ticks == end;
    if (fragment.decode_ticks == media_start &&
        (got_end == media_end || (last && got_end > media_end))) {
      return {};
    }
    return Fail(Code::kOutputWrong, "does not keep its segment's time");
  };
}

}  // namespace

Result<model::VideoTrackFile> JoinVideo(std::span<const ChunkFiles> chunks,
                                        const std::string& out_path) {
  if (chunks.empty()) return Fail(Code::kInvalidArgument, "no chunks to join");
  REEL_TRY(CheckInits(chunks));
  std::vector<FragmentFile> files;
  const model::EncodedChunk* before = nullptr;
  for (const ChunkFiles& chunk : chunks) {
    REEL_TRY(CheckFollows(before, chunk.record));
    before = &chunk.record;
    files.push_back(
        {.label = fmt::format("{}, chunk {}", before->rendition, before->chunk),
         .path = chunk.fragments_path,
         .segments = before->segments});
  }
  REEL_ASSIGN(InitSegment init, ReadInitSegment(chunks[0].init_path));
  REEL_ASSIGN(WrittenTrack track,
              WriteTrack(
                  init, files,
                  [&](const auto& fragment, const auto& segment) {
                    return CheckPictures(fragment, segment,
                                         init.header.edit_start_ticks);
                  },
                  out_path));
  return model::VideoTrackFile{
      .rendition = before->rendition,
      .codecs = std::move(init.header.codecs),
      .profile = std::move(init.header.profile),
      .width = init.header.width,
      .height = init.header.height,
      .timescale_hz = init.header.timescale_hz,
      .init_bytes = track.init_bytes,
      .index_bytes = track.index_bytes,
      .segments = std::move(track.segments),
      .segment_offsets = std::move(track.segment_offsets),
      .key_frame_bytes = std::move(track.first_sample_ends),
      .bytes = track.bytes,
      .sha256 = std::move(track.sha256)};
}

Result<model::AudioTrackFile> JoinAudio(const AudioFiles& audio,
                                        const std::string& out_path) {
  model::AudioTrackFile facts = audio.facts;
  const FragmentFile file{.label = facts.rendition,
                          .path = audio.fragments_path,
                          .segments = facts.segments};
  REEL_ASSIGN(const InitSegment init, ReadInitSegment(audio.init_path));
  if (init.header.timescale_hz != facts.timescale_hz ||
      init.header.edit_start_ticks != facts.priming_samples ||
      init.header.codecs != facts.codecs) {
    return Fail(Code::kOutputWrong,
                facts.rendition + ": its init segment is of another track");
  }
  REEL_ASSIGN(WrittenTrack track,
              WriteTrack(init, {&file, 1}, SoundCheck(facts), out_path));
  facts.init_bytes = track.init_bytes;
  facts.index_bytes = track.index_bytes;
  facts.segment_offsets = std::move(track.segment_offsets);
  facts.bytes = track.bytes;
  facts.sha256 = std::move(track.sha256);
  return facts;
}

}  // namespace reel::assemble

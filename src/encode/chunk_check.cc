#include "encode/chunk_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "media/fingerprinter.h"
#include "media/frame_reader.h"
#include "model/fingerprint_match.h"

namespace reel::encode {
namespace {

// "720p-h264, chunk 3, frame 411 (17.125 s): WHAT"
tl::unexpected<base::Error> Wrong(const ExpectedChunk& expected, int64_t frame,
                                  const std::string& what) {
  const base::Rational tick{1, expected.timeline.timescale_hz};
  return base::Fail(
      base::Code::kOutputWrong,
      fmt::format("{}, chunk {}, frame {} ({:.3f} s): {}", expected.rung.id,
                  expected.chunk.index, frame,
                  base::Seconds(expected.timeline.Start(frame), tick), what));
}

bool StartsSegment(const model::Chunk& chunk, int64_t frame) {
  return std::any_of(chunk.segments.begin(), chunk.segments.end(),
                     [&](const auto& s) { return s.first_frame == frame; });
}

base::Status CheckFrame(const ExpectedChunk& expected, int64_t frame,
                        const media::DecodedFrame& decoded,
                        const model::Packet& packet) {
  const auto wrong = [&](const std::string& what) {
    return Wrong(expected, frame, what);
  };
  if (frame >= expected.chunk.range.end_frame)
    return wrong("one frame too many");
  if (decoded.damaged) return wrong("does not decode cleanly");
  if (decoded.picture.width() != expected.rung.width ||
      decoded.picture.height() != expected.rung.height) {
    return wrong(fmt::format("is {}x{}, not {}x{}", decoded.picture.width(),
                             decoded.picture.height(), expected.rung.width,
                             expected.rung.height));
  }
  if (packet.pts != expected.timeline.Start(frame)) {
    return wrong(fmt::format("is shown at tick {}, not {}", packet.pts,
                             expected.timeline.Start(frame)));
  }
  if (packet.key != StartsSegment(expected.chunk, frame)) {
    return wrong(packet.key ? "is a key frame inside a segment"
                            : "starts a segment and is no key frame");
  }
  return {};
}

}  // namespace

base::Status CheckChunk(const ExpectedChunk& expected,
                        std::span<const uint8_t> init,
                        std::span<const uint8_t> fragments) {
  std::vector<uint8_t> file(init.begin(), init.end());
  file.insert(file.end(), fragments.begin(), fragments.end());
  REEL_ASSIGN(media::FrameReader reader,
              media::FrameReader::OpenMemory({.bytes = file}));
  media::Fingerprinter fingerprinter;
  model::Fingerprints shown;
  const int64_t first = expected.chunk.range.first_frame;
  for (;;) {
    REEL_ASSIGN(const std::optional<media::DecodedFrame> frame, reader.Next());
    if (!frame) break;
    const int64_t number = first + static_cast<int64_t>(shown.size());
    REEL_TRY(CheckFrame(
        expected, number, *frame,
        reader.packets().packets[static_cast<size_t>(frame->packet)]));
    shown.push_back(fingerprinter.Next(frame->picture));
  }
  const int64_t frames = static_cast<int64_t>(shown.size());
  if (frames != expected.chunk.range.frames()) {
    return Wrong(expected, first + frames,
                 fmt::format("the chunk ends after {} of {} frames", frames,
                             expected.chunk.range.frames()));
  }
  const auto mismatches =
      model::MatchFingerprints(expected.source, expected.chunk.range, shown);
  if (!mismatches.empty()) {
    return Wrong(expected, mismatches.front().frame, mismatches.front().what);
  }
  return {};
}

}  // namespace reel::encode

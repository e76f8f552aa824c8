#include "encode/encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "base/digest.h"
#include "encode/chunk_check.h"
#include "encode/rate_plan.h"
#include "encode/rung_encoder.h"
#include "media/fingerprinter.h"
#include "media/fragment_writer.h"
#include "media/frame_reader.h"
#include "model/leaky_bucket.h"

namespace reel::encode {
namespace {

using FrameKind = media::VideoEncoder::FrameKind;
using Progress = std::function<bool(double)>;

// Ticks at which the frames of `range` are shown, and the end of the last.
std::vector<int64_t> StartsOf(const model::Timeline& timeline,
                              model::FrameRange range) {
  std::vector<int64_t> starts;
  for (int64_t f = range.first_frame; f <= range.end_frame; ++f) {
    starts.push_back(timeline.Start(f));
  }
  return starts;
}

// Whether a decoded frame is the one that was inspected. Bit for bit but for
// the change to the frame before, which a chunk's first frame does not know.
// Concealed damage may depend on where decoding began.
bool IsInspected(const media::DecodedFrame& frame,
                 const model::Fingerprint& seen,
                 const model::Fingerprint& inspected) {
  return frame.damaged || (seen.projection == inspected.projection &&
                           seen.mean == inspected.mean);
}

// Feeds the chunk's frames to all encoders: one decode. What a coder makes of
// small changes may look like a picture repeated, so that what it is fed is
// right is proved here, exactly.
base::Status FeedEncoders(const ChunkRequest& request,
                          std::span<RungEncoder> encoders,
                          const Progress& progress) {
  const model::FrameRange range = request.chunk.range;
  REEL_ASSIGN(
      media::FrameReader reader,
      media::FrameReader::OpenFrames(request.source_path, request.source.video,
                                     request.packets, request.frames, range));
  media::Fingerprinter fingerprinter;
  auto segment = request.chunk.segments.begin();
  for (int64_t f = range.first_frame; f < range.end_frame; ++f) {
    if (progress && !progress(static_cast<double>(f - range.first_frame) /
                              static_cast<double>(range.frames()))) {
      return base::Fail(base::Code::kCancelled, "stopped");
    }
    REEL_ASSIGN(const std::optional<media::DecodedFrame> frame, reader.Next());
    if (!frame) {
      return base::Fail(base::Code::kCorruptInput,
                        fmt::format("the source ends before frame {}", f));
    }
    if (!IsInspected(*frame, fingerprinter.Next(frame->picture),
                     request.fingerprints[static_cast<size_t>(f)])) {
      return base::Fail(
          base::Code::kOutputWrong,
          fmt::format("chunk {}: frame {} of the source decodes to another "
                      "picture than at its inspection",
                      request.chunk.index, f));
    }
    const bool key =
        segment != request.chunk.segments.end() && segment->first_frame == f;
    if (key) ++segment;
    for (RungEncoder& encoder : encoders) {
      REEL_TRY(encoder.Send(frame->picture, request.timeline.Start(f),
                            key ? FrameKind::kKey : FrameKind::kAny));
    }
  }
  for (RungEncoder& encoder : encoders) REEL_TRY(encoder.Finish());
  return {};
}

// By how many bits the chunk misses the rate bound; 0 when it holds.
int64_t ShortfallBits(const model::Rung& rung, const RungEncoder& encoder,
                      const model::Timeline& timeline,
                      std::span<const int64_t> starts) {
  std::vector<model::AccessUnit> units;
  for (size_t i = 0; i < encoder.packets().size(); ++i) {
    units.push_back(
        {.decode_ticks = starts[i],
         .bits = static_cast<int64_t>(8 * encoder.packets()[i].bytes.size())});
  }
  return model::ChunkShortfallBits(units, starts.back(),
                                   {.rate_bps = rung.maxrate_bps,
                                    .buffer_bits = rung.buffer_bits,
                                    .timescale_hz = timeline.timescale_hz},
                                   model::kReservePercent);
}

// Writes the fragments, one per segment, and the chunk's record.
base::Result<EncodedRung> WriteFragments(const ChunkRequest& request,
                                         const model::Rung& rung,
                                         const RungEncoder& encoder) {
  REEL_ASSIGN(media::FragmentWriter writer,
              media::FragmentWriter::OpenVideo(
                  encoder.encoder(), request.first_segment + 1,
                  request.timeline.LongestFrame()));
  EncodedRung out;
  out.init = writer.init();
  out.record = {.rendition = rung.id,
                .chunk = request.chunk.index,
                .range = request.chunk.range,
                .init_sha256 = base::Sha256(out.init),
                .segments = {}};
  std::span<const media::CodedPacket> packets = encoder.packets();
  for (const model::FrameRange& segment : request.chunk.segments) {
    const auto frames = static_cast<size_t>(segment.frames());
    if (packets.size() < frames) {
      return base::Fail(
          base::Code::kOutputWrong,
          fmt::format("{}, chunk {}: the encoder swallowed frames", rung.id,
                      request.chunk.index));
    }
    const std::vector<int64_t> starts = StartsOf(request.timeline, segment);
    REEL_ASSIGN(const std::vector<uint8_t> fragment,
                writer.WriteSegment(packets.first(frames), starts));
    packets = packets.subspan(frames);
    out.record.segments.push_back(
        {.range = segment,
         .start_ticks = starts.front(),
         .duration_ticks = starts.back() - starts.front(),
         .bytes = static_cast<int64_t>(fragment.size()),
         .sha256 = base::Sha256(fragment)});
    out.fragments.insert(out.fragments.end(), fragment.begin(), fragment.end());
  }
  return out;
}

// Encodes one rung again until its bits keep the rate bound.
base::Result<int> RepairRate(const ChunkRequest& request,
                             const model::Rung& rung,
                             std::span<const int64_t> starts,
                             RungEncoder& encoder) {
  int attempts = 1;
  for (; attempts < kMaxAttempts; ++attempts) {
    const int64_t shortfall =
        ShortfallBits(rung, encoder, request.timeline, starts);
    if (shortfall == 0) return attempts;
    RateControl rate =
        PlanRate(rung, attempts, shortfall, starts.back() - starts.front(),
                 request.timeline.timescale_hz);
    // A lower peak rate could pass for a lower level; the header must not
    // change.
    rate.level_idc = encoder.encoder().level_idc();
    REEL_ASSIGN(RungEncoder again,
                RungEncoder::Open(rung, rate, request.timeline,
                                  request.source.video.color));
    REEL_TRY(FeedEncoders(request, {&again, 1}, {}));
    encoder = std::move(again);
  }
  // What is left over is judged where it matters: over the joined stream.
  return attempts;
}

base::Result<EncodedRung> FinishRung(const ChunkRequest& request,
                                     const model::Rung& rung,
                                     RungEncoder& encoder) {
  const model::FrameRange range = request.chunk.range;
  const std::vector<int64_t> starts = StartsOf(request.timeline, range);
  if (encoder.packets().size() + 1 != starts.size()) {
    return base::Fail(
        base::Code::kOutputWrong,
        fmt::format(
            "{}, chunk {}: {} frames went into the encoder, {} came out",
            rung.id, request.chunk.index, range.frames(),
            encoder.packets().size()));
  }
  REEL_ASSIGN(const int attempts, RepairRate(request, rung, starts, encoder));
  REEL_ASSIGN(EncodedRung out, WriteFragments(request, rung, encoder));
  out.record.attempts = attempts;
  REEL_TRY(CheckChunk({.rung = rung,
                       .chunk = request.chunk,
                       .timeline = request.timeline,
                       .source = request.fingerprints},
                      out.init, out.fragments));
  return out;
}

}  // namespace

base::Result<std::vector<EncodedRung>> EncodeChunk(const ChunkRequest& request,
                                                   const Progress& progress) {
  std::vector<RungEncoder> encoders;
  for (const model::Rung& rung : request.rungs) {
    REEL_ASSIGN(
        RungEncoder encoder,
        RungEncoder::Open(rung, PlanRate(rung, 0, 0, 0, 1), request.timeline,
                          request.source.video.color));
    encoders.push_back(std::move(encoder));
  }
  REEL_TRY(FeedEncoders(request, encoders, progress));
  std::vector<EncodedRung> done;
  for (size_t i = 0; i < encoders.size(); ++i) {
    REEL_ASSIGN(EncodedRung rung,
                FinishRung(request, request.rungs[i], encoders[i]));
    done.push_back(std::move(rung));
  }
  return done;
}

}  // namespace reel::encode

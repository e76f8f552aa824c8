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
  return {};
}

// What is left of an encoder when its work is done and its memory given back.
struct CodedRung {
  std::vector<media::CodedPacket> packets;  // decode order
  media::FragmentWriter writer;
  int level_idc = 0;
};

base::Result<CodedRung> CloseEncoder(const ChunkRequest& request,
                                     RungEncoder encoder) {
  REEL_TRY(encoder.Finish());
  REEL_ASSIGN(media::FragmentWriter writer,
              media::FragmentWriter::OpenVideo(
                  encoder.encoder(), request.first_segment + 1,
                  request.timeline.LongestFrame()));
  return CodedRung{encoder.TakePackets(), std::move(writer),
                   encoder.encoder().level_idc()};
}

// Encodes rungs side by side, from one decode.
//   rates  [rungs]
base::Result<std::vector<CodedRung>> EncodeRungs(
    const ChunkRequest& request, std::span<const model::Rung> rungs,
    std::span<const RateControl> rates, const Progress& progress) {
  std::vector<RungEncoder> encoders;
  for (size_t i = 0; i < rungs.size(); ++i) {
    REEL_ASSIGN(RungEncoder encoder,
                RungEncoder::Open(rungs[i], rates[i], request.timeline,
                                  request.source.video.color));
    encoders.push_back(std::move(encoder));
  }
  REEL_TRY(FeedEncoders(request, encoders, progress));
  std::vector<CodedRung> done;
  for (RungEncoder& encoder : encoders) {
    REEL_ASSIGN(CodedRung coded, CloseEncoder(request, std::move(encoder)));
    done.push_back(std::move(coded));
  }
  return done;
}

// By how many bits the chunk misses the rate bound; 0 when it holds.
int64_t ShortfallBits(const model::Rung& rung, const CodedRung& coded,
                      const model::Timeline& timeline,
                      std::span<const int64_t> starts) {
  std::vector<model::AccessUnit> units;
  for (size_t i = 0; i < coded.packets.size(); ++i) {
    units.push_back(
        {.decode_ticks = starts[i],
         .bits = static_cast<int64_t>(8 * coded.packets[i].bytes.size())});
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
                                         CodedRung coded) {
  EncodedRung out;
  out.init = coded.writer.init();
  out.record = {.rendition = rung.id,
                .chunk = request.chunk.index,
                .range = request.chunk.range,
                .init_sha256 = base::Sha256(out.init),
                .segments = {}};
  std::span<const media::CodedPacket> packets = coded.packets;
  for (const model::FrameRange& segment : request.chunk.segments) {
    const auto frames = static_cast<size_t>(segment.frames());
    if (packets.size() < frames) {
      return base::Fail(
          base::Code::kOutputWrong,
          fmt::format("{}, chunk {}: the encoder swallowed frames", rung.id,
                      request.chunk.index));
    }
    const std::vector<int64_t> starts =
        request.timeline.Starts(segment.first_frame, segment.end_frame);
    REEL_ASSIGN(const std::vector<uint8_t> fragment,
                coded.writer.WriteSegment(packets.first(frames), starts));
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

// Encodes one rung again until its bits keep the rate bound. Returns the number
// of encodes.
base::Result<int> RepairRate(const ChunkRequest& request,
                             const model::Rung& rung,
                             std::span<const int64_t> starts,
                             CodedRung& coded) {
  int attempts = 1;
  for (; attempts < kMaxAttempts; ++attempts) {
    const int64_t shortfall =
        ShortfallBits(rung, coded, request.timeline, starts);
    if (shortfall == 0) return attempts;
    RateControl rate =
        PlanRate(rung, attempts, shortfall, starts.back() - starts.front(),
                 request.timeline.timescale_hz);
    // A lower peak rate could pass for a lower level; the header must not
    // change.
    rate.level_idc = coded.level_idc;
    REEL_ASSIGN(std::vector<CodedRung> again,
                EncodeRungs(request, {&rung, 1}, {&rate, 1}, {}));
    coded = std::move(again.front());
  }
  // What is left over is judged where it matters: over the joined stream.
  return attempts;
}

base::Result<EncodedRung> FinishRung(const ChunkRequest& request,
                                     const model::Rung& rung, CodedRung coded) {
  const model::FrameRange range = request.chunk.range;
  const std::vector<int64_t> starts =
      request.timeline.Starts(range.first_frame, range.end_frame);
  if (coded.packets.size() + 1 != starts.size()) {
    return base::Fail(
        base::Code::kOutputWrong,
        fmt::format(
            "{}, chunk {}: {} frames went into the encoder, {} came out",
            rung.id, request.chunk.index, range.frames(),
            coded.packets.size()));
  }
  REEL_ASSIGN(const int attempts, RepairRate(request, rung, starts, coded));
  REEL_ASSIGN(EncodedRung out, WriteFragments(request, rung, std::move(coded)));
  out.record.attempts = attempts;
  REEL_TRY(CheckChunk({.rung = rung,
                       .chunk = request.chunk,
                       .timeline = request.timeline,
                       .source = request.fingerprints},
                      out.init, out.fragments));
  return out;
}

// An encoder holds some 50 frames to look ahead: 170 bytes a pixel with x264's
// preset medium. Ladders up to 720p fit into one group.
constexpr int64_t kGroupPixels = 1'500'000;

int64_t PixelsOf(const model::Rung& rung) {
  return int64_t{rung.width} * rung.height;
}

}  // namespace

std::vector<std::vector<size_t>> GroupRungs(
    std::span<const model::Rung> rungs) {
  int64_t capacity = kGroupPixels;
  for (const model::Rung& rung : rungs) {
    capacity = std::max(capacity, PixelsOf(rung));
  }
  std::vector<std::vector<size_t>> groups;
  int64_t room = 0;
  for (size_t i = 0; i < rungs.size(); ++i) {
    const int64_t pixels = PixelsOf(rungs[i]);
    if (groups.empty() || pixels > room) {
      groups.emplace_back();
      room = capacity;
    }
    groups.back().push_back(i);
    room -= pixels;
  }
  return groups;
}

base::Result<std::vector<EncodedRung>> EncodeChunk(const ChunkRequest& request,
                                                   const Progress& progress) {
  std::vector<RateControl> rates;
  for (const model::Rung& rung : request.rungs)
    rates.push_back(PlanRate(rung, 0, 0, 0, 1));
  REEL_ASSIGN(std::vector<CodedRung> coded,
              EncodeRungs(request, request.rungs, rates, progress));
  std::vector<EncodedRung> done;
  for (size_t i = 0; i < coded.size(); ++i) {
    REEL_ASSIGN(EncodedRung rung,
                FinishRung(request, request.rungs[i], std::move(coded[i])));
    done.push_back(std::move(rung));
  }
  return done;
}

}  // namespace reel::encode

#include "faults/lab.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/digest.h"
#include "base/file.h"
#include "media/fingerprinter.h"
#include "media/fragment_writer.h"
#include "media/frame_reader.h"
#include "media/mp4_track.h"
#include "media/packet_scan.h"
#include "media/scaler.h"
#include "media/segment_index.h"
#include "media/source_probe.h"

namespace reel::faults {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

// Packets of key frames, that shown at `start_seconds` or the last before the
// end first.
Result<int64_t> FirstKey(const model::PacketIndex& index,
                         base::Rational time_base, double start_seconds) {
  std::optional<int64_t> found;
  for (size_t n = 0; n < index.packets.size(); ++n) {
    const model::Packet& packet = index.packets[n];
    if (!packet.key) continue;
    if (!found || (packet.pts != model::kNoTime &&
                   base::Seconds(packet.pts, time_base) <= start_seconds))
      found = static_cast<int64_t>(n);
  }
  if (!found) return Fail(Code::kCorruptInput, "no key frame");
  return *found;
}

// Even, about as wide as the excerpt at this height.
model::Rung RungOf(const Excerpt& excerpt, const std::string& preset,
                   int lines) {
  const media::Picture& picture = excerpt.pictures.front();
  const int height = std::min(lines, picture.height()) / 2 * 2;
  const int width =
      std::max(2, (picture.width() * height / picture.height() + 1) / 2 * 2);
  model::Rung rung;
  rung.preset = preset;
  rung.width = width;
  rung.height = height;
  return rung;
}

Result<media::VideoEncoder> OpenEncoder(const Excerpt& scaled,
                                        const model::Rung& rung) {
  media::VideoEncoderSettings settings{
      .profile = rung.profile,
      .preset = rung.preset,
      .width = rung.width,
      .height = rung.height,
      .crf = rung.crf,
      .maxrate_bps = rung.maxrate_bps,
      .buffer_bits = rung.buffer_bits,
      .timescale_hz = scaled.timeline.timescale_hz,
      .frame_rate = scaled.timeline.FrameRate(),
      .color = scaled.color};
  settings.color.range = "tv";
  return media::VideoEncoder::Open(settings);
}

Result<std::vector<media::CodedPacket>> Encode(
    const Excerpt& scaled, media::VideoEncoder& encoder,
    const std::vector<model::FrameRange>& segments,
    const std::vector<int64_t>& order) {
  using FrameKind = media::VideoEncoder::FrameKind;
  std::vector<media::CodedPacket> packets;
  const int64_t first = segments.front().first_frame;
  for (size_t k = 0; k < order.size(); ++k) {
    const int64_t frame = first + static_cast<int64_t>(k);
    const bool key =
        std::any_of(segments.begin(), segments.end(),
                    [&](const auto& s) { return s.first_frame == frame; });
    REEL_ASSIGN(auto ready,
                encoder.Send(scaled.pictures[static_cast<size_t>(order[k])],
                             scaled.timeline.Start(frame),
                             key ? FrameKind::kKey : FrameKind::kAny));
    std::move(ready.begin(), ready.end(), std::back_inserter(packets));
  }
  REEL_ASSIGN(auto last, encoder.Finish());
  std::move(last.begin(), last.end(), std::back_inserter(packets));
  return packets;
}

}  // namespace

Result<Excerpt> LoadExcerpt(const std::string& path, double start_seconds,
                            int64_t frames) {
  REEL_ASSIGN(const model::Source source, media::ProbeSource(path));
  if (source.video.index < 0) return Fail(Code::kUnsupported, "no picture");
  REEL_ASSIGN(const media::PacketScan scan,
              media::ScanPackets(path, source, {}));
  REEL_ASSIGN(const int64_t key,
              FirstKey(scan.video, source.video.time_base, start_seconds));
  REEL_ASSIGN(media::FrameReader reader,
              media::FrameReader::OpenPiece(
                  path, source.video, scan.video, key, std::nullopt,
                  media::FrameReader::Overlap::kNone));
  Excerpt excerpt;
  excerpt.name = path.substr(path.rfind('/') + 1);
  excerpt.color = source.video.color;
  media::Fingerprinter fingerprinter;
  while (excerpt.frames() < frames) {
    REEL_ASSIGN(auto frame, reader.Next());
    if (!frame) break;
    excerpt.fingerprints.push_back(fingerprinter.Next(frame->picture));
    excerpt.pictures.push_back(std::move(frame->picture));
  }
  if (excerpt.frames() < 2) return Fail(Code::kUnsupported, "too short");
  // Exact rates need not concern the faults; whole ticks do.
  const double rate = base::ToDouble(source.video.frame_rate);
  const auto whole = static_cast<int64_t>(rate >= 5 && rate <= 300 ? rate : 25);
  excerpt.timeline = {.timescale_hz = whole * 512,
                      .frames = excerpt.frames(),
                      .frame_ticks = 512,
                      .starts = {}};
  return excerpt;
}

model::Rung LowestRung(const Excerpt& excerpt, const std::string& preset) {
  model::Rung rung = RungOf(excerpt, preset, 240);
  rung.id = "240p-h264";
  rung.profile = "h264-baseline";
  rung.crf = 23;
  rung.rate_bps = 400'000;
  rung.maxrate_bps = 600'000;
  rung.buffer_bits = 800'000;
  return rung;
}

model::Rung WorstRung(const Excerpt& excerpt, const std::string& preset) {
  model::Rung rung = RungOf(excerpt, preset, 480);
  rung.id = "crf45-h264";
  rung.profile = "h264-main";
  rung.crf = 45;
  rung.rate_bps = 6'000'000;
  rung.maxrate_bps = 9'000'000;
  rung.buffer_bits = 12'000'000;
  return rung;
}

Result<Excerpt> ScaleTo(const Excerpt& excerpt, const model::Rung& rung) {
  REEL_ASSIGN(
      media::Scaler scaler,
      media::Scaler::Create({.width = rung.width, .height = rung.height}));
  Excerpt scaled;
  scaled.name = excerpt.name;
  scaled.timeline = excerpt.timeline;
  scaled.color = excerpt.color;
  for (const media::Picture& picture : excerpt.pictures) {
    REEL_ASSIGN(media::Picture small, scaler.Scale(picture));
    scaled.pictures.push_back(std::move(small));
  }
  return scaled;
}

Result<CodedChunk> EncodeChunk(const Excerpt& scaled, const model::Rung& rung,
                               int64_t number,
                               const std::vector<model::FrameRange>& segments,
                               const std::vector<int64_t>& order) {
  REEL_ASSIGN(media::VideoEncoder encoder, OpenEncoder(scaled, rung));
  CodedChunk chunk;
  REEL_ASSIGN(chunk.packets, Encode(scaled, encoder, segments, order));
  const int64_t first_sequence =
      segments.front().first_frame / segments.front().frames() + 1;
  REEL_ASSIGN(media::FragmentWriter writer,
              media::FragmentWriter::OpenVideo(encoder, first_sequence,
                                               scaled.timeline.LongestFrame()));
  chunk.init = writer.init();
  chunk.receipt = {
      .rendition = rung.id,
      .chunk = number,
      .range = {segments.front().first_frame, segments.back().end_frame},
      .init_sha256 = base::Sha256(chunk.init),
      .segments = {}};
  std::span<const media::CodedPacket> rest = chunk.packets;
  for (const model::FrameRange& segment : segments) {
    const auto count = static_cast<size_t>(segment.frames());
    if (rest.size() < count) return Fail(Code::kInternal, "too few packets");
    const auto starts =
        scaled.timeline.Starts(segment.first_frame, segment.end_frame);
    REEL_ASSIGN(Bytes fragment, writer.WriteSegment(rest.first(count), starts));
    rest = rest.subspan(count);
    chunk.receipt.segments.push_back(
        {.range = segment,
         .start_ticks = starts.front(),
         .duration_ticks = starts.back() - starts.front(),
         .bytes = std::ssize(fragment),
         .sha256 = base::Sha256(fragment)});
    chunk.fragments.push_back(std::move(fragment));
  }
  return chunk;
}

Result<Bytes> WriteFragment(const Excerpt& scaled, const model::Rung& rung,
                            int64_t sequence,
                            std::vector<media::CodedPacket> packets,
                            const std::vector<int64_t>& starts) {
  REEL_ASSIGN(media::VideoEncoder encoder, OpenEncoder(scaled, rung));
  REEL_ASSIGN(media::FragmentWriter writer,
              media::FragmentWriter::OpenVideo(encoder, sequence,
                                               scaled.timeline.LongestFrame()));
  std::vector<size_t> by_time(packets.size());
  std::iota(by_time.begin(), by_time.end(), 0u);
  std::stable_sort(by_time.begin(), by_time.end(), [&](size_t a, size_t b) {
    return packets[a].pts < packets[b].pts;
  });
  for (size_t k = 0; k < by_time.size(); ++k)
    packets[by_time[k]].pts = starts[k];
  return writer.WriteSegment(packets, starts);
}

Result<Title> EncodeTitle(const Excerpt& scaled, const model::Rung& rung,
                          int64_t frames_per_segment,
                          int64_t segments_per_chunk) {
  Title title{.rung = rung, .chunks = {}, .segments = {}};
  for (int64_t k = 0; k < scaled.frames(); k += frames_per_segment) {
    const int64_t end = std::min(k + frames_per_segment, scaled.frames());
    title.segments.push_back({k, end});
  }
  const auto step = static_cast<size_t>(segments_per_chunk);
  for (size_t s = 0; s < title.segments.size(); s += step) {
    const std::vector<model::FrameRange> own(
        title.segments.begin() + static_cast<ptrdiff_t>(s),
        title.segments.begin() +
            static_cast<ptrdiff_t>(std::min(s + step, title.segments.size())));
    std::vector<int64_t> order(
        static_cast<size_t>(own.back().end_frame - own.front().first_frame));
    std::iota(order.begin(), order.end(), own.front().first_frame);
    REEL_ASSIGN(
        CodedChunk chunk,
        EncodeChunk(scaled, rung, std::ssize(title.chunks), own, order));
    title.chunks.push_back(std::move(chunk));
  }
  return title;
}

Result<assemble::PieceVerdict> Validate(const Excerpt& source,
                                        const Title& title,
                                        const std::string& directory) {
  const std::string path = directory + "/track.mp4";
  REEL_ASSIGN(const media::TrackHeader header,
              media::ParseTrackHeader(title.chunks.front().init));
  media::SegmentIndex index;
  index.track_id = header.track_id;
  index.timescale_hz = header.timescale_hz;
  std::vector<model::EncodedChunk> receipts;
  Bytes media;
  for (const CodedChunk& chunk : title.chunks) {
    receipts.push_back(chunk.receipt);
    for (const auto& segment : chunk.receipt.segments)
      index.references.push_back({segment.bytes, segment.duration_ticks});
    for (const Bytes& fragment : chunk.fragments)
      media.insert(media.end(), fragment.begin(), fragment.end());
  }
  REEL_ASSIGN(const Bytes sidx, media::WriteSegmentIndex(index));
  Bytes file = title.chunks.front().init;
  model::VideoTrackFile track;
  track.rendition = title.rung.id;
  track.width = title.rung.width;
  track.height = title.rung.height;
  track.timescale_hz = header.timescale_hz;
  track.init_bytes = std::ssize(file);
  track.index_bytes = std::ssize(sidx);
  file.insert(file.end(), sidx.begin(), sidx.end());
  file.insert(file.end(), media.begin(), media.end());
  REEL_TRY(base::WriteFileAtomically(path, file));
  return assemble::ValidatePiece({.path = path,
                                  .track = track,
                                  .receipts = receipts,
                                  .range = {0, source.frames()},
                                  .fingerprints = source.fingerprints,
                                  .timeline = source.timeline});
}

}  // namespace reel::faults

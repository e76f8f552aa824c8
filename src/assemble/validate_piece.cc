#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "assemble/validate.h"
#include "assemble/validate_checks.h"
#include "base/digest.h"
#include "base/file.h"
#include "media/fingerprinter.h"
#include "media/frame_reader.h"
#include "media/mp4_box.h"
#include "media/mp4_track.h"
#include "media/segment_index.h"
#include "model/fingerprint_match.h"

namespace reel::assemble {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using Bytes = std::vector<uint8_t>;

constexpr size_t kFaultsKept = 20;

// A segment as receipted, and where it has to lie in the file.
struct Place {
  const model::EncodedSegment* segment;
  int64_t chunk;
  int64_t offset;
};

class PieceValidator {
 public:
  PieceValidator(const PieceRequest& request, base::File file)
      : request_(request), file_(std::move(file)) {
    verdict_.rendition = request.track.rendition;
    verdict_.range = request.range;
  }

  Result<PieceVerdict> Run() {
    REEL_TRY(FindPlaces());
    REEL_TRY(CheckInit());
    if (request_.range.first_frame == 0) REEL_TRY(CheckIndex());
    if (places_.back().segment == &request_.receipts.back().segments.back())
      REEL_TRY(CheckEnd());
    for (const Place& place : places_) REEL_TRY(CheckFragment(place));
    REEL_TRY(CheckContent());
    CountReceiptOnly();
    return std::move(verdict_);
  }

 private:
  void Fault(const char* check, int64_t chunk, int64_t frame,
             std::string what) {
    ++verdict_.faults_found;
    if (verdict_.faults.size() < kFaultsKept)
      verdict_.faults.push_back({check, chunk, frame, std::move(what)});
  }
  void Fault(const char* check, const Place& place, std::string what) {
    Fault(check, place.chunk, place.segment->range.first_frame,
          std::move(what));
  }

  // The segments of the range. Their offsets follow from the receipts, not from
  // what the file or its facts say.
  Status FindPlaces() {
    const model::FrameRange& range = request_.range;
    int64_t offset = request_.track.init_bytes + request_.track.index_bytes;
    int64_t frame = range.first_frame;
    for (const model::EncodedChunk& chunk : request_.receipts) {
      for (const model::EncodedSegment& segment : chunk.segments) {
        if (segment.range.first_frame == frame && frame < range.end_frame) {
          places_.push_back({&segment, chunk.chunk, offset});
          frame = segment.range.end_frame;
        }
        offset += segment.bytes;
      }
    }
    end_of_file_ = offset;
    const model::Timeline& timeline = request_.timeline;
    if (!places_.empty() && frame == range.end_frame &&
        frame <= timeline.frames &&
        frame <= static_cast<int64_t>(request_.fingerprints.size()))
      return {};
    return Fail(
        Code::kInvalidArgument,
        fmt::format("{}: frames {} to {} are not whole segments",
                    verdict_.rendition, range.first_frame, range.end_frame));
  }

  // Bytes [offset, offset + size) or, at the end of the file, fewer.
  Result<Bytes> Read(int64_t offset, int64_t size) const {
    REEL_ASSIGN(const int64_t length, file_.Size());
    const int64_t there = std::clamp<int64_t>(length - offset, 0, size);
    Bytes bytes(static_cast<size_t>(there));
    size_t got = 0;
    while (got < bytes.size()) {
      REEL_ASSIGN(const size_t n,
                  file_.ReadAt(offset + static_cast<int64_t>(got),
                               std::span(bytes).subspan(got)));
      if (n == 0) break;
      got += n;
    }
    bytes.resize(got);
    return bytes;
  }

  Status CheckInit() {
    REEL_ASSIGN(init_, Read(0, request_.track.init_bytes));
    const std::string digest = base::Sha256(init_);
    for (const model::EncodedChunk& chunk : request_.receipts) {
      if (chunk.init_sha256 != digest) {
        Fault(checks::kInit, chunk.chunk, chunk.range.first_frame,
              "was encoded with another init segment than the file has");
      }
    }
    auto header = media::ParseTrackHeader(init_);
    if (!header) {
      Fault(checks::kInit, -1, -1, header.error().message);
      return {};
    }
    if (header->timescale_hz != request_.timeline.timescale_hz) {
      Fault(checks::kTimes, -1, -1,
            fmt::format("has {} ticks a second, not {}", header->timescale_hz,
                        request_.timeline.timescale_hz));
    }
    header_ = *std::move(header);
    return {};
  }

  Status CheckIndex() {
    REEL_ASSIGN(const Bytes bytes,
                Read(request_.track.init_bytes, request_.track.index_bytes));
    const auto index = media::ParseSegmentIndex(bytes);
    if (!index) {
      Fault(checks::kIndex, -1, -1, index.error().message);
      return {};
    }
    size_t next = 0;
    for (const model::EncodedChunk& chunk : request_.receipts) {
      for (const model::EncodedSegment& segment : chunk.segments) {
        if (next < index->references.size() &&
            index->references[next].bytes == segment.bytes &&
            index->references[next].duration_ticks == segment.duration_ticks) {
          ++next;
          continue;
        }
        Fault(checks::kIndex, chunk.chunk, segment.range.first_frame,
              "the index has another size or duration for this segment");
        return {};
      }
    }
    if (next != index->references.size())
      Fault(checks::kIndex, -1, -1, "the index has too many segments");
    return {};
  }

  Status CheckEnd() {
    REEL_ASSIGN(const int64_t size, file_.Size());
    if (size != end_of_file_) {
      Fault(checks::kReceipts, places_.back(),
            fmt::format("the file has {} bytes, not {}", size, end_of_file_));
    }
    return {};
  }

  // The fragment's bytes, then what its boxes say of every frame.
  Status CheckFragment(const Place& place) {
    REEL_ASSIGN(const Bytes bytes, Read(place.offset, place.segment->bytes));
    if (base::Sha256(bytes) != place.segment->sha256)
      Fault(checks::kReceipts, place, "is not what was encoded for this place");
    media_.insert(media_.end(), bytes.begin(), bytes.end());
    if (!header_) return {};
    if (auto status = CheckBoxes(place, bytes); !status)
      Fault(checks::kTimes, place, status.error().message);
    return {};
  }

  // Errors: the fragment cannot be read as one.
  Status CheckBoxes(const Place& place, const Bytes& bytes) {
    std::span<const uint8_t> rest = bytes;
    REEL_ASSIGN(const auto moof, media::TakeBox(rest));
    if (!moof || moof->type != "moof")
      return Fail(Code::kCorruptInput, "has no moof");
    REEL_ASSIGN(
        const media::Fragment fragment,
        media::ParseFragment(std::span(bytes).first(bytes.size() - rest.size()),
                             *header_));
    CheckTimes(place, fragment);
    for (size_t k = 0; k < fragment.samples.size(); ++k) {
      if (fragment.samples[k].sync == (k == 0)) continue;
      Fault(checks::kKeyFrames, place,
            k == 0 ? "does not start with a key frame"
                   : "has a key frame inside");
      break;
    }
    return {};
  }

  // Decode times leave no gap, and the instants of presentation are exactly
  // those of the frames.
  void CheckTimes(const Place& place, const media::Fragment& fragment) {
    const model::Timeline& timeline = request_.timeline;
    const model::FrameRange& range = place.segment->range;
    const auto samples = std::ssize(fragment.samples);
    if (samples != range.frames()) {
      Fault(checks::kComplete, place,
            fmt::format("the segment has {} frames, not {}", samples,
                        range.frames()));
      return;
    }
    std::vector<int64_t> shown;
    int64_t decode = fragment.decode_ticks;
    if (decode != timeline.Start(range.first_frame)) {
      Fault(checks::kTimes, place,
            fmt::format("starts at tick {}, not {}", decode,
                        timeline.Start(range.first_frame)));
    }
    for (const media::Sample& sample : fragment.samples) {
      shown.push_back(decode + sample.composition_ticks -
                      header_->edit_start_ticks);
      decode += sample.duration_ticks;
    }
    if (decode != timeline.Start(range.end_frame)) {
      Fault(checks::kTimes, place,
            fmt::format("ends at tick {}, not {}", decode,
                        timeline.Start(range.end_frame)));
    }
    std::sort(shown.begin(), shown.end());
    for (int64_t k = 0; k < samples; ++k) {
      const int64_t frame = range.first_frame + k;
      const int64_t at = shown[static_cast<size_t>(k)];
      if (at == timeline.Start(frame)) continue;
      Fault(checks::kTimes, place.chunk, frame,
            fmt::format("is shown at tick {}, not {}", at,
                        timeline.Start(frame)));
      break;
    }
  }

  Status CheckContent() {
    Bytes file = std::move(init_);
    file.insert(file.end(), media_.begin(), media_.end());
    media_ = {};
    auto shown = Decode(file);
    if (!shown) {
      // Bytes that nothing can read are a wrong track; a full disk is not.
      if (base::MayRetry(shown.error().code) &&
          shown.error().code != Code::kOutputWrong)
        return tl::unexpected(std::move(shown).error());
      Fault(checks::kDecodes, places_.front(), shown.error().message);
      return {};
    }
    verdict_.frames_decoded = std::ssize(*shown);
    if (verdict_.frames_decoded != request_.range.frames()) {
      Fault(checks::kComplete, places_.front(),
            fmt::format("{} frames come out of the decoder, not {}",
                        verdict_.frames_decoded, request_.range.frames()));
    }
    std::vector<int64_t> chunk_ends;
    for (const model::EncodedChunk& chunk : request_.receipts)
      chunk_ends.push_back(chunk.range.end_frame);
    const auto mismatches = model::MatchFingerprints(
        request_.fingerprints, request_.range, *shown, chunk_ends);
    for (const model::FrameMismatch& m : mismatches)
      Fault(checks::kOrder, ChunkOf(m.frame), m.frame, m.what);
    return {};
  }

  Result<model::Fingerprints> Decode(const Bytes& file) {
    REEL_ASSIGN(media::FrameReader reader,
                media::FrameReader::OpenMemory({.bytes = file}));
    media::Fingerprinter fingerprinter;
    model::Fingerprints shown;
    for (;;) {
      REEL_ASSIGN(const std::optional<media::DecodedFrame> frame,
                  reader.Next());
      if (!frame) break;
      const int64_t number = request_.range.first_frame + std::ssize(shown);
      CheckPicture(number, *frame);
      shown.push_back(fingerprinter.Next(frame->picture));
    }
    for (const auto& complaint : reader.complaints()) {
      Fault(checks::kDecodes, -1, request_.range.first_frame + complaint.packet,
            complaint.text);
    }
    return shown;
  }

  void CheckPicture(int64_t number, const media::DecodedFrame& frame) {
    if (frame.damaged)
      Fault(checks::kDecodes, ChunkOf(number), number, "is damaged");
    const int width = frame.picture.width(), height = frame.picture.height();
    if (width == request_.track.width && height == request_.track.height)
      return;
    Fault(checks::kSize, ChunkOf(number), number,
          fmt::format("is {}x{}, not {}x{}", width, height,
                      request_.track.width, request_.track.height));
  }

  int64_t ChunkOf(int64_t frame) const {
    for (const Place& place : places_) {
      if (frame < place.segment->range.end_frame) return place.chunk;
    }
    return places_.back().chunk;
  }

  void CountReceiptOnly() {
    const auto first = static_cast<size_t>(
        std::max<int64_t>(request_.range.first_frame - 1, 0));
    const auto end = static_cast<size_t>(request_.range.end_frame);
    verdict_.frames_by_receipt_only = model::CountIndistinct(
        request_.fingerprints.subspan(first, end - first));
  }

  const PieceRequest& request_;
  base::File file_;
  std::vector<Place> places_;
  int64_t end_of_file_ = 0;
  Bytes init_;
  Bytes media_;  // the fragments
  std::optional<media::TrackHeader> header_;
  PieceVerdict verdict_;
};

}  // namespace

Result<PieceVerdict> ValidatePiece(const PieceRequest& request) {
  REEL_ASSIGN(base::File file, base::File::OpenForReading(request.path));
  return PieceValidator(request, std::move(file)).Run();
}

}  // namespace reel::assemble

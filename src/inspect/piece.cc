#include <iterator>
#include <memory>
#include <utility>

#include "base/digest.h"
#include "inspect/checks.h"
#include "inspect/inspect.h"
#include "media/av_error.h"
#include "media/fingerprinter.h"

namespace reel::inspect {
namespace {

std::string PixelSha256(const media::Picture& picture) {
  base::Sha256Stream digest;
  for (int p = 0; p < picture.planes(); ++p) {
    const media::Plane plane = picture.plane(p);
    const auto row_bytes =
        static_cast<size_t>(plane.width * plane.bytes_per_sample);
    for (int y = 0; y < plane.height; ++y) {
      digest.Update({plane.data + y * plane.stride_bytes, row_bytes});
    }
  }
  return digest.Finish();
}

// Sees the frames of one piece on behalf of PieceResult.
class Recorder : public media::FrameObserver {
 public:
  Recorder(const model::Source& source, const model::PacketIndex& packets,
           const PieceRange& range)
      : packets_(packets), meter_(source.video.color) {
    result_.notes.range = range;
    for (const FrameCheck& check : FrameChecks()) {
      watches_.push_back(check.watch());
    }
  }

  base::Status See(const media::DecodedFrame& frame) override {
    const model::Packet& packet =
        packets_.packets[static_cast<size_t>(frame.packet)];
    NoteSeam(frame, packet.key);
    // The time of a packet is that of its first frame.
    const bool is_second =
        !result_.frames.empty() && result_.frames.back().packet == frame.packet;
    result_.frames.push_back(
        {frame.packet, is_second ? model::kNoTime : packet.pts});
    result_.fingerprints.push_back(fingerprinter_.Next(frame.picture));
    REEL_ASSIGN(const PictureStats stats, meter_.Next(frame.picture));
    result_.pictures.push_back(stats);
    for (const auto& watch : watches_) REEL_TRY(watch->See(frame));
    return {};
  }

  void Note(const std::vector<media::FrameReader::Complaint>& complaints) {
    for (const auto& complaint : complaints) {
      result_.notes.refused.push_back({complaint.packet, complaint.text});
    }
  }

  // Where the media's faults allow no more reading.
  void NoteEnd(const std::string& reason) {
    result_.notes.refused.push_back({result_.frames.empty()
                                         ? result_.notes.range.first_key
                                         : result_.frames.back().packet,
                                     reason});
  }

  PieceResult Finish() {
    for (size_t n = 0; n < watches_.size(); ++n) {
      result_.notes.checks[FrameChecks()[n].name] = watches_[n]->State();
    }
    return std::move(result_);
  }

 private:
  // A damaged key packet gives no frame; the next one then takes its place, on
  // both sides of the seam.
  void NoteSeam(const media::DecodedFrame& frame, bool is_key) {
    PieceNotes& notes = result_.notes;
    if (result_.frames.empty()) {
      notes.first_sha256 = PixelSha256(frame.picture);
    }
    if (is_key && notes.range.end_key && frame.packet >= *notes.range.end_key) {
      notes.overlap_sha256 = PixelSha256(frame.picture);
    }
  }

  const model::PacketIndex& packets_;
  PieceResult result_;
  media::Fingerprinter fingerprinter_;
  PictureMeter meter_;
  std::vector<std::unique_ptr<FrameWatch>> watches_;
};

// Errors: the media's faults too.
base::Status Watch(media::FrameReader& reader, Recorder& recorder,
                   std::span<media::FrameObserver* const> more) {
  for (;;) {
    REEL_ASSIGN(const auto frame, reader.Next());
    if (!frame) return {};
    REEL_TRY(recorder.See(*frame));
    for (media::FrameObserver* observer : more) REEL_TRY(observer->See(*frame));
  }
}

bool SeamHolds(const PieceNotes& a, const PieceNotes& b) {
  return a.overlap_sha256 == b.first_sha256;
}

void Join(PieceRange& range, const PieceRange& next) {
  range.false_keys.push_back(next.first_key);
  range.false_keys.insert(range.false_keys.end(), next.false_keys.begin(),
                          next.false_keys.end());
  range.end_key = next.end_key;
}

}  // namespace

std::vector<PieceRange> PlanPieces(const model::PacketIndex& packets,
                                   int64_t packets_per_piece) {
  REEL_CHECK(packets_per_piece >= 1);
  std::vector<PieceRange> pieces;
  for (int64_t n = 0; n < std::ssize(packets.packets); ++n) {
    if (!packets.packets[static_cast<size_t>(n)].key) continue;
    if (pieces.empty()) {
      pieces.push_back({.first_key = n});
    } else if (n - pieces.back().first_key >= packets_per_piece) {
      pieces.back().end_key = n;
      pieces.push_back({.first_key = n});
    }
  }
  return pieces;
}

base::Result<PieceResult> InspectPiece(
    const std::string& path, const model::Source& source,
    const model::PacketIndex& packets, const PieceRange& range,
    std::span<media::FrameObserver* const> more) {
  Recorder recorder(source, packets, range);
  auto reader = media::FrameReader::OpenPiece(
      path, source.video, packets, range.first_key, range.end_key,
      media::FrameReader::Overlap::kOne);
  const auto status = reader ? Watch(*reader, recorder, more)
                             : base::Status(tl::unexpected(reader.error()));
  if (!status && !media::IsMediaFault(status.error().code)) {
    return tl::unexpected(status.error());
  }
  if (reader) recorder.Note(reader->complaints());
  if (!status) recorder.NoteEnd(status.error().message);
  return recorder.Finish();
}

std::vector<PieceRange> JoinFalseSeams(std::span<const PieceNotes> pieces) {
  std::vector<PieceRange> ranges;
  for (size_t n = 0; n < pieces.size(); ++n) {
    if (n == 0 || SeamHolds(pieces[n - 1], pieces[n])) {
      ranges.push_back(pieces[n].range);
    } else {
      Join(ranges.back(), pieces[n].range);
    }
  }
  return ranges;
}

void to_json(base::Json& json, const PieceRange& range) {
  json = {{"first_key", range.first_key},
          {"end_key", range.end_key ? base::Json(*range.end_key) : nullptr},
          {"false_keys", range.false_keys}};
}

void from_json(const base::Json& json, PieceRange& range) {
  const base::Json& end = json.at("end_key");
  range.first_key = json.at("first_key").get<int64_t>();
  range.end_key =
      end.is_null() ? std::nullopt : std::optional(end.get<int64_t>());
  range.false_keys = json.at("false_keys").get<std::vector<int64_t>>();
}

}  // namespace reel::inspect

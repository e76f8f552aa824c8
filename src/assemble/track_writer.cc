#include "assemble/track_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "media/mp4_box.h"
#include "media/segment_index.h"

namespace reel::assemble {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

constexpr int64_t kMaxInitBytes = 1 << 20;
constexpr int64_t kMaxMoofBytes = 4 << 20;
constexpr size_t kCopyBytes = 1 << 18;

tl::unexpected<base::Error> Wrong(const std::string& what) {
  return Fail(Code::kOutputWrong, what);
}

// Bytes that cannot be parsed are, here, an output that is wrong: another
// attempt at the encode may give better ones.
tl::unexpected<base::Error> AsWrong(base::Error error) {
  if (error.code == Code::kCorruptInput || error.code == Code::kUnsupported)
    error.code = Code::kOutputWrong;
  return tl::unexpected(std::move(error));
}

int64_t SampleBytes(const media::Fragment& fragment) {
  int64_t bytes = 0;
  for (const media::Sample& sample : fragment.samples) bytes += sample.bytes;
  return bytes;
}

// The fragment at `offset`, if its boxes fill its segment exactly.
Result<media::Fragment> ReadFragment(const base::File& file, int64_t offset,
                                     const media::TrackHeader& header,
                                     const model::EncodedSegment& segment) {
  REEL_ASSIGN(const std::optional<media::Box> moof,
              media::ReadBoxHeader(file, offset));
  if (!moof || moof->type != "moof") return Wrong("does not start with a moof");
  REEL_ASSIGN(const std::vector<uint8_t> bytes,
              media::ReadBox(file, *moof, kMaxMoofBytes));
  REEL_ASSIGN(media::Fragment fragment, media::ParseFragment(bytes, header));
  REEL_ASSIGN(const std::optional<media::Box> mdat,
              media::ReadBoxHeader(file, offset + moof->bytes));
  if (!mdat || mdat->type != "mdat") return Wrong("has no mdat");
  if (moof->bytes + mdat->bytes != segment.bytes)
    return Wrong(fmt::format("has {} bytes, not {}", moof->bytes + mdat->bytes,
                             segment.bytes));
  if (fragment.data_offset != moof->bytes + mdat->header_bytes ||
      SampleBytes(fragment) != mdat->bytes - mdat->header_bytes) {
    return Wrong("has other samples than its mdat holds");
  }
  if (std::ssize(fragment.samples) != segment.range.frames())
    return Wrong(fmt::format("has {} samples, not {}", fragment.samples.size(),
                             segment.range.frames()));
  return fragment;
}

// First pass: reads what the headers say of every segment.
class TrackPlanner {
 public:
  TrackPlanner(const InitSegment& init, const FragmentCheck& check)
      : header_(init.header), check_(check) {}

  Status Add(const FragmentFile& files) {
    REEL_ASSIGN(const base::File file, base::File::OpenForReading(files.path));
    int64_t offset = 0;
    for (const model::EncodedSegment& segment : files.segments) {
      if (auto status = AddSegment(file, offset, segment); !status) {
        const std::string where =
            fmt::format("{}, frames {}..{}", files.label,
                        segment.range.first_frame, segment.range.end_frame);
        return base::Prefix(AsWrong(status.error()).value(), where);
      }
      offset += segment.bytes;
    }
    REEL_ASSIGN(const int64_t size, file.Size());
    if (size != offset)
      return Wrong(fmt::format("{}: has {} bytes after its segments",
                               files.label, size - offset));
    return {};
  }

  WrittenTrack Take() { return std::move(track_); }

 private:
  Status AddSegment(const base::File& file, int64_t offset,
                    const model::EncodedSegment& segment) {
    REEL_ASSIGN(const media::Fragment fragment,
                ReadFragment(file, offset, header_, segment));
    if (fragment.sequence_number <= last_sequence_number_)
      return Wrong("has a sequence number out of order");
    last_sequence_number_ = fragment.sequence_number;
    REEL_TRY(check_(fragment, segment));
    track_.segments.push_back(segment);
    track_.first_sample_ends.push_back(fragment.data_offset +
                                       fragment.samples[0].bytes);
    return {};
  }

  const media::TrackHeader& header_;
  const FragmentCheck& check_;
  int64_t last_sequence_number_ = -1;
  WrittenTrack track_;
};

Result<std::vector<uint8_t>> MakeIndex(const media::TrackHeader& header,
                                       const WrittenTrack& track) {
  media::SegmentIndex index;
  index.track_id = header.track_id;
  index.timescale_hz = header.timescale_hz;
  index.first_ticks = track.segments.front().start_ticks;
  for (const model::EncodedSegment& segment : track.segments)
    index.references.push_back({segment.bytes, segment.duration_ticks});
  return media::WriteSegmentIndex(index);
}

// Second pass: a file that knows the digest of what was written to it.
class DigestingFile {
 public:
  explicit DigestingFile(base::AtomicFile file) : file_(std::move(file)) {}

  Status Write(std::span<const uint8_t> bytes) {
    digest_.Update(bytes);
    written_ += static_cast<int64_t>(bytes.size());
    return file_.Write(bytes);
  }
  // Copies the next segment of `from`, if it is what was recorded.
  Status Copy(base::File& from, const model::EncodedSegment& segment) {
    base::Sha256Stream digest;
    std::vector<uint8_t> buffer(kCopyBytes);
    for (int64_t left = segment.bytes; left > 0;) {
      const auto want = static_cast<size_t>(
          std::min<int64_t>(left, static_cast<int64_t>(buffer.size())));
      REEL_ASSIGN(const size_t got, from.Read(std::span(buffer).first(want)));
      if (got == 0) return Wrong("is cut short");
      digest.Update(std::span(buffer).first(got));
      REEL_TRY(Write(std::span(buffer).first(got)));
      left -= static_cast<int64_t>(got);
    }
    if (digest.Finish() == segment.sha256) return {};
    return Wrong("is not the bytes that were encoded");
  }
  int64_t written() const { return written_; }
  Status Commit() { return file_.Commit(); }
  std::string Digest() { return digest_.Finish(); }

 private:
  base::AtomicFile file_;
  base::Sha256Stream digest_;
  int64_t written_ = 0;
};

Status CopyFragments(const FragmentFile& files, WrittenTrack& track,
                     DigestingFile& out) {
  REEL_ASSIGN(base::File from, base::File::OpenForReading(files.path));
  for (const model::EncodedSegment& segment : files.segments) {
    track.segment_offsets.push_back(out.written());
    REEL_TRY_DOING(
        fmt::format("{}, frames {}..{}", files.label, segment.range.first_frame,
                    segment.range.end_frame),
        out.Copy(from, segment));
  }
  return {};
}

}  // namespace

Result<InitSegment> ReadInitSegment(const std::string& path) {
  REEL_ASSIGN(std::vector<uint8_t> bytes, base::ReadFile(path, kMaxInitBytes));
  auto header = media::ParseTrackHeader(bytes);
  if (!header) return base::Prefix(AsWrong(header.error()).value(), path);
  return InitSegment{.bytes = std::move(bytes), .header = *std::move(header)};
}

int64_t DurationTicks(const media::Fragment& fragment) {
  int64_t ticks = 0;
  for (const media::Sample& sample : fragment.samples)
    ticks += sample.duration_ticks;
  return ticks;
}

Result<WrittenTrack> WriteTrack(const InitSegment& init,
                                std::span<const FragmentFile> files,
                                const FragmentCheck& check,
                                const std::string& out_path) {
  TrackPlanner planner(init, check);
  for (const FragmentFile& file : files) REEL_TRY(planner.Add(file));
  WrittenTrack track = planner.Take();
  if (track.segments.empty())
    return Fail(Code::kInvalidArgument, "no segments to join");
  REEL_ASSIGN(const std::vector<uint8_t> index, MakeIndex(init.header, track));
  REEL_ASSIGN(base::AtomicFile file, base::AtomicFile::Create(out_path));
  DigestingFile out(std::move(file));
  REEL_TRY(out.Write(init.bytes));
  REEL_TRY(out.Write(index));
  for (const FragmentFile& from : files)
    REEL_TRY(CopyFragments(from, track, out));
  track.init_bytes = static_cast<int64_t>(init.bytes.size());
  track.index_bytes = static_cast<int64_t>(index.size());
  track.bytes = out.written();
  track.sha256 = out.Digest();
  REEL_TRY(out.Commit());
  return track;
}

}  // namespace reel::assemble

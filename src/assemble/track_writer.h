// One CMAF track file out of an init segment and files of fragments.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/mp4_track.h"
#include "model/encoded.h"

namespace reel::assemble {

struct InitSegment {
  std::vector<uint8_t> bytes;  // ftyp + moov
  media::TrackHeader header;
};
// Errors: kNotFound, kIo; kOutputWrong, naming the file, for other bytes.
base::Result<InitSegment> ReadInitSegment(const std::string& path);

// Fragments (moof + mdat), one per segment, and nothing else.
struct FragmentFile {
  std::string label;  // for errors: "720p-h264, chunk 3"
  std::string path;
  std::span<const model::EncodedSegment> segments;  // viewed, not owned
};

int64_t DurationTicks(const media::Fragment& fragment);

// What a fragment has to be besides whole; an error says what it is not.
using FragmentCheck = std::function<base::Status(
    const media::Fragment& fragment, const model::EncodedSegment& segment)>;

// Facts of a written track, as in model::VideoTrackFile.
struct WrittenTrack {
  int64_t init_bytes = 0;
  int64_t index_bytes = 0;
  std::vector<model::EncodedSegment> segments;
  std::vector<int64_t> segment_offsets;
  // Bytes from each segment's start to the end of its first sample.
  std::vector<int64_t> first_sample_ends;
  int64_t bytes = 0;
  std::string sha256;
};

// Writes init, sidx and all fragments to `out_path`, which appears whole or not
// at all. The fragments' headers are read first, since the sidx stands before
// them; their bytes are held against the recorded digests as they are copied.
// Errors: kOutputWrong, naming label and segment, for fragments that are not
// what is recorded or that `check` refuses; else those of files.
base::Result<WrittenTrack> WriteTrack(const InitSegment& init,
                                      std::span<const FragmentFile> files,
                                      const FragmentCheck& check,
                                      const std::string& out_path);

}  // namespace reel::assemble

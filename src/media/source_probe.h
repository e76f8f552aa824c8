// Opening a source: what it says of itself, and its packets.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/packets.h"
#include "model/source.h"

namespace reel::media {

// The facts of a file's header; its main picture track (default disposition,
// then the larger) and all audio tracks, the related one first. sha256 stays
// empty. A file without a picture track is no error: video.index is -1;
// attached pictures (cover art) do not count.
// Errors: kNotFound, kInvalidArgument (unreadable), kCorruptInput (libav cannot
// tell what it is; an empty file too), kUnsupported (recognised, no decoder).
base::Result<model::Source> ProbeSource(const std::string& path);

// Reads the whole file once, decoding nothing. `truncated` is set when the file
// ends inside a packet or the demuxer met a read error.
struct PacketScan {
  model::PacketIndex video;  // of source.video
  bool truncated = false;
  std::string read_error;  // the demuxer's words, or ""
  // Last end time seen on each audio track of the source, ticks of its base.
  std::vector<int64_t> audio_end;
};
// `progress` gets the fraction read so far, 0..1; may be empty.
// Errors: as ProbeSource, kInvalidArgument when the source has no video.
base::Result<PacketScan> ScanPackets(
    const std::string& path, const model::Source& source,
    const std::function<void(double)>& progress);

}  // namespace reel::media

// The packets of a source's video track: one pass over the file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/packets.h"
#include "model/source.h"

namespace reel::media {

// Reads the whole file once, decoding nothing. `truncated` is set when the file
// ends inside a packet or the demuxer met a read error.
struct PacketScan {
  model::PacketIndex video;  // of source.video
  bool truncated = false;
  std::string read_error;  // the demuxer's words, or ""
  // Last end time seen on each audio track of the source, ticks of its base.
  std::vector<int64_t> audio_end;
  // The same for all streams of the file together, in microseconds.
  int64_t end_us = model::kNoTime;
};
// `progress` gets the fraction read so far, 0..1; may be empty.
// Errors: as ProbeSource, kInvalidArgument when the source has no video.
base::Result<PacketScan> ScanPackets(
    const std::string& path, const model::Source& source,
    const std::function<void(double)>& progress);

}  // namespace reel::media

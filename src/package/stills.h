// Single frames of a source as small JPEG pictures, to show people what a
// finding is about. Only what is needed is decoded: from a random access point
// before a wanted frame up to that frame.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/packets.h"
#include "model/source.h"

namespace reel::package {

struct WantedStill {
  int64_t packet = 0;  // of the frame
  // Whether the picture may be damaged: decoding then begins a key packet
  // earlier than it must. What a decoder conceals it fills with what it showed
  // before, so this is what a viewer saw.
  bool damaged = false;
};

// Frames that one decode gives.
struct StillsRun {
  int64_t first_key = 0;         // packet at which to begin
  std::vector<int64_t> packets;  // those of the wanted frames, ascending
};

// What to decode for those frames, in any order. Frames that lie close together
// share a run. Left out are packets that no key packet precedes, or
// only one that is thousands of packets away: a picture on a page is not worth
// decoding half the film. Pure.
std::vector<StillsRun> PlanStills(const model::PacketIndex& index,
                                  std::vector<WantedStill> wanted);

// JPEG files by packet number; upright, in square pixels, with a longer side of
// `longer_side` (even). HDR pictures stay as they are coded. A frame that does
// not come out of the decoder is left out: damage is no error.
//   go_on  asked at every decoded frame
// Errors: kCancelled once `go_on` says no; kInternal, kResourceExhausted.
using Stills = std::map<int64_t, std::vector<uint8_t>>;
base::Result<Stills> DecodeStills(const std::string& path,
                                  const model::VideoTrack& track,
                                  const model::PacketIndex& index,
                                  const StillsRun& run, int longer_side,
                                  const std::function<bool()>& go_on);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StillsRun, first_key, packets)

}  // namespace reel::package

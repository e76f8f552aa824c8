// What a check is. There are four kinds, each in a file of its own, entered
// into the registry by one line of checks.h:
//
//   file check   judges the header and the packets, before anything is decoded
//   title check  judges the table of all frames: their times, fingerprints and
//                what was measured of each picture (picture_stats.h)
//   frame check  looks at the pixels of every frame; each piece is looked at in
//                a process of its own, so what it learned passes on as JSON
//   sound check  judges what was measured of one sound track (sound_check.h)
//
// Every check is pure. All of them, with all measuring, cost about a third of
// the decode that they ride on: docs/benchmarks.md. Thresholds stand beside the
// check's code, or in the recipe (model/inspection_limits.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "inspect/box_walk.h"
#include "inspect/events.h"
#include "inspect/inspect.h"
#include "media/observer.h"
#include "media/packet_scan.h"
#include "media/source_probe.h"
#include "model/delivery_spec.h"
#include "model/finding.h"
#include "model/frames.h"
#include "model/inspection_limits.h"
#include "model/source.h"

namespace reel::inspect {

using Findings = std::vector<model::Finding>;

// All that is known without decoding.
struct FileFacts {
  model::DeliverySpec spec;
  int64_t bytes = 0;
  BoxWalk boxes;  // of an ISO base media file
  // Set when libav does not open the file; the rest is empty then.
  std::optional<base::Error> probe_error;
  std::string looks_like;  // media::RecognizeContainer, for such a file
  model::Source source;
  media::PacketScan packets;
};

// When the video packets are shown, in seconds of the container's clock.
struct Extent {
  double start = 0;
  double end = 0;
};
// nullopt if no packet has a time.
std::optional<Extent> VideoExtent(const FileFacts& facts);

// Whether the container is made for single pictures.
bool IsImageFormat(const FileFacts& facts);

using FileCheck = Findings (*)(const FileFacts&);

// All that is known after the decode. The views are the caller's.
struct TitleFacts {
  const model::InspectionLimits& limits;
  const model::Source& source;
  const model::PacketIndex& packets;
  const model::FrameTable& frames;  // every time known, n >= 1
  const model::Fingerprints& fingerprints;
  const PictureTable& pictures;            // [frames]
  std::span<const RefusedPacket> refused;  // ordered, each packet once
  int64_t frame_ticks;  // the typical distance of two frames, >= 1
  std::vector<int64_t> frame_of_packet;  // -1: the packet gave no frame

  // Seconds from the first frame of the title.
  double SecondsOf(int64_t pts) const;
  double Start(int64_t frame) const;
  double FrameSeconds() const;
  double End() const;  // of the last frame
  Event EventOfFrame(int64_t frame) const;
  // Where the packet's frame is shown, or would be if there were one.
  Event EventOfPacket(int64_t packet) const;
  // Errors: kCorruptInput when no frame came of `packet`.
  base::Result<int64_t> FrameOf(int64_t packet) const;
};

TitleFacts MakeTitleFacts(const model::InspectionLimits& limits,
                          const ScanResult& scan,
                          const model::FrameTable& frames,
                          const model::Fingerprints& fingerprints,
                          const PictureTable& pictures,
                          std::span<const RefusedPacket> refused);

using TitleCheck = Findings (*)(const TitleFacts&);

// The eyes of a frame check on one piece. A packet that two pieces show is
// reported by both.
class FrameWatch : public media::FrameObserver {
 public:
  // What was seen, once the piece has ended.
  virtual base::Json State() const = 0;
};

struct FrameCheck {
  std::string name;
  std::unique_ptr<FrameWatch> (*watch)();
  // `states` of all pieces, in order. Errors: kCorruptInput.
  base::Result<Findings> (*conclude)(const TitleFacts& facts,
                                     std::span<const base::Json> states);
};

}  // namespace reel::inspect

// The page of `reel inspect --html`: the verdict, where each finding lies and
// how it looks, and the measurements behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imf/imf.h"
#include "inspect/inspect.h"
#include "model/finding.h"
#include "model/source.h"
#include "service/finding_frames.h"
#include "service/time_series.h"

namespace reel::service {

// Findings that the page describes; the timeline shows all.
inline constexpr size_t kMostCards = 300;

struct FindingPicture {
  FramePick pick;
  double time = 0;
  std::vector<uint8_t> jpeg;  // empty: the frame could not be decoded
};

// All that the page shows. Times are seconds from the title's first frame; what
// is not known stays as it is here.
struct InspectionPage {
  std::string title;
  model::Source source;
  model::InspectionReport report;
  std::optional<imf::PackageListing> package;

  double duration = 0;
  int64_t frames = 0;        // 0: not decoded, so frames have no numbers
  std::vector<double> cuts;  // starts of the shots
  model::Size picture_size;  // of the JPEGs below
  std::vector<FindingPicture> pictures;  // by finding
  bool pictures_capped = false;
  std::vector<std::vector<uint8_t>> filmstrip;  // JPEGs, evenly over the time
  BitRate bit_rate;
  std::vector<inspect::SoundFacts> sounds;  // of the tracks
  double sound_origin = 0;  // the title's first frame, by the sounds' clock
};

// A self-contained page: styles, drawings and pictures inside, no script, no
// request to anywhere. Whatever text the source or a finding holds is escaped,
// and the page's size is bounded whatever they are. Pure.
std::string RenderInspectionHtml(const InspectionPage& page);

}  // namespace reel::service

// A longer made-up title for the checks that judge pictures.
#pragma once

#include <algorithm>

#include "unit/inspect/finding_matchers.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {

// 400 frames, 16 s, so that every pattern has room.
struct LongTitle : MadeUpTitle {
  LongTitle() {
    scan.source.video.width = 640;
    scan.source.video.height = 360;
    scan.packets = MadeUpPackets(400);
    for (int64_t n = std::ssize(frames); n < 400; ++n) {
      frames.push_back({n, 40 * n});
      fingerprints.push_back(fingerprints.front());
      pictures.push_back(pictures.front());
    }
  }
  void SetPictures(size_t first, size_t end, const PictureStats& stats) {
    std::fill(pictures.begin() + static_cast<ptrdiff_t>(first),
              pictures.begin() + static_cast<ptrdiff_t>(end), stats);
  }
  void SetChanges(size_t first, size_t end, uint16_t change) {
    for (size_t n = first; n < end; ++n) fingerprints[n].change = change;
  }
};

// A picture whose fields are of two moments, the top one first.
inline PictureStats Combed() {
  PictureStats stats = MadeUpPicture();
  stats.weave = {
      .own = 190, .field = 200, .top_earlier = 200, .bottom_earlier = 400};
  return stats;
}

}  // namespace reel::inspect

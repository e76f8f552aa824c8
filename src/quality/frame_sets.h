// Frames that belong together: one of the reference and its counterpart from
// every distorted stream, proved by number and by time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/result.h"
#include "media/luma_scaler.h"
#include "media/picture.h"
#include "quality/picture_stream.h"

namespace reel::quality {

struct FrameSet {
  int64_t number = 0;  // of the reference's frame, in its stream
  int64_t index = 0;   // counted from the first set
  media::Picture reference;
  // The reference's frame before it; nullopt for the first set.
  std::optional<media::Picture> previous;
  std::vector<media::Picture> distorted;
};

// A place in the reference: a frame's number, or a time since its first frame.
using FramePlace = std::variant<int64_t, std::chrono::nanoseconds>;

// Which frames are compared.
struct FrameSelection {
  // Pictures at the beginning to leave out: of the reference, and of each
  // distorted stream (none if empty).
  int64_t reference_skip = 0;
  std::vector<int64_t> distorted_skip = {};
  // Whether all streams must end at the same frame; else the first end counts.
  bool ends_agree = true;
  // Part of the reference, half-open; frames around it are read, not compared.
  std::optional<FramePlace> first = {};
  std::optional<FramePlace> end = {};
  // Whether the reference's pictures may change their size.
  bool size_may_change = false;
};

// Next may be called from several threads: each stream has a lock of its own,
// taken hand over hand, so that one thread decodes the reference's next picture
// while another decodes a distorted one, and sets stay whole and in order.
class FrameSets {
 public:
  // The streams must outlive this.
  FrameSets(PictureStream& reference, std::span<PictureStream* const> distorted,
            FrameSelection selection);

  // The next set; nullopt at the end.
  // Errors: those of the streams; kInvalidArgument if times or counts disagree;
  // kUnsupported if the reference changes its size.
  base::Result<std::optional<FrameSet>> Next();

 private:
  struct Lane {
    PictureStream* stream;
    int64_t skip = 0;
    std::mutex mu = {};  // stream, and what follows
    int64_t read = 0;    // pictures
    std::optional<std::chrono::nanoseconds> first_time = {};
    std::optional<media::Picture> last = {};  // of the reference only
    std::optional<media::LumaFormat> format = {};
    int64_t sets = 0;  // begun; of the reference only
  };
  enum class Place { kBefore, kInside, kAfter };
  struct Placed {
    FrameSet set;
    std::optional<std::chrono::nanoseconds> time;  // since the first compared
    Place place;
  };

  // With the lane's lock held.
  static base::Result<std::optional<TimedPicture>> Pull(Lane& lane);
  Place PlaceOf(int64_t number,
                std::optional<std::chrono::nanoseconds> time) const;
  base::Result<std::optional<Placed>> PullReference();
  // The rest of a set, lane by lane; `lock` is the reference's. False at the
  // end of a distorted stream.
  base::Result<bool> PullDistorted(Placed& placed,
                                   std::unique_lock<std::mutex> lock);
  base::Status CheckEnds(std::unique_lock<std::mutex> lock);
  // Without any lock.
  base::Status CountsDifferAt(Lane& distorted);
  static base::Result<int64_t> CountAll(Lane& lane);

  FrameSelection selection_;
  Lane reference_;
  std::vector<std::unique_ptr<Lane>> distorted_;
};

}  // namespace reel::quality

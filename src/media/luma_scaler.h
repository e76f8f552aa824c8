// Luma alone, brought to one size, bit depth and range, so that two pictures
// can be held against each other. Bicubic filter of libswscale with bit-exact,
// accurately rounded arithmetic, as media/scaler.h: the luma that a player
// which scales bicubically would show.
#pragma once

#include <memory>

#include "base/result.h"
#include "media/picture.h"

namespace reel::media {

struct LumaFormat {
  int width = 0;  // 1..16384, odd ones too
  int height = 0;
  int bit_depth = 8;  // 8, 9, 10, 12, 14 or 16
  bool full_range = false;
  friend bool operator==(const LumaFormat&, const LumaFormat&) = default;
};

LumaFormat LumaFormatOf(const Picture& picture);

// Not for use from several threads. Pictures may change their format, at a
// cost. Samples are converted between depths and ranges by their level between
// black and white, rounded to nearest, in the deeper of the two depths' size.
class LumaScaler {
 public:
  // Errors: kInvalidArgument for a size or depth out of bounds.
  static base::Result<LumaScaler> Create(LumaFormat target);
  LumaScaler(LumaScaler&&) noexcept;
  LumaScaler& operator=(LumaScaler&&) noexcept;
  ~LumaScaler();
  // A picture whose plane 0 is of the target's format; `picture` itself,
  // shared, when it is so already, else a picture of luma only.
  // Errors: kUnsupported (libswscale cannot), kResourceExhausted.
  base::Result<Picture> Scale(const Picture& picture);

 private:
  struct State;
  explicit LumaScaler(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

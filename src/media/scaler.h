// Scaling and conversion by libswscale's bicubic filter with bit-exact,
// accurately rounded arithmetic: the same pixels on every machine.
#pragma once

#include <memory>

#include "base/result.h"
#include "media/picture.h"

namespace reel::media {

struct ScaleTarget {
  int width = 0;  // even for 4:2:0
  int height = 0;
  int bit_depth = 8;  // 8 or 10; output is 4:2:0, limited range
};

// Not for use from several threads. All pictures of one scaler have the same
// size and format; a picture that is the target already is shared, not copied.
class Scaler {
 public:
  // Errors: kInvalidArgument for sizes out of 2..16384, kUnsupported.
  static base::Result<Scaler> Create(ScaleTarget target);
  Scaler(Scaler&&) noexcept;
  Scaler& operator=(Scaler&&) noexcept;
  ~Scaler();
  base::Result<Picture> Scale(const Picture& picture);

 private:
  struct State;
  explicit Scaler(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

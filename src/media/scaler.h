// Scaling and conversion by libswscale's bicubic filter with bit-exact,
// accurately rounded arithmetic: the same pixels on every machine. The matrix
// of the samples and the siting of their chroma stay as they are; full range
// becomes limited range.
#pragma once

#include <memory>

#include "base/result.h"
#include "media/picture.h"

namespace reel::media {

struct ScaleTarget {
  int width = 0;  // even
  int height = 0;
  int bit_depth = 8;  // 8 or 10; output is 4:2:0, limited range
};

// Not for use from several threads. Pictures may change their size and format,
// at a cost; one that is the target already is shared, not copied.
class Scaler {
 public:
  // Errors: kInvalidArgument for sides that are odd or out of 2..16384,
  // kUnsupported for another bit depth.
  static base::Result<Scaler> Create(ScaleTarget target);
  Scaler(Scaler&&) noexcept;
  Scaler& operator=(Scaler&&) noexcept;
  ~Scaler();
  // Errors: kUnsupported (a format that libswscale cannot read),
  // kResourceExhausted.
  base::Result<Picture> Scale(const Picture& picture);

 private:
  struct State;
  explicit Scaler(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

// What one look at a picture, and at the step to it, tells of its complexity.
#pragma once

#include <memory>

#include "media/picture.h"
#include "shots/complexity.h"

namespace reel::shots {

// Keeps memory from look to look. Not for use from several threads.
class PictureLooker {
 public:
  PictureLooker();
  ~PictureLooker();
  // `before` is the frame before or null; one of another size or depth counts
  // as none. `packet` stays 0.
  FrameComplexity Look(const media::Picture& picture,
                       const media::Picture* before);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

}  // namespace reel::shots

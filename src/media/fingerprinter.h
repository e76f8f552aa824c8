// Fingerprints of pictures: see model/fingerprint.h.
#pragma once

#include <memory>

#include "media/picture.h"
#include "model/fingerprint.h"

namespace reel::media {

// Sees the frames of one piece in presentation order.
class Fingerprinter {
 public:
  Fingerprinter();
  Fingerprinter(Fingerprinter&&) noexcept;
  Fingerprinter& operator=(Fingerprinter&&) noexcept;
  ~Fingerprinter();
  // The fingerprint of `picture`, whose predecessor is the picture of the last
  // call.
  model::Fingerprint Next(const Picture& picture);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace reel::media

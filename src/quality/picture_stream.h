// Pictures in presentation order, with their times: what a comparison reads.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/rational.h"
#include "base/result.h"
#include "media/picture.h"

namespace reel::quality {

struct TimedPicture {
  media::Picture picture;
  // Since the stream's first picture; nullopt where the container is silent.
  std::optional<std::chrono::nanoseconds> time;
};

struct StreamFacts {
  std::string name;                       // for messages: the file's
  base::Rational frame_rate{0, 1};        // nominal; {0, 1}: unknown
  std::chrono::nanoseconds clock_tick{};  // to which times are rounded
};

// Not for use from several threads.
class PictureStream {
 public:
  virtual ~PictureStream() = default;
  virtual const StreamFacts& facts() const = 0;
  // The next picture; nullopt at the end, and again on every later call.
  // Errors begin with the stream's name.
  virtual base::Result<std::optional<TimedPicture>> Next() = 0;
};

}  // namespace reel::quality

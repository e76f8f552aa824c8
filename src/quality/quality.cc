#include "quality/quality.h"

#include <cstring>
#include <utility>

#include "quality/checks.h"
#include "quality/scalar/features.h"
#include "quality/scalar/motion.h"

namespace reel::quality {

using base::Code;
using base::Fail;

struct ReferenceFrame::State {
  Format format;
  std::vector<uint8_t> samples;  // lines without padding; empty before Set
  double motion = 0;

  media::Plane plane() const {
    const int bytes = format.bit_depth > 8 ? 2 : 1;
    return {samples.data(), ptrdiff_t{format.width} * bytes, format.width,
            format.height, bytes};
  }
};

ReferenceFrame::ReferenceFrame(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
ReferenceFrame::ReferenceFrame(ReferenceFrame&&) noexcept = default;
ReferenceFrame& ReferenceFrame::operator=(ReferenceFrame&&) noexcept = default;
ReferenceFrame::~ReferenceFrame() = default;

base::Result<ReferenceFrame> ReferenceFrame::Create(const Format& format) {
  REEL_TRY(CheckFormat(format));
  return ReferenceFrame(
      std::make_unique<State>(State{.format = format, .samples = {}}));
}

base::Status ReferenceFrame::Set(const media::Plane& luma,
                                 const std::optional<media::Plane>& previous) {
  const Format& format = state_->format;
  REEL_TRY(CheckPlane(format, luma, "the reference picture"));
  if (previous) {
    REEL_TRY(
        CheckPlane(format, *previous, "the reference picture before this one"));
  }
  const size_t line_bytes = static_cast<size_t>(luma.width) *
                            static_cast<size_t>(luma.bytes_per_sample);
  state_->samples.resize(line_bytes * static_cast<size_t>(luma.height));
  for (int y = 0; y < luma.height; ++y) {
    std::memcpy(state_->samples.data() + static_cast<size_t>(y) * line_bytes,
                luma.data + y * luma.stride_bytes, line_bytes);
  }
  state_->motion =
      previous ? scalar::Motion(*previous, luma, format.bit_depth) : 0;
  return {};
}

const Format& ReferenceFrame::format() const { return state_->format; }
double ReferenceFrame::motion() const { return state_->motion; }

struct Scorer::State {
  Format format;
};

Scorer::Scorer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Scorer::Scorer(Scorer&&) noexcept = default;
Scorer& Scorer::operator=(Scorer&&) noexcept = default;
Scorer::~Scorer() = default;

base::Result<Scorer> Scorer::Create(const Format& format) {
  REEL_TRY(CheckFormat(format));
  return Scorer(std::make_unique<State>(State{format}));
}

base::Result<FrameFeatures> Scorer::Score(const ReferenceFrame& reference,
                                          const media::Plane& distorted,
                                          const GainLimits& limits) {
  if (!(reference.format() == state_->format)) {
    return Fail(Code::kInvalidArgument,
                "the reference frame has another format than the scorer: "
                "create both of one format");
  }
  if (reference.state_->samples.empty()) {
    return Fail(Code::kInvalidArgument,
                "the reference frame holds no picture: call Set first");
  }
  REEL_TRY(CheckPlane(state_->format, distorted, "the distorted picture"));
  REEL_TRY(CheckGainLimits(limits));
  return scalar::Features(reference.state_->plane(), distorted,
                          state_->format.bit_depth, limits);
}

}  // namespace reel::quality
